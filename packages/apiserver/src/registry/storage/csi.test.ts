import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { CSIDriver, CSINode, CSIStorageCapacity } from "@kube-ts/api/storage/v1";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import { csiDriverResource } from "./csi-driver.ts";
import { csiNodeResource } from "./csi-node.ts";
import { csiStorageCapacityResource } from "./csi-storage-capacity.ts";

const metadata = { name: "disk.example.com", creationTimestamp: "2026-01-31T11:59:00Z" };

describe("a CSI driver", () => {
  const bench = new RuleBench<CSIDriver>(csiDriverResource);

  it("is filled in", () => {
    assert.deepEqual(bench.decode({ metadata, spec: {} }).spec, {
      attachRequired: true,
      podInfoOnMount: false,
      storageCapacity: false,
      fsGroupPolicy: "ReadWriteOnceWithFSType",
      volumeLifecycleModes: ["Persistent"],
      requiresRepublish: false,
      seLinuxMount: false,
    });
  });

  function create(what: string, spec: Draft, errors: readonly string[]): void {
    it(what, () => assert.deepEqual(bench.createErrors({ metadata, spec }), errors));
  }

  create(
    "may be full",
    { tokenRequests: [{ audience: "a" }, { audience: "" }], serviceAccountTokenInSecrets: true },
    [],
  );
  create("has known modes", { fsGroupPolicy: "Always", volumeLifecycleModes: ["Eternal"] }, [
    'spec.fsGroupPolicy: Unsupported value: "Always": supported values: "File", "None", "ReadWriteOnceWithFSType"',
    'spec.volumeLifecycleModes: Unsupported value: "Eternal": supported values: "Persistent", "Ephemeral"',
  ]);
  create(
    "asks for right tokens",
    {
      tokenRequests: [
        { audience: "a", expirationSeconds: 599 },
        { audience: "a" },
        { audience: "b", expirationSeconds: 2 ** 32 + 1 },
      ],
    },
    [
      "spec.tokenRequests[0].expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes",
      'spec.tokenRequests[1].audience: Duplicate value: "a"',
      "spec.tokenRequests[2].expirationSeconds: Invalid value: 4294967297: may not specify a duration larger than 2^32 seconds",
    ],
  );
  create("has tokens to hide", { serviceAccountTokenInSecrets: false, nodeAllocatableUpdatePeriodSeconds: 9 }, [
    "spec.nodeAllocatableUpdatePeriodSeconds: Invalid value: 9: must be greater than or equal to 10 seconds",
    "spec.serviceAccountTokenInSecrets: Invalid value: false: serviceAccountTokenInSecrets is set but no tokenRequests are specified",
  ]);

  it("loses what is not enabled", () => {
    const spec = { preventPodSchedulingIfMissing: true };
    assert.equal(bench.prepared({ metadata, spec }).spec.preventPodSchedulingIfMissing, undefined);
  });

  it("counts changes, and keeps how volumes are attached", () => {
    const old = bench.prepared({ metadata, spec: {} });
    assert.equal(old.metadata.generation, 1);
    assert.equal(bench.updated(old, (next) => (next.spec.podInfoOnMount = true)).metadata.generation, 2);
    const change = { attachRequired: false, volumeLifecycleModes: ["Ephemeral"] };
    assert.deepEqual(
      bench.updateErrors(old, (next) => Object.assign(next.spec, change)),
      [
        "spec.attachedRequired: Invalid value: false: field is immutable",
        'spec.volumeLifecycleModes: Invalid value: ["Ephemeral"]: field is immutable',
      ],
    );
  });

  it("is shown", () => {
    const tokenRequests = [{ audience: "a" }, { audience: "b" }];
    assert.deepEqual(bench.row({ metadata, spec: { tokenRequests } }), {
      Name: "disk.example.com",
      AttachRequired: true,
      PodInfoOnMount: false,
      StorageCapacity: false,
      TokenRequests: "a,b",
      RequiresRepublish: false,
      Modes: "Persistent",
      Age: "60s",
    });
    assert.equal(bench.row({ metadata, spec: {} })["TokenRequests"], "<unset>");
  });
});

describe("the CSI drivers of a node", () => {
  const bench = new RuleBench<CSINode>(csiNodeResource);
  const driver = { name: "disk.example.com", nodeID: "n1", topologyKeys: ["zone"], allocatable: { count: 3 } };

  function create(what: string, drivers: readonly Draft[], errors: readonly string[]): void {
    it(what, () => assert.deepEqual(bench.createErrors({ metadata, spec: { drivers } }), errors));
  }

  create("may be none", [], []);
  create("may be right", [driver, { ...driver, name: "other.example.com" }], []);
  create(
    "have names and IDs",
    [{ name: "", nodeID: "" }],
    [
      "spec.drivers[0].name: Required value",
      `spec.drivers[0].name: Invalid value: "": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
      "spec.drivers[0].nodeID: Required value",
    ],
  );
  create(
    "are different",
    [driver, { ...driver, nodeID: "x".repeat(257), allocatable: { count: -1 }, topologyKeys: ["zone", "zone"] }],
    [
      `spec.drivers[1].nodeID: Invalid value: "${"x".repeat(257)}": must be 256 characters or less`,
      "spec.drivers[1].allocatable.count: Invalid value: -1: must be greater than or equal to 0",
      'spec.drivers[1].name: Duplicate value: "disk.example.com"',
      'spec.drivers[1]: Duplicate value: "zone"',
    ],
  );

  it("change in what they can hold only", () => {
    const old = bench.prepared({ metadata, spec: { drivers: [driver] } });
    const replace = (change: Draft) => (next: CSINode) => void Object.assign(next.spec.drivers?.[0] ?? {}, change);
    assert.deepEqual(bench.updateErrors(old, replace({ allocatable: { count: 5 } })), []);
    assert.deepEqual(bench.updateErrors(old, replace({ nodeID: "n2" })), [
      'spec.drivers: Invalid value: {"name":"disk.example.com","nodeID":"n2","topologyKeys":["zone"]}: field is immutable',
    ]);
    assert.deepEqual(
      bench.updateErrors(old, (next) => (next.spec.drivers = [])),
      [],
    );
  });

  it("are counted", () => {
    assert.deepEqual(bench.row({ metadata, spec: { drivers: [driver] } }), {
      Name: "disk.example.com",
      Drivers: 1,
      Age: "60s",
    });
  });
});

describe("a storage capacity", () => {
  const bench = new RuleBench<CSIStorageCapacity>(csiStorageCapacityResource);
  const plain = { metadata, storageClassName: "fast", nodeTopology: {}, capacity: "1Gi" };

  it("is right", () => {
    assert.deepEqual(bench.createErrors(plain), []);
    assert.deepEqual(bench.createErrors({ ...plain, storageClassName: "A b", capacity: "-1" }), [
      `storageClassName: Invalid value: "A b": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
      'capacity: Invalid value: "-1": must be greater than or equal to 0',
    ]);
  });

  it("stays where it is", () => {
    const change = { storageClassName: "slow", nodeTopology: { matchLabels: { zone: "a" } }, capacity: "2Gi" };
    assert.deepEqual(
      bench.updateErrors(bench.prepared(plain), (next) => Object.assign(next, change)),
      [
        'nodeTopology: Invalid value: {"matchLabels":{"zone":"a"}}: field is immutable',
        'storageClassName: Invalid value: "slow": field is immutable',
      ],
    );
  });

  it("warns of old labels", () => {
    const nodeTopology = {
      matchExpressions: [{ key: "beta.kubernetes.io/os", operator: "Exists" }],
      matchLabels: { "beta.kubernetes.io/arch": "amd64" },
    };
    assert.deepEqual(bench.warnings({ ...plain, nodeTopology }), [
      'nodeTopology.matchExpressions[0].key: beta.kubernetes.io/os is deprecated since v1.14; use "kubernetes.io/os" instead',
      'nodeTopology.matchLabels.beta.kubernetes.io/arch: deprecated since v1.14; use "kubernetes.io/arch" instead',
    ]);
  });

  it("is shown", () => {
    assert.deepEqual(bench.row(plain), { Name: "disk.example.com", StorageClassName: "fast", Capacity: "1Gi" });
    assert.equal(bench.row({ metadata, storageClassName: "fast" })["Capacity"], "<unset>");
  });
});
