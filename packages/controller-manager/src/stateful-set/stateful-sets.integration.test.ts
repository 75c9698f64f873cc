import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { StatefulSet, StatefulSetSpec } from "@kube-ts/api/apps/v1";
import type { Pod } from "@kube-ts/api/core/v1";
import {
  controllerRevisions,
  events,
  persistentVolumeClaims,
  pods,
  services,
  statefulSets,
} from "@kube-ts/api/resource-types";
import type { Client } from "@kube-ts/client/client";
import { eventually } from "@kube-ts/client/testing/eventually";
import { ControlPlane } from "../testing/control-plane.ts";

const slowMs = 60_000;

let plane: ControlPlane;
let client: Client;

before(async () => {
  plane = await ControlPlane.start();
  ({ client } = plane);
});

after(() => plane[Symbol.asyncDispose]());

function setOf(namespace: string, spec: Partial<StatefulSetSpec> = {}, image = "v1"): StatefulSet {
  const labels = { app: "db" };
  return {
    metadata: { namespace, name: "db" },
    spec: {
      replicas: 3,
      serviceName: "peers",
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "c", image }] } },
      ...spec,
    },
  };
}

async function change(namespace: string, spec: object): Promise<void> {
  await client.resource(statefulSets).patch({ namespace, name: "db" }, "strategic", { spec });
}

const image = (name: string) => ({ template: { spec: { containers: [{ name: "c", image: name }] } } });

/** Waits until the set has these pods, `name image`, and says that it is complete. */
async function settled(namespace: string, expected: readonly string[]): Promise<StatefulSet> {
  let latest: StatefulSet | undefined;
  await eventually(async () => {
    latest = await client.resource(statefulSets).get({ namespace, name: "db" });
    const { status, metadata } = latest;
    assert.deepEqual((await podsIn(namespace)).map(describePod), expected, JSON.stringify(status));
    assert.equal(status?.observedGeneration, metadata.generation);
    const counts = [status?.replicas, status?.readyReplicas ?? 0, status?.availableReplicas];
    assert.deepEqual(counts, [expected.length, expected.length, expected.length]);
    assert.equal(status?.currentRevision, status?.updateRevision);
  }, slowMs);
  assert.ok(latest);
  return latest;
}

async function podsIn(namespace: string): Promise<Pod[]> {
  const { items } = await client.resource(pods).list({ namespace });
  return items.toSorted((a, b) => ((a.metadata.name ?? "") < (b.metadata.name ?? "") ? -1 : 1));
}

function describePod({ metadata, spec }: Pod): string {
  return `${metadata.name} ${spec.containers[0]?.image}${metadata.deletionTimestamp ? " going" : ""}`;
}

describe("a stateful set", () => {
  test("becomes pods with names that last, is updated, rolled back, scaled and left alone", async () => {
    const namespace = await plane.namespace("rollout");
    await client.resource(services).create({
      metadata: { namespace, name: "peers" },
      spec: { clusterIP: "None", selector: { app: "db" }, ports: [{ port: 80 }] },
    });
    await client.resource(statefulSets).create(setOf(namespace));
    const created = await settled(namespace, ["db-0 v1", "db-1 v1", "db-2 v1"]);
    const [first] = await podsIn(namespace);
    assert.equal(first?.spec.hostname, "db-0");
    assert.equal(first?.spec.subdomain, "peers");
    assert.deepEqual(first?.metadata.labels, {
      app: "db",
      "statefulset.kubernetes.io/pod-name": "db-0",
      "apps.kubernetes.io/pod-index": "0",
      "controller-revision-hash": created.status?.updateRevision,
    });
    await change(namespace, image("v2"));
    await settled(namespace, ["db-0 v2", "db-1 v2", "db-2 v2"]);
    await change(namespace, image("v1"));
    const back = await settled(namespace, ["db-0 v1", "db-1 v1", "db-2 v1"]);
    assert.equal(back.status?.updateRevision, created.status?.updateRevision, "the same state has the same revision");
    const { items } = await client.resource(controllerRevisions).list({ namespace });
    assert.deepEqual(items.map(({ revision }) => revision).toSorted(), [2, 3]);
    await change(namespace, { replicas: 1 });
    await settled(namespace, ["db-0 v1"]);
    await plane.restartDaemon();
    await change(namespace, { replicas: 2 });
    await settled(namespace, ["db-0 v1", "db-1 v1"]);
  });

  test("whose update is broken waits until somebody deletes the broken pod", async () => {
    const namespace = await plane.namespace("broken");
    plane.kubelet.brokenImages.add("bad");
    await client.resource(statefulSets).create(setOf(namespace));
    await settled(namespace, ["db-0 v1", "db-1 v1", "db-2 v1"]);
    await change(namespace, image("bad"));
    await eventually(async () => {
      const { status } = await client.resource(statefulSets).get({ namespace, name: "db" });
      assert.deepEqual([status?.updatedReplicas, status?.readyReplicas, status?.currentReplicas], [1, 2, 2]);
    }, slowMs);
    await change(namespace, image("v1"));
    await eventually(async () => {
      const { status } = await client.resource(statefulSets).get({ namespace, name: "db" });
      assert.equal(status?.updateRevision, status?.currentRevision);
    }, slowMs);
    assert.deepEqual((await podsIn(namespace)).map(describePod), ["db-0 v1", "db-1 v1", "db-2 bad"]);
    await client.resource(pods).delete({ namespace, name: "db-2" });
    await settled(namespace, ["db-0 v1", "db-1 v1", "db-2 v1"]);
  });

  test("makes failed pods anew, and pods that are deleted", async () => {
    const namespace = await plane.namespace("failed");
    await client.resource(statefulSets).create(setOf(namespace, { replicas: 2, podManagementPolicy: "Parallel" }));
    await settled(namespace, ["db-0 v1", "db-1 v1"]);
    const uids = async () => (await podsIn(namespace)).map(({ metadata }) => metadata.uid);
    const before = await uids();
    const key = { namespace, name: "db-1" };
    await client.resource(pods).patch(key, "strategic", { status: { phase: "Failed" } }, { subresource: "status" });
    await client.resource(pods).delete({ namespace, name: "db-0" });
    await eventually(async () => {
      const after = await uids();
      assert.equal(after.length, 2);
      assert.ok(after.every((uid) => !before.includes(uid)));
    }, slowMs);
    await settled(namespace, ["db-0 v1", "db-1 v1"]);
  });

  test("that is deleted without its pods gets them back, as they are, when it is created again", async () => {
    const namespace = await plane.namespace("orphans");
    await client.resource(statefulSets).create(setOf(namespace));
    const first = await settled(namespace, ["db-0 v1", "db-1 v1", "db-2 v1"]);
    const uids = async () => (await podsIn(namespace)).map(({ metadata }) => metadata.uid);
    const before = await uids();
    await client.resource(statefulSets).delete({ namespace, name: "db" }, { propagationPolicy: "Orphan" });
    await eventually(async () => {
      const owners = (await podsIn(namespace)).flatMap(({ metadata }) => metadata.ownerReferences ?? []);
      assert.deepEqual(owners, []);
      const sets = await client.resource(statefulSets).list({ namespace });
      assert.deepEqual(sets.items, []);
    }, slowMs);
    await client.resource(statefulSets).create(setOf(namespace));
    const second = await settled(namespace, ["db-0 v1", "db-1 v1", "db-2 v1"]);
    assert.deepEqual(await uids(), before);
    assert.equal(second.status?.updateRevision, first.status?.updateRevision);
    const { items } = await client.resource(controllerRevisions).list({ namespace });
    assert.deepEqual(
      items.map(({ metadata }) => metadata.ownerReferences?.[0]?.uid),
      [second.metadata.uid],
    );
  });

  test("with nothing to do writes nothing", async () => {
    const namespace = await plane.namespace("rest");
    await client.resource(statefulSets).create(setOf(namespace));
    await settled(namespace, ["db-0 v1", "db-1 v1", "db-2 v1"]);
    const versions = async () => {
      const { metadata } = await client.resource(statefulSets).get({ namespace, name: "db" });
      const { items } = await client.resource(controllerRevisions).list({ namespace });
      const told = await client.resource(events).list({ namespace });
      return [metadata.resourceVersion, ...items.map((item) => item.metadata.resourceVersion), told.items.length];
    };
    const before = await versions();
    for (const { metadata } of await podsIn(namespace)) {
      const patch = { metadata: { annotations: { seen: "yes" } } };
      await client.resource(pods).patch({ namespace, name: metadata.name ?? "" }, "strategic", patch);
    }
    // Another set that is worked on afterwards tells that the first has been looked at.
    const other = await plane.namespace("rest-other");
    await client.resource(statefulSets).create(setOf(other));
    await settled(other, ["db-0 v1", "db-1 v1", "db-2 v1"]);
    assert.deepEqual(await versions(), before);
  });
});

describe("the claims of a stateful set", () => {
  const volumeClaimTemplates = [
    {
      metadata: { name: "data" },
      spec: { accessModes: ["ReadWriteOnce" as const], resources: { requests: { storage: "1Gi" } } },
    },
  ];
  const claimsIn = async (namespace: string) => {
    const { items } = await client.resource(persistentVolumeClaims).list({ namespace });
    return items.map(({ metadata }) => metadata.name ?? "").toSorted();
  };

  test("stay by default, and are found again", async () => {
    const namespace = await plane.namespace("claims");
    await client.resource(statefulSets).create(setOf(namespace, { replicas: 2, volumeClaimTemplates }));
    await settled(namespace, ["db-0 v1", "db-1 v1"]);
    const [first] = await podsIn(namespace);
    assert.deepEqual(
      first?.spec.volumes?.filter(({ persistentVolumeClaim }) => persistentVolumeClaim),
      [{ name: "data", persistentVolumeClaim: { claimName: "data-db-0" } }],
    );
    await change(namespace, { replicas: 0 });
    await settled(namespace, []);
    assert.deepEqual(await claimsIn(namespace), ["data-db-0", "data-db-1"]);
    await change(namespace, { replicas: 1 });
    await settled(namespace, ["db-0 v1"]);
  });

  test("go with the pods that are not wanted any more, and with the set, where that is asked for", async () => {
    const namespace = await plane.namespace("claims-go");
    const persistentVolumeClaimRetentionPolicy = { whenDeleted: "Delete", whenScaled: "Delete" } as const;
    const spec = { volumeClaimTemplates, persistentVolumeClaimRetentionPolicy };
    await client.resource(statefulSets).create(setOf(namespace, spec));
    await settled(namespace, ["db-0 v1", "db-1 v1", "db-2 v1"]);
    await change(namespace, { replicas: 1 });
    await eventually(async () => assert.deepEqual(await claimsIn(namespace), ["data-db-0"]), slowMs);
    await change(namespace, { replicas: 2 });
    await settled(namespace, ["db-0 v1", "db-1 v1"]);
    await client.resource(statefulSets).delete({ namespace, name: "db" });
    await eventually(async () => {
      assert.deepEqual([await claimsIn(namespace), await podsIn(namespace)], [[], []]);
      const { items } = await client.resource(controllerRevisions).list({ namespace });
      assert.deepEqual(items, []);
    }, slowMs);
  });
});
