import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PersistentVolume } from "@kube-ts/api/core/v1";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import { persistentVolumeResource } from "./persistent-volume.ts";

const bench = new RuleBench<PersistentVolume>(persistentVolumeResource);
const metadata = { name: "disk", creationTimestamp: "2026-01-31T11:59:00Z" };
const plain = { capacity: { storage: "10Gi" }, accessModes: ["ReadWriteOnce"], hostPath: { path: "/data" } };

describe("a new persistent volume", () => {
  it("is filled in", () => {
    const { spec, status } = bench.prepared({ metadata, spec: plain, status: { phase: "Bound" } });
    assert.deepEqual(
      { spec, status },
      {
        spec: {
          capacity: { storage: "10Gi" },
          accessModes: ["ReadWriteOnce"],
          hostPath: { path: "/data", type: "" },
          persistentVolumeReclaimPolicy: "Retain",
          volumeMode: "Filesystem",
        },
        status: { phase: "Pending", lastPhaseTransitionTime: "2026-01-31T12:00:00Z" },
      },
    );
  });

  function create(what: string, spec: Draft, errors: readonly string[]): void {
    it(what, () => assert.deepEqual(bench.createErrors({ metadata, spec }), errors));
  }

  create("has a size, modes and a source", {}, [
    "spec.accessModes: Required value",
    "spec.capacity: Required value",
    'spec.capacity: Unsupported value: {}: supported values: "storage"',
    "spec: Required value: must specify a volume type",
  ]);
  create("has a size in storage", { ...plain, capacity: { cpu: "1" } }, [
    'spec.capacity: Unsupported value: {"cpu":"1"}: supported values: "storage"',
  ]);
  create("has a positive size", { ...plain, capacity: { storage: "0" } }, [
    'spec.capacity[storage]: Invalid value: "0": must be greater than zero',
  ]);
  create("has known modes", { ...plain, accessModes: ["ReadSometimes"], volumeMode: "Tape" }, [
    'spec.accessModes: Unsupported value: "ReadSometimes": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"',
    'spec.volumeMode: Unsupported value: "Tape": supported values: "Block", "Filesystem"',
  ]);
  create("has modes that go together", { ...plain, accessModes: ["ReadWriteOncePod", "ReadWriteOnce"] }, [
    "spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes",
  ]);
  create("has one source", { ...plain, nfs: { server: "s", path: "/" }, csi: { driver: "d", volumeHandle: "h" } }, [
    "spec.nfs: Forbidden: may not specify more than 1 volume type",
    "spec.csi: Forbidden: may not specify more than 1 volume type",
  ]);
  create("is reclaimed in a known way", { ...plain, persistentVolumeReclaimPolicy: "Forget" }, [
    'spec.persistentVolumeReclaimPolicy: Unsupported value: "Forget": supported values: "Delete", "Recycle", "Retain"',
  ]);
  create(
    "does not wipe the root of its host",
    { ...plain, hostPath: { path: "/data/.." }, persistentVolumeReclaimPolicy: "Recycle" },
    [
      `spec.hostPath.path: Invalid value: "/data/..": must not contain '..'`,
      "spec.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a hostPath mount of '/'",
    ],
  );
  create("says which nodes it needs", { ...plain, nodeAffinity: {} }, [
    "spec.nodeAffinity.required: Required value: must specify required node constraints",
  ]);
  create("has a path that stays", { ...plain, hostPath: undefined, local: { path: "/a/../b" } }, [
    `spec.local.path: Invalid value: "/a/../b": must not contain '..'`,
  ]);
  create(
    "has a right driver",
    {
      ...plain,
      hostPath: undefined,
      csi: { driver: "", volumeHandle: "", nodeStageSecretRef: {}, nodePublishSecretRef: {} },
    },
    [
      "spec.csi.driver: Required value",
      `spec.csi.driver: Invalid value: "": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
      "spec.csi.volumeHandle: Required value",
      "spec.csi.nodePublishSecretRef.name: Required value",
      "spec.csi.nodePublishSecretRef.namespace: Required value",
    ],
  );
  create("has right classes", { ...plain, storageClassName: "A B", volumeAttributesClassName: "" }, [
    `spec.storageClassName: Invalid value: "A B": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
    "spec.volumeAttributesClassName: Required value: an empty string is disallowed",
    "spec.csi: Required value: has to be specified when using volumeAttributesClassName",
  ]);
});

describe("an updated persistent volume", () => {
  const old = bench.prepared({ metadata, spec: plain });

  function update(what: string, change: (volume: PersistentVolume) => void, errors: readonly string[]): void {
    it(what, () => assert.deepEqual(bench.updateErrors(old, change), errors));
  }

  update("may grow", (volume) => (volume.spec.capacity = { storage: "20Gi" }), []);
  update("keeps its source", (volume) => (volume.spec.hostPath = { path: "/other", type: "" }), [
    'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\nspec.hostPath.path: "/data" -> "/other"',
  ]);
  update("keeps its mode", (volume) => (volume.spec.volumeMode = "Block"), [
    'volumeMode: Invalid value: "Block": field is immutable',
  ]);

  it("keeps its nodes, but for new names of labels", () => {
    const affinity = (key: string) => ({
      required: { nodeSelectorTerms: [{ matchExpressions: [{ key, operator: "Exists" as const }] }] },
    });
    const bound = bench.prepared({
      metadata,
      spec: { ...plain, nodeAffinity: affinity("failure-domain.beta.kubernetes.io/zone") },
    });
    const errorsOf = (key: string) => bench.updateErrors(bound, (volume) => (volume.spec.nodeAffinity = affinity(key)));
    assert.deepEqual(errorsOf("topology.kubernetes.io/zone"), []);
    assert.deepEqual(errorsOf("zone"), [
      'nodeAffinity: Invalid value: {"required":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"zone","operator":"Exists"}]}]}}: field is immutable, except for updating from beta label to GA',
    ]);
  });

  it("tells when its phase changed", () => {
    const bound = bench.updated(old, (volume) => (volume.status = { phase: "Bound" }), "status");
    assert.deepEqual(bound.status, { phase: "Bound", lastPhaseTransitionTime: "2026-01-31T12:00:00Z" });
  });
});

it("shows a persistent volume", () => {
  const spec = {
    ...plain,
    accessModes: ["ReadWriteMany", "ReadWriteOnce"],
    claimRef: { namespace: "a", name: "b" },
    storageClassName: "fast",
  };
  assert.deepEqual(bench.row({ metadata, spec, status: { phase: "Bound" } }), {
    Name: "disk",
    Capacity: "10Gi",
    "Access Modes": "RWO,RWX",
    "Reclaim Policy": "Retain",
    Status: "Bound",
    Claim: "a/b",
    StorageClass: "fast",
    VolumeAttributesClass: "<unset>",
    Reason: "",
    Age: "60s",
    VolumeMode: "Filesystem",
  });
  const deleted = bench.row({ metadata: { ...metadata, deletionTimestamp: "2026-01-31T11:59:00Z" }, spec: plain });
  assert.equal(deleted["Status"], "Terminating");
});
