import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { DeploymentSpec } from "@kube-ts/api/apps/v1";
import type { Pod } from "@kube-ts/api/core/v1";
import { findCondition } from "@kube-ts/api/conditions";
import { controllerOf } from "@kube-ts/api/owner-references";
import { deployments, pods, replicaSets } from "@kube-ts/api/resource-types";
import { formatTime } from "@kube-ts/api/rfc3339";
import { TaskGroup } from "@kube-ts/std/task-group";
import { replicaSetController } from "../replica-set/replica-set-controller.ts";
import { MemoryCluster } from "../testing/memory-cluster.ts";
import { DeploymentController } from "./deployment-controller.ts";
import { deploymentOf } from "./testing/rollout-fixtures.ts";

/** Deployments and replica sets at work on objects that nobody may change in place. */
class Rollout implements AsyncDisposable {
  readonly cluster = new MemoryCluster();
  readonly #tasks = new TaskGroup(new AbortController().signal);

  async start(image: string, spec: Partial<DeploymentSpec> = {}): Promise<void> {
    const context = await this.cluster.context();
    const controllers = [new DeploymentController(context), replicaSetController.create(context)];
    this.cluster.create(deployments, deploymentOf(image, { replicas: 3, progressDeadlineSeconds: 600, ...spec }));
    for (const controller of controllers) this.#tasks.start((signal) => controller.run(signal));
    await this.settle();
  }

  /** Lets the controllers work until nothing is written any more; `ready` says which images work. */
  async settle(ready: (image: string) => boolean = () => true): Promise<void> {
    for (let round = 0; round < 200; round += 1) {
      const before = this.cluster.writes;
      await this.cluster.clock.advance(10);
      const waiting = this.cluster.list(pods).filter((pod) => pod.status === undefined && ready(imageOf(pod)));
      for (const { metadata } of waiting) {
        const condition = { type: "Ready", status: "True", lastTransitionTime: formatTime(this.cluster.clock.now()) };
        this.cluster.change(pods, metadata.name ?? "", { status: { phase: "Running", conditions: [condition] } });
      }
      if (waiting.length === 0 && this.cluster.writes === before) return;
    }
    throw new Error("the controllers never come to rest");
  }

  async change(spec: object, ready?: (image: string) => boolean): Promise<void> {
    this.cluster.change(deployments, "web", { spec });
    await this.settle(ready);
  }

  /** How many pods of each image there are. */
  get images(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const pod of this.cluster.list(pods)) counts[imageOf(pod)] = (counts[imageOf(pod)] ?? 0) + 1;
    return counts;
  }

  get revision(): string | undefined {
    return this.cluster.get(deployments, "web").metadata.annotations?.["deployment.kubernetes.io/revision"];
  }

  get progress(): string | undefined {
    return findCondition(this.cluster.get(deployments, "web").status?.conditions, "Progressing")?.reason;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#tasks.stop();
  }
}

const imageOf = ({ spec }: Pod) => spec.containers[0]?.image ?? "";
const image = (name: string) => ({ template: { spec: { containers: [{ name: "c", image: name }] } } });

describe("a deployment", () => {
  test("is rolled out, over and back, and then comes to rest", async () => {
    await using rollout = new Rollout();
    await rollout.start("v1");
    assert.deepEqual([rollout.images, rollout.revision, rollout.progress], [{ v1: 3 }, "1", "NewReplicaSetAvailable"]);
    await rollout.change(image("v2"));
    assert.deepEqual([rollout.images, rollout.revision, rollout.progress], [{ v2: 3 }, "2", "NewReplicaSetAvailable"]);
    await rollout.change(image("v1"));
    assert.deepEqual([rollout.images, rollout.revision], [{ v1: 3 }, "3"]);
    assert.equal(rollout.cluster.list(replicaSets).length, 2);
    const { writes } = rollout.cluster;
    await rollout.cluster.clock.advance(3_600_000);
    assert.equal(rollout.cluster.writes, writes);
  });

  test("that hangs is told to after its deadline, and recovers", async () => {
    await using rollout = new Rollout();
    await rollout.start("v1");
    const works = (name: string) => name !== "bad";
    await rollout.change(image("bad"), works);
    assert.deepEqual(rollout.images, { v1: 3, bad: 1 });
    assert.equal(rollout.progress, "ReplicaSetUpdated");
    await rollout.cluster.clock.advance(602_000);
    await rollout.settle(works);
    assert.equal(rollout.progress, "ProgressDeadlineExceeded");
    await rollout.change(image("v3"), works);
    assert.deepEqual([rollout.images, rollout.progress], [{ v3: 3 }, "NewReplicaSetAvailable"]);
  });

  test("goes back to an earlier revision when an old client asks for it", async () => {
    await using rollout = new Rollout();
    const { cluster } = rollout;
    const wish = "deprecated.deployment.rollback.to";
    const goBack = async (revision: string) => {
      cluster.change(deployments, "web", { metadata: { annotations: { [wish]: revision } } });
      await rollout.settle();
      const { reason, message } = cluster.events.findLast((event) => event.reason.includes("Rollback")) ?? {};
      return { annotations: cluster.get(deployments, "web").metadata.annotations ?? {}, reason, message };
    };
    const cause = "kubernetes.io/change-cause";
    await rollout.start("v1");
    for (const name of ["v2", "v3"]) {
      cluster.change(deployments, "web", { metadata: { annotations: { [cause]: name } } });
      await rollout.change(image(name));
    }
    const last = await goBack("0");
    assert.deepEqual(rollout.images, { v2: 3 });
    assert.deepEqual([last.reason, last.message], ["DeploymentRollback", 'Rolled back deployment "web" to revision 2']);
    assert.equal(last.annotations[wish], undefined);
    assert.equal(last.annotations[cause], "v2", "the reason for the change comes back with it");
    assert.equal(rollout.revision, "4");
    await goBack("1");
    assert.deepEqual(rollout.images, { v1: 3 });
    assert.deepEqual((await goBack("9")).reason, "DeploymentRollbackRevisionNotFound");
    const same = await goBack("5");
    assert.equal(same.reason, "DeploymentRollbackTemplateUnchanged");
    assert.equal(same.message, 'The rollback revision contains the same template as current deployment "web"');
    assert.equal(same.annotations[wish], undefined);
    await goBack("latest");
    assert.deepEqual([rollout.images, rollout.revision], [{ v1: 3 }, "5"], "what is no number is no wish");
  });

  test("that is paused is scaled and not rolled over", async () => {
    await using rollout = new Rollout();
    await rollout.start("v1");
    await rollout.change({ paused: true, replicas: 5, ...image("v2") });
    assert.deepEqual([rollout.images, rollout.progress], [{ v1: 5 }, "DeploymentPaused"]);
    await rollout.change({ paused: false });
    assert.deepEqual([rollout.images, rollout.progress], [{ v2: 5 }, "NewReplicaSetAvailable"]);
  });

  test("keeps so many old replica sets", async () => {
    await using rollout = new Rollout();
    await rollout.start("v1", { revisionHistoryLimit: 1 });
    for (const name of ["v2", "v3", "v4"]) await rollout.change(image(name));
    const left = rollout.cluster.list(replicaSets).map(({ spec }) => spec.template?.spec?.containers[0]?.image);
    assert.deepEqual(left.toSorted(), ["v3", "v4"]);
  });

  test("is recreated with no old pod left", async () => {
    await using rollout = new Rollout();
    await rollout.start("v1", { strategy: { type: "Recreate" } });
    rollout.cluster.podsEndSlowly = true;
    await rollout.change(image("v2"));
    const old = rollout.cluster.list(pods);
    assert.deepEqual(rollout.images, { v1: 3 });
    assert.ok(old.every(({ metadata }) => metadata.deletionTimestamp));
    for (const { metadata } of old) rollout.cluster.remove(pods, metadata.name ?? "");
    await rollout.settle();
    assert.deepEqual([rollout.images, rollout.progress], [{ v2: 3 }, "NewReplicaSetAvailable"]);
  });

  test("takes in a replica set without an owner that has its template", async () => {
    await using rollout = new Rollout();
    await rollout.start("v1");
    const [set] = rollout.cluster.list(replicaSets);
    rollout.cluster.remove(deployments, "web");
    rollout.cluster.change(replicaSets, set?.metadata.name ?? "", { metadata: { ownerReferences: null } });
    const again = deploymentOf("v1", { replicas: 2 });
    rollout.cluster.create(deployments, { ...again, metadata: { ...again.metadata, uid: "second" } });
    await rollout.settle();
    const sets = rollout.cluster.list(replicaSets);
    assert.deepEqual(
      sets.map((each) => [each.metadata.uid, controllerOf(each)?.uid]),
      [[set?.metadata.uid, "second"]],
    );
    assert.deepEqual(rollout.images, { v1: 2 });
  });
});
