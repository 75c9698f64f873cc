import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { VolumeAttachment } from "@kube-ts/api/storage/v1";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import { volumeAttachmentResource } from "./volume-attachment.ts";

const bench = new RuleBench<VolumeAttachment>(volumeAttachmentResource);
const metadata = { name: "csi-1", creationTimestamp: "2026-01-31T11:59:00Z" };
const plain = { attacher: "disk.example.com", nodeName: "n1", source: { persistentVolumeName: "pv" } };
const inline = { accessModes: ["ReadWriteOnce"], csi: { driver: "disk.example.com", volumeHandle: "h" } };

describe("a volume attachment", () => {
  function create(what: string, spec: Draft, errors: readonly string[]): void {
    it(what, () => assert.deepEqual(bench.createErrors({ metadata, spec: { ...plain, ...spec } }), errors));
  }

  create("may be of a volume", {}, []);
  create("may be of an inline volume", { source: { inlineVolumeSpec: inline } }, []);
  create("has an attacher and a node", { attacher: "", nodeName: "N 1" }, [
    "spec.attacher: Required value",
    `spec.nodeName: Invalid value: "N 1": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
    "spec.attacher: Required value",
    `spec.attacher: Invalid value: "": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
  ]);
  create("has a source", { source: {} }, [
    "spec.source: Required value: must specify exactly one of inlineVolumeSpec and persistentVolumeName",
  ]);
  create("has one source", { source: { persistentVolumeName: "pv", inlineVolumeSpec: inline } }, [
    "spec.source: Forbidden: must specify exactly one of inlineVolumeSpec and persistentVolumeName",
  ]);
  create(
    "has no claim when it is inline",
    { source: { inlineVolumeSpec: { ...inline, claimRef: {}, volumeMode: "Block" } } },
    [
      "spec.source.inlineVolumeSpec.claimRef: Forbidden: may not be specified in the context of inline volumes",
      "spec.source.inlineVolumeSpec.volumeMode: Forbidden: may not be specified in the context of inline volumes",
    ],
  );
  create("is of a CSI driver when it is inline", { source: { inlineVolumeSpec: {} } }, [
    "spec.source.inlineVolumeSpec.csi: Required value: has to be specified in the context of inline volumes",
    "spec.source.inlineVolumeSpec.accessModes: Required value",
    "spec.source.inlineVolumeSpec: Required value: must specify a volume type",
  ]);

  it("starts detached", () => {
    assert.deepEqual(bench.prepared({ metadata, spec: plain, status: { attached: true } }).status, { attached: false });
  });

  it("does not change", () => {
    const old = bench.prepared({ metadata, spec: plain });
    assert.deepEqual(
      bench.updateErrors(old, (next) => (next.spec.nodeName = "n2")),
      [
        'spec: Invalid value: {"attacher":"disk.example.com","nodeName":"n2","source":{"persistentVolumeName":"pv"}}: field is immutable',
      ],
    );
  });

  it("has a status of its own, which is right", () => {
    const old = bench.prepared({ metadata, spec: plain });
    const change = (next: VolumeAttachment) => {
      next.spec.nodeName = "n2";
      next.status = { attached: true, attachError: { message: "x".repeat(1025), errorCode: -1 } };
    };
    assert.deepEqual(bench.updateErrors(old, change, "status"), [
      "status.attachError.message: Too long: may not be more than 1024 bytes",
      "status.attachError.errorCode: Invalid value: -1: must be between 0 and 2147483647, inclusive",
    ]);
    assert.equal(bench.updated(old, change, "status").spec.nodeName, "n1");
    assert.equal(bench.updated(old, change).status?.attached, false);
  });

  it("is shown", () => {
    assert.deepEqual(bench.row({ metadata, spec: plain, status: { attached: true } }), {
      Name: "csi-1",
      Attacher: "disk.example.com",
      PV: "pv",
      Node: "n1",
      Attached: true,
      Age: "60s",
    });
  });
});
