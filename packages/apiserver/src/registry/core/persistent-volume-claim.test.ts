import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PersistentVolumeClaim } from "@kube-ts/api/core/v1";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import { persistentVolumeClaimResource } from "./persistent-volume-claim.ts";

const bench = new RuleBench<PersistentVolumeClaim>(persistentVolumeClaimResource);
const metadata = { name: "data", creationTimestamp: "2026-01-31T11:59:00Z" };
const plain = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "10Gi" } } };

describe("a new claim", () => {
  it("is filled in", () => {
    const { spec, status } = bench.prepared({ metadata, spec: plain, status: { phase: "Bound" } });
    assert.deepEqual(
      { spec, status },
      {
        spec: {
          accessModes: ["ReadWriteOnce"],
          resources: { requests: { storage: "10Gi" } },
          volumeMode: "Filesystem",
        },
        status: { phase: "Pending" },
      },
    );
  });

  it("has its source in both fields", () => {
    const dataSource = { apiGroup: null, kind: "PersistentVolumeClaim", name: "other" };
    const one = bench.prepared({ metadata, spec: { ...plain, dataSource } }).spec;
    const other = bench.prepared({ metadata, spec: { ...plain, dataSourceRef: dataSource } }).spec;
    assert.deepEqual([one.dataSource, one.dataSourceRef], [dataSource, dataSource]);
    assert.deepEqual([other.dataSource, other.dataSourceRef], [dataSource, dataSource]);
    const unknown = bench.prepared({ metadata, spec: { ...plain, dataSource: { kind: "Tape", name: "t" } } }).spec;
    assert.equal(unknown.dataSource, undefined);
  });

  function create(what: string, spec: Draft, errors: readonly string[]): void {
    it(what, () => assert.deepEqual(bench.createErrors({ metadata, spec }), errors));
  }

  create("has modes and a size", {}, [
    "spec.accessModes: Required value: at least 1 access mode is required",
    "spec.resources[storage]: Required value",
  ]);
  create("has a positive size", { ...plain, resources: { requests: { storage: "-1" } } }, [
    'spec.resources[storage]: Invalid value: "-1": must be greater than zero',
  ]);
  create("has known modes", { ...plain, accessModes: ["ReadSometimes"], volumeMode: "Tape" }, [
    'spec.accessModes: Unsupported value: "ReadSometimes": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"',
    'spec.volumeMode: Unsupported value: "Tape": supported values: "Block", "Filesystem"',
  ]);
  create("has a right class", { ...plain, storageClassName: "A B", volumeAttributesClassName: "C D" }, [
    `spec.storageClassName: Invalid value: "A B": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
    `spec.volumeAttributesClassName: Invalid value: "C D": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
  ]);
  create("has a right selector", { ...plain, selector: { matchLabels: { "a b": "c" } } }, [
    `spec.selector.matchLabels: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
  ]);
  create("has a right source", { ...plain, dataSourceRef: { kind: "", name: "", namespace: "A" } }, [
    "spec.dataSourceRef.name: Required value",
    "spec.dataSourceRef.kind: Required value",
    `spec.dataSourceRef: Invalid value: "": must be 'PersistentVolumeClaim' when referencing the default apiGroup`,
    `spec.dataSourceRef.namespace: Invalid value: "A": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
  ]);
  create(
    "has sources that agree",
    {
      ...plain,
      dataSource: { kind: "PersistentVolumeClaim", name: "a" },
      dataSourceRef: { kind: "PersistentVolumeClaim", name: "b" },
    },
    ['spec: Invalid value: "spec.dataSource": must match dataSourceRef'],
  );
});

describe("an updated claim", () => {
  const created = bench.prepared({ metadata, spec: plain });
  const old = { ...created, status: { phase: "Bound" as const, capacity: { storage: "10Gi" } } };

  function update(
    what: string,
    change: (claim: PersistentVolumeClaim) => void,
    errors: readonly string[],
    before: PersistentVolumeClaim = old,
  ): void {
    it(what, () => assert.deepEqual(bench.updateErrors(before, change), errors));
  }

  const grow = (size: string) => (claim: PersistentVolumeClaim) =>
    (claim.spec.resources = { requests: { storage: size } });
  update("may grow when bound", grow("20Gi"), []);
  update(
    "does not grow unbound",
    grow("20Gi"),
    [
      'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\nspec.resources.requests.storage: "10Gi" -> "20Gi"',
    ],
    created,
  );
  update("does not shrink", grow("5Gi"), [
    "spec.resources.requests.storage: Forbidden: field can not be less than status.capacity",
  ]);
  update("is bound once", (claim) => (claim.spec.volumeName = "disk"), [], created);
  update(
    "is not bound to another",
    (claim) => (claim.spec.volumeName = "other"),
    [
      'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\nspec.volumeName: "disk" -> "other"',
    ],
    { ...old, spec: { ...old.spec, volumeName: "disk" } },
  );
  update("keeps its modes", (claim) => (claim.spec.accessModes = ["ReadWriteMany"]), [
    'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\nspec.accessModes[0]: "ReadWriteOnce" -> "ReadWriteMany"',
  ]);
  update("may take the default class", (claim) => (claim.spec.storageClassName = "fast"), []);
  update(
    "keeps its class",
    (claim) => (claim.spec.storageClassName = "slow"),
    [
      'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\nspec.storageClassName: "fast" -> "slow"',
    ],
    { ...old, spec: { ...old.spec, storageClassName: "fast" } },
  );

  it("has a right status", () => {
    const change = (claim: PersistentVolumeClaim) =>
      Object.assign(claim, {
        status: {
          capacity: { storage: "-1" },
          allocatedResources: { cpu: "1" },
          allocatedResourceStatuses: { storage: "Soon" },
        },
      });
    assert.deepEqual(bench.updateErrors(old, change, "status"), [
      "status.capacity[storage]: Invalid value: -1: must be a valid resource quantity",
      'status.allocatedResourceStatus: Unsupported value: "storage": supported values: "ControllerResizeInProgress", "ControllerResizeInfeasible", "NodeResizeInProgress", "NodeResizeInfeasible", "NodeResizePending"',
      'status.allocatedResources: Unsupported value: "cpu": supported values: "storage"',
    ]);
  });
});

it("shows a claim", () => {
  assert.deepEqual(bench.row({ metadata, spec: plain }), {
    Name: "data",
    Status: "Pending",
    Volume: "",
    Capacity: "",
    "Access Modes": "",
    StorageClass: "",
    VolumeAttributesClass: "<unset>",
    Age: "60s",
    VolumeMode: "Filesystem",
  });
  const status = { phase: "Bound", capacity: { storage: "10Gi" }, accessModes: ["ReadWriteOnce"] };
  assert.deepEqual(bench.row({ metadata, spec: { ...plain, volumeName: "disk", storageClassName: "fast" }, status }), {
    Name: "data",
    Status: "Bound",
    Volume: "disk",
    Capacity: "10Gi",
    "Access Modes": "RWO",
    StorageClass: "fast",
    VolumeAttributesClass: "<unset>",
    Age: "60s",
    VolumeMode: "Filesystem",
  });
});
