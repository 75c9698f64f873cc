import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { StatefulSetSpec, StatefulSetStatus } from "@kube-ts/api/apps/v1";
import type { Pod } from "@kube-ts/api/core/v1";
import { controllerRevisions, persistentVolumeClaims, pods, statefulSets } from "@kube-ts/api/resource-types";
import { keyOf } from "@kube-ts/api/object";
import { formatTime } from "@kube-ts/api/rfc3339";
import { Registry } from "@kube-ts/std/metrics";
import { MemoryCluster } from "../testing/memory-cluster.ts";
import { RunningControllers } from "../testing/running-controllers.ts";
import { statefulSetController } from "./stateful-set-controller.ts";
import { StatefulSetMetrics } from "./stateful-set-metrics.ts";
import { claimTemplate, podOf, setOf } from "./testing/set-fixtures.ts";

/** A stateful set at work on objects that nobody may change in place. */
class Rollout implements AsyncDisposable {
  readonly cluster = new MemoryCluster();
  /** Images that never become ready. */
  readonly broken = new Set<string>();
  #running: RunningControllers | undefined;

  /** `args` are flags of the daemon. */
  async start(spec: Partial<StatefulSetSpec> = {}, args: readonly string[] = []): Promise<void> {
    this.cluster.podsEndSlowly = true;
    this.cluster.create(statefulSets, setOf(spec));
    this.#running = await RunningControllers.start(this.cluster, [statefulSetController], args);
    await this.settle();
  }

  /** Lets the controller and the nodes work until nothing happens any more. */
  async settle(): Promise<void> {
    while (await this.step()) await this.#running?.settle();
  }

  /** Starts one pod, or ends one; false when there is none to start or to end. */
  async step(): Promise<boolean> {
    const all = this.cluster.list(pods);
    const going = all.find(({ metadata }) => metadata.deletionTimestamp);
    const coming = all.find((pod) => pod.status === undefined);
    if (going) this.cluster.remove(pods, going.metadata.name ?? "");
    else if (coming) this.#run(coming);
    return going !== undefined || coming !== undefined;
  }

  async change(spec: object): Promise<void> {
    this.cluster.change(statefulSets, "web", { spec });
    await this.#running?.settle();
    await this.settle();
  }

  async rest(): Promise<void> {
    await this.#running?.settle();
  }

  get images(): string[] {
    return this.cluster
      .list(pods)
      .map((pod) => `${pod.metadata.name} ${imageOf(pod)}`)
      .toSorted();
  }

  get status(): StatefulSetStatus {
    return this.cluster.get(statefulSets, "web").status ?? assert.fail("no status");
  }

  /** Number and hash of each revision, oldest first. */
  get revisions(): string[] {
    const all = this.cluster.list(controllerRevisions);
    return all.map(({ metadata, revision }) => `${revision} ${metadata.name}`).toSorted();
  }

  /** What was told, without doubles. */
  get told(): string[] {
    return [...new Set(this.cluster.events.map(({ reason, message }) => `${reason}: ${message}`))];
  }

  /** Claims and who owns them. */
  get claims(): string[] {
    return this.cluster
      .list(persistentVolumeClaims)
      .map(({ metadata }) => [metadata.name, ...(metadata.ownerReferences ?? []).map(({ name }) => name)].join(" "))
      .toSorted();
  }

  #run(pod: Pod): void {
    const isReady = !this.broken.has(imageOf(pod));
    const lastTransitionTime = formatTime(this.cluster.clock.now());
    const ready = { type: "Ready", status: isReady ? "True" : "False", lastTransitionTime };
    this.cluster.change(pods, pod.metadata.name ?? "", { status: { phase: "Running", conditions: [ready] } });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running?.[Symbol.asyncDispose]();
  }
}

const imageOf = ({ spec }: Pod) => spec.containers[0]?.image ?? "";
const rolling = (partition: number) => ({ updateStrategy: { rollingUpdate: { partition } } });
const image = (name: string) => ({ template: { spec: { containers: [{ name: "c", image: name }] } } });

describe("a stateful set", () => {
  test("is created, rolled over, scaled and left alone", async () => {
    await using rollout = new Rollout();
    await rollout.start();
    assert.deepEqual(rollout.images, ["web-0 v1", "web-1 v1", "web-2 v1"]);
    const [first = ""] = rollout.revisions;
    const name = first.split(" ")[1];
    assert.deepEqual(rollout.status, {
      observedGeneration: 3,
      replicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      currentReplicas: 3,
      updatedReplicas: 3,
      currentRevision: name,
      updateRevision: name,
      collisionCount: 0,
    });
    await rollout.change(image("v2"));
    assert.deepEqual(rollout.images, ["web-0 v2", "web-1 v2", "web-2 v2"]);
    await rollout.change({ replicas: 1 });
    assert.deepEqual(rollout.images, ["web-0 v2"]);
    assert.deepEqual(rollout.told.toSorted(), [
      ...[0, 1, 2].map((ordinal) => `SuccessfulCreate: create Pod web-${ordinal} in StatefulSet web successful`),
      ...[0, 1, 2].map((ordinal) => `SuccessfulDelete: delete Pod web-${ordinal} in StatefulSet web successful`),
    ]);
    const { writes } = rollout.cluster;
    rollout.cluster.change(pods, "web-0", { metadata: { annotations: { seen: "yes" } } });
    rollout.cluster.change(statefulSets, "web", { metadata: { annotations: { seen: "yes" } } });
    await rollout.rest();
    assert.equal(rollout.cluster.writes, writes, "nothing to do, nothing written");
  });

  test("stays where a broken update has left it until somebody deletes the broken pod", async () => {
    await using rollout = new Rollout();
    rollout.broken.add("bad");
    await rollout.start();
    await rollout.change(image("bad"));
    assert.deepEqual(rollout.images, ["web-0 v1", "web-1 v1", "web-2 bad"]);
    await rollout.change(image("v1"));
    assert.deepEqual(rollout.images, ["web-0 v1", "web-1 v1", "web-2 bad"]);
    rollout.cluster.remove(pods, "web-2");
    await rollout.rest();
    await rollout.settle();
    assert.deepEqual(rollout.images, ["web-0 v1", "web-1 v1", "web-2 v1"]);
  });

  test("is updated down to a partition, and keeps what is below", async () => {
    await using rollout = new Rollout();
    await rollout.start();
    await rollout.change({ ...image("v2"), ...rolling(2) });
    assert.deepEqual(rollout.images, ["web-0 v1", "web-1 v1", "web-2 v2"]);
    const { currentRevision, updateRevision, currentReplicas, updatedReplicas } = rollout.status;
    assert.notEqual(currentRevision, updateRevision);
    assert.deepEqual([currentReplicas, updatedReplicas], [2, 1]);
    rollout.cluster.remove(pods, "web-0");
    await rollout.rest();
    await rollout.settle();
    assert.deepEqual(rollout.images, ["web-0 v1", "web-1 v1", "web-2 v2"]);
    await rollout.change(rolling(0));
    assert.deepEqual(rollout.images, ["web-0 v2", "web-1 v2", "web-2 v2"]);
  });

  test("makes failed and finished pods anew when they are gone", async () => {
    await using rollout = new Rollout();
    await rollout.start();
    const before = rollout.cluster.get(pods, "web-1").metadata.uid;
    rollout.cluster.change(pods, "web-1", { status: { phase: "Failed" } });
    await rollout.rest();
    assert.ok(rollout.cluster.get(pods, "web-1").metadata.deletionTimestamp, "it is deleted, and not yet replaced");
    await rollout.settle();
    assert.deepEqual(rollout.images, ["web-0 v1", "web-1 v1", "web-2 v1"]);
    assert.notEqual(rollout.cluster.get(pods, "web-1").metadata.uid, before);
  });

  test("adopts orphans with its names, puts their labels right and lets strangers go", async () => {
    await using rollout = new Rollout();
    const orphan = podOf(setOf(), 0, "ok");
    const { ownerReferences: _owners, ...metadata } = orphan.metadata;
    rollout.cluster.create(pods, { ...orphan, metadata: { ...metadata, uid: "orphan", labels: { app: "db" } } });
    const stranger = podOf(setOf(), 1, "ok");
    rollout.cluster.create(pods, { ...stranger, metadata: { ...stranger.metadata, name: "web-x", uid: "stranger" } });
    await rollout.start({ updateStrategy: { type: "OnDelete" } });
    const adopted = rollout.cluster.get(pods, "web-0").metadata;
    assert.deepEqual([adopted.uid, adopted.ownerReferences?.[0]?.name], ["orphan", "web"]);
    assert.deepEqual(adopted.labels, {
      app: "db",
      "statefulset.kubernetes.io/pod-name": "web-0",
      "apps.kubernetes.io/pod-index": "0",
    });
    assert.deepEqual(rollout.cluster.get(pods, "web-x").metadata.ownerReferences ?? [], []);
    assert.equal(rollout.status.replicas, 3);
  });

  test("that is deleted makes nothing any more", async () => {
    await using rollout = new Rollout();
    await rollout.start();
    rollout.cluster.change(statefulSets, "web", { metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" } });
    await rollout.rest();
    for (const { metadata } of rollout.cluster.list(pods)) rollout.cluster.remove(pods, metadata.name ?? "");
    for (const { metadata } of rollout.cluster.list(controllerRevisions)) {
      rollout.cluster.remove(controllerRevisions, metadata.name ?? "");
    }
    await rollout.rest();
    assert.deepEqual([rollout.images, rollout.revisions], [[], []]);
  });
});

describe("the history of a stateful set", () => {
  test("numbers old states anew and forgets the oldest that nobody uses", async () => {
    await using rollout = new Rollout();
    await rollout.start({ revisionHistoryLimit: 1 });
    const [first = ""] = rollout.revisions;
    await rollout.change(image("v2"));
    await rollout.change(image("v1"));
    const [, back = ""] = rollout.revisions;
    assert.deepEqual([first.slice(0, 1), back.slice(0, 1)], ["1", "3"]);
    assert.equal(back.slice(2), first.slice(2));
    await rollout.change(image("v3"));
    assert.deepEqual(
      rollout.revisions.map((revision) => revision.slice(0, 1)),
      ["3", "4"],
    );
  });

  test("is made again, with the same names, when it is lost", async () => {
    await using rollout = new Rollout();
    await rollout.start();
    const before = rollout.revisions;
    rollout.cluster.remove(controllerRevisions, before[0]?.split(" ")[1] ?? "");
    await rollout.rest();
    assert.deepEqual([rollout.revisions, rollout.images.length], [before, 3]);
  });

  test("is adopted, so that the pods of an orphaned set are not replaced", async () => {
    await using rollout = new Rollout();
    await rollout.start();
    const uids = () => rollout.cluster.list(pods).map(({ metadata }) => metadata.uid);
    const before = uids();
    const orphaned = { metadata: { ownerReferences: [{ $patch: "replace" }] } };
    rollout.cluster.remove(statefulSets, "web");
    for (const { metadata } of rollout.cluster.list(pods)) rollout.cluster.change(pods, metadata.name ?? "", orphaned);
    for (const { metadata } of rollout.cluster.list(controllerRevisions)) {
      rollout.cluster.change(controllerRevisions, metadata.name ?? "", orphaned);
    }
    const set = setOf();
    rollout.cluster.create(statefulSets, { ...set, metadata: { ...set.metadata, uid: "second" } });
    await rollout.rest();
    assert.deepEqual(uids(), before);
    assert.ok(rollout.cluster.list(pods).every(({ metadata }) => metadata.ownerReferences?.[0]?.uid === "second"));
    assert.equal(rollout.revisions.length, 1);
  });

  test("counts names that somebody else has", async () => {
    await using rollout = new Rollout();
    await rollout.start();
    const [first = ""] = rollout.revisions;
    await using other = new Rollout();
    const name = first.split(" ")[1] ?? "";
    other.cluster.create(controllerRevisions, { metadata: { name, namespace: "ns" }, data: { a: 1 }, revision: 9 });
    await other.start();
    assert.equal(other.status.collisionCount, 1);
    assert.equal(other.revisions.length, 2);
    assert.notEqual(other.status.updateRevision, name);
    assert.equal(other.images.length, 3);
  });
});

describe("the claims of a stateful set", () => {
  const volumeClaimTemplates = [claimTemplate("data"), claimTemplate("log")];

  test("are made before the pods, and stay", async () => {
    await using rollout = new Rollout();
    await rollout.start({ volumeClaimTemplates, replicas: 2 });
    const all = ["data-web-0", "data-web-1", "log-web-0", "log-web-1"];
    assert.deepEqual(rollout.claims, all);
    assert.deepEqual(rollout.told.slice(0, 3), [
      "SuccessfulCreate: create Claim data-web-0 Pod web-0 in StatefulSet web success",
      "SuccessfulCreate: create Claim log-web-0 Pod web-0 in StatefulSet web success",
      "SuccessfulCreate: create Pod web-0 in StatefulSet web successful",
    ]);
    await rollout.change({ replicas: 0 });
    assert.deepEqual([rollout.images, rollout.claims], [[], all]);
    await rollout.change({ replicas: 1 });
    assert.deepEqual(rollout.images, ["web-0 v1"]);
  });

  test("go with the set or with the pods, as the policy says", async () => {
    await using rollout = new Rollout();
    await rollout.start({ volumeClaimTemplates: [claimTemplate("data")], replicas: 2 });
    const keep = (whenDeleted: string, whenScaled: string) => ({
      persistentVolumeClaimRetentionPolicy: { whenDeleted, whenScaled },
    });
    await rollout.change(keep("Delete", "Delete"));
    assert.deepEqual(rollout.claims, ["data-web-0 web", "data-web-1 web"]);
    await rollout.change({ replicas: 1 });
    assert.deepEqual([rollout.images, rollout.claims], [["web-0 v1"], ["data-web-0 web", "data-web-1 web-1"]]);
    await rollout.change({ replicas: 2 });
    assert.deepEqual(rollout.images, ["web-0 v1"], "the claim goes with the pod that is gone, and is waited for");
    rollout.cluster.remove(persistentVolumeClaims, "data-web-1");
    await rollout.rest();
    await rollout.settle();
    assert.deepEqual(rollout.images, ["web-0 v1", "web-1 v1"]);
    await rollout.change(keep("Retain", "Retain"));
    assert.deepEqual(rollout.claims, ["data-web-0", "data-web-1"]);
  });

  test("that are deleted are waited for", async () => {
    await using rollout = new Rollout();
    const claim = claimTemplate("data-web-0");
    const deletionTimestamp = "2026-01-01T00:00:00Z";
    rollout.cluster.create(persistentVolumeClaims, {
      ...claim,
      metadata: { ...claim.metadata, namespace: "ns", deletionTimestamp },
    });
    await rollout.start({ volumeClaimTemplates: [claimTemplate("data")], replicas: 1 });
    assert.deepEqual(rollout.images, []);
    assert.deepEqual(rollout.told, [
      "FailedCreate: create Pod web-0 in StatefulSet web failed error: pvc data-web-0 is being deleted",
    ]);
    rollout.cluster.remove(persistentVolumeClaims, "data-web-0");
    await rollout.rest();
    await rollout.settle();
    assert.deepEqual(rollout.images, ["web-0 v1"]);
  });
});

test("a parallel set starts, shrinks and replaces its pods without waiting", async () => {
  await using rollout = new Rollout();
  rollout.broken.add("v1");
  await rollout.start({ podManagementPolicy: "Parallel", replicas: 4 });
  assert.equal(rollout.images.length, 4);
  assert.equal(rollout.status.readyReplicas, undefined);
  await rollout.change({ replicas: 2 });
  assert.deepEqual(rollout.images, ["web-0 v1", "web-1 v1"]);
  await rollout.change(image("v2"));
  assert.deepEqual(rollout.images, ["web-0 v2", "web-1 v2"]);
});

test("several pods are updated at once where the feature is on", async () => {
  const updateStrategy = { type: "RollingUpdate", rollingUpdate: { partition: 0, maxUnavailable: 2 } } as const;
  for (const [gate, going] of [
    ["true", 2],
    ["false", 1],
  ] as const) {
    await using rollout = new Rollout();
    await rollout.start({ replicas: 4, updateStrategy }, [`--feature-gates=MaxUnavailableStatefulSet=${gate}`]);
    rollout.cluster.change(statefulSets, "web", { spec: image("v2") });
    await rollout.rest();
    assert.equal(rollout.cluster.list(pods).filter(({ metadata }) => metadata.deletionTimestamp).length, going);
    await rollout.settle();
    assert.deepEqual(rollout.images, ["web-0 v2", "web-1 v2", "web-2 v2", "web-3 v2"]);
  }
});

test("a set that is gone has no metrics", async () => {
  const registry = new Registry();
  const metrics = new StatefulSetMetrics(registry);
  const set = setOf();
  metrics.observed(keyOf(set), set, 2, 1);
  const labels = 'statefulset_namespace="ns",statefulset_name="web",pod_management_policy="OrderedReady"';
  const text = await registry.metrics();
  assert.ok(text.includes(`statefulset_controller_statefulset_max_unavailable{${labels}} 2`));
  assert.ok(text.includes(`statefulset_controller_statefulset_unavailable_replicas{${labels}} 1`));
  metrics.forget(keyOf(set));
  assert.doesNotMatch(await registry.metrics(), /"web"/);
});
