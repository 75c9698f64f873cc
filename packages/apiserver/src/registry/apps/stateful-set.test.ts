import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { StatefulSet } from "@kube-ts/api/apps/v1";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import { statefulSetResource } from "./stateful-set.ts";

const bench = new RuleBench<StatefulSet>(statefulSetResource(false));
const benchWithMaxUnavailable = new RuleBench<StatefulSet>(statefulSetResource(true));
const metadata = { name: "db", creationTimestamp: "2026-01-31T11:59:00Z" };
const template = { metadata: { labels: { app: "db" } }, spec: { containers: [{ name: "c", image: "db:1" }] } };
const plain = { selector: { matchLabels: { app: "db" } }, serviceName: "db", template };

describe("stateful set defaults", () => {
  it("fill in a plain stateful set", () => {
    const claim = {
      metadata: { name: "data" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    };
    const { spec, status } = bench.decode({ metadata, spec: { ...plain, volumeClaimTemplates: [claim] } });
    const { template: _pods, ...rest } = spec;
    assert.deepEqual(
      [rest, status],
      [
        {
          selector: { matchLabels: { app: "db" } },
          serviceName: "db",
          volumeClaimTemplates: [
            {
              metadata: { name: "data" },
              spec: {
                accessModes: ["ReadWriteOnce"],
                resources: { requests: { storage: "1Gi" } },
                volumeMode: "Filesystem",
              },
              status: { phase: "Pending" },
              apiVersion: "v1",
              kind: "PersistentVolumeClaim",
            },
          ],
          updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 0 } },
          podManagementPolicy: "OrderedReady",
          persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
          replicas: 1,
          revisionHistoryLimit: 10,
        },
        { replicas: 0, availableReplicas: 0 },
      ],
    );
  });
});

describe("a stateful set", () => {
  function create(what: string, spec: Draft, errors: readonly string[]): void {
    it(what, () => assert.deepEqual(bench.createErrors({ metadata, spec: { ...plain, ...spec } }), errors));
  }

  create("may be plain", {}, []);
  create("has a known policy", { podManagementPolicy: "Chaotic" }, [
    `spec.podManagementPolicy: Invalid value: "Chaotic": must be 'OrderedReady' or 'Parallel'`,
  ]);
  create("has a known strategy", { updateStrategy: { type: "Recreate" } }, [
    `spec.updateStrategy: Invalid value: {"type":"Recreate"}: must be 'RollingUpdate' or 'OnDelete'`,
  ]);
  create("has a strategy that fits", { updateStrategy: { type: "OnDelete", rollingUpdate: {} } }, [
    "spec.updateStrategy.rollingUpdate: Invalid value: {}: only allowed for updateStrategy 'RollingUpdate'",
  ]);
  it("updates right numbers of pods", () => {
    const spec = { ...plain, updateStrategy: { rollingUpdate: { partition: -1, maxUnavailable: 0 } } };
    assert.deepEqual(benchWithMaxUnavailable.createErrors({ metadata, spec }), [
      "spec.updateStrategy.rollingUpdate.partition: Invalid value: -1: must be greater than or equal to 0",
      "spec.updateStrategy.rollingUpdate.maxUnavailable: Invalid value: 0: cannot be 0",
    ]);
  });
  create(
    "keeps claims in a known way",
    { persistentVolumeClaimRetentionPolicy: { whenDeleted: "Maybe", whenScaled: "Never" } },
    [
      'spec.persistentVolumeClaimRetentionPolicy.whenDeleted: Unsupported value: "Maybe": supported values: "Retain", "Delete"',
      'spec.persistentVolumeClaimRetentionPolicy.whenScaled: Unsupported value: "Never": supported values: "Retain", "Delete"',
    ],
  );
  create("has right numbers", { replicas: -1, minReadySeconds: -1, ordinals: { start: -1 } }, [
    "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
    "spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0",
    "spec.ordinals.start: Invalid value: -1: must be greater than or equal to 0",
  ]);
  create("selects something", { selector: {} }, [
    "spec.selector: Invalid value: {}: empty selector is invalid for statefulset",
  ]);
  create("selects its pods", { selector: { matchLabels: { app: "other" } } }, [
    'spec.template.metadata.labels: Invalid value: {"app":"db"}: `selector` does not match template `labels`',
  ]);
  create(
    "has pods that always restart",
    { template: { ...template, spec: { ...template.spec, restartPolicy: "Never", activeDeadlineSeconds: 3 } } },
    [
      'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
      "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in StatefulSet is not Supported",
    ],
  );

  create("has pods that can be made", { template: { ...template, spec: { ...template.spec, containers: [] } } }, [
    "spec.template.spec.containers: Required value",
  ]);
  create("has a service whose name can be that of a domain", { serviceName: "a.b" }, [
    'spec.serviceName: Invalid value: "a.b": must not contain dots',
  ]);

  const withMount = (name: string) => ({
    ...template,
    spec: { containers: [{ name: "c", image: "db:1", volumeMounts: [{ name, mountPath: "/data" }] }] },
  });
  const claim = { metadata: { name: "data" }, spec: { accessModes: ["ReadWriteOnce"], resources: {} } };
  create("mounts the volumes that it has", { template: withMount("other"), volumeClaimTemplates: [claim] }, [
    "spec.volumeClaimTemplates[0].spec.resources[storage]: Required value",
    'spec.template.spec.containers[0].volumeMounts[0].name: Not found: "other"',
  ]);

  it("has a label for its name", () => {
    assert.deepEqual(bench.createErrors({ metadata: { name: "a.b" }, spec: plain }), [
      'metadata.name: Invalid value: "a.b": must not contain dots',
    ]);
  });
});

describe("an updated stateful set", () => {
  const old = bench.prepared({ metadata, spec: plain });

  it("may be changed in some ways", () => {
    const change = (next: StatefulSet) =>
      Object.assign(next.spec, {
        replicas: 3,
        revisionHistoryLimit: 3,
        minReadySeconds: 3,
        ordinals: { start: 1 },
        updateStrategy: { type: "OnDelete" },
        persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete", whenScaled: "Delete" },
        template: { ...template, metadata: { labels: { app: "db", a: "b" } } },
      });
    assert.deepEqual(bench.updateErrors(old, change), []);
    assert.equal(bench.updated(old, change).metadata.generation, 2);
  });

  it("may be changed even if it could not be created today", () => {
    const broken = bench.prepared({ metadata, spec: { ...plain, serviceName: "a.b" } });
    assert.deepEqual(
      bench.updateErrors(broken, (next) => (next.spec.replicas = 3)),
      [],
    );
    const empty = structuredClone(old);
    empty.spec.template.spec = { ...empty.spec.template.spec, containers: [] };
    assert.deepEqual(
      bench.updateErrors(empty, (next) => (next.spec.replicas = 3)),
      [],
    );
    assert.deepEqual(
      bench.updateErrors(old, (next) => (next.spec.template = empty.spec.template)),
      ["spec.template.spec.containers: Required value"],
    );
  });

  it("keeps all else", () => {
    assert.deepEqual(
      bench.updateErrors(old, (next) => (next.spec.serviceName = "other")),
      [
        "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
      ],
    );
    assert.deepEqual(
      bench.updateErrors(old, (next) => (next.spec.podManagementPolicy = "Parallel")),
      [
        "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
      ],
    );
  });

  it("has a right status", () => {
    const before = { ...old, status: { replicas: 0, availableReplicas: 0, collisionCount: 3 } };
    const change = (next: StatefulSet) =>
      (next.status = {
        replicas: 1,
        readyReplicas: 2,
        currentReplicas: 2,
        updatedReplicas: 2,
        availableReplicas: 3,
        collisionCount: 2,
      });
    assert.deepEqual(bench.updateErrors(before, change, "status"), [
      "status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas",
      "status.currentReplicas: Invalid value: 2: cannot be greater than status.replicas",
      "status.updatedReplicas: Invalid value: 2: cannot be greater than status.replicas",
      "status.availableReplicas: Invalid value: 3: cannot be greater than status.replicas",
      "status.availableReplicas: Invalid value: 3: cannot be greater than status.readyReplicas",
      "status.collisionCount: Invalid value: 2: cannot be decremented",
    ]);
  });
});

describe("how many pods may be unavailable", () => {
  const spec = { ...plain, updateStrategy: { rollingUpdate: { maxUnavailable: 2 } } };
  const amount = (set: StatefulSet) => set.spec.updateStrategy?.rollingUpdate?.maxUnavailable;

  it("is forgotten where the feature is off, unless the set had it before", () => {
    const old = bench.prepared({ metadata, spec });
    assert.equal(amount(old), undefined);
    const change = (next: StatefulSet) =>
      (next.spec.updateStrategy = { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 2 } });
    assert.equal(amount(bench.updated(old, change)), undefined);
    assert.equal(amount(bench.updated(benchWithMaxUnavailable.prepared({ metadata, spec }), () => {})), 2);
  });

  it("is kept where it is on, and is one by default", () => {
    assert.equal(amount(benchWithMaxUnavailable.prepared({ metadata, spec })), 2);
    assert.equal(amount(benchWithMaxUnavailable.prepared({ metadata, spec: plain })), 1);
  });
});

it("warns of a history without an end", () => {
  assert.deepEqual(bench.createErrors({ metadata, spec: { ...plain, revisionHistoryLimit: -1 } }), []);
  assert.deepEqual(bench.warnings({ metadata, spec: { ...plain, revisionHistoryLimit: -1 } }), [
    "spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended",
  ]);
  assert.deepEqual(bench.warnings({ metadata, spec: { ...plain, revisionHistoryLimit: 0 } }), []);
});

it("shows a stateful set", () => {
  assert.deepEqual(
    bench.row({ metadata, spec: { ...plain, replicas: 3 }, status: { replicas: 2, readyReplicas: 1 } }),
    { Name: "db", Ready: "1/3", Age: "60s", Containers: "c", Images: "db:1" },
  );
});
