import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { StatefulSet, StatefulSetSpec } from "@kube-ts/api/apps/v1";
import type { Pod } from "@kube-ts/api/core/v1";
import { controllerRevisions, pods, services, statefulSets } from "@kube-ts/api/resource-types";
import type { Client } from "@kube-ts/client/client";
import { eventually } from "@kube-ts/client/testing/eventually";
import { ControlPlane } from "../testing/control-plane.ts";

const slowMs = 30_000;

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
});
