import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { StatefulSetSpec } from "@kube-ts/api/apps/v1";
import type { Pod } from "@kube-ts/api/core/v1";
import { controllerRevisions, persistentVolumeClaims, pods, statefulSets } from "@kube-ts/api/resource-types";
import { formatTime } from "@kube-ts/api/rfc3339";
import { MemoryCluster } from "../testing/memory-cluster.ts";
import { RunningControllers } from "../testing/running-controllers.ts";
import { revisionOf } from "./identity.ts";
import { statefulSetController } from "./stateful-set-controller.ts";
import { claimTemplate, setOf } from "./testing/set-fixtures.ts";

/** A stateful set at work on objects that nobody may change in place. */
class Rollout implements AsyncDisposable {
  readonly cluster = new MemoryCluster();
  /** Images that never become ready. */
  readonly broken = new Set<string>();
  #running: RunningControllers | undefined;

  async start(spec: Partial<StatefulSetSpec> = {}): Promise<void> {
    this.cluster.podsEndSlowly = true;
    this.cluster.create(statefulSets, setOf(spec));
    this.#running = await RunningControllers.start(this.cluster, [statefulSetController]);
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

  get status() {
    const { conditions: _conditions, ...status } = this.cluster.get(statefulSets, "web").status ?? { replicas: 0 };
    return status;
  }

  get revisions(): string[] {
    return this.cluster.list(controllerRevisions).map(({ metadata, revision }) => `${metadata.name} ${revision}`);
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
const image = (name: string) => ({ template: { spec: { containers: [{ name: "c", image: name }] } } });

describe("a stateful set", () => {
  test("is created, rolled over, scaled and left alone", async () => {
    await using rollout = new Rollout();
    await rollout.start();
    assert.deepEqual(rollout.images, ["web-0 v1", "web-1 v1", "web-2 v1"]);
    const [first = ""] = rollout.revisions;
    const name = first.split(" ")[0];
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
    const { writes } = rollout.cluster;
    rollout.cluster.change(pods, "web-0", { metadata: { annotations: { seen: "yes" } } });
    await rollout.rest();
    assert.equal(rollout.cluster.writes, writes, "nothing to do, nothing written");
  });
});
