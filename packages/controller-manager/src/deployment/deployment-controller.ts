import type { Deployment, ReplicaSet } from "@kube-ts/api/apps/v1";
import type { Pod } from "@kube-ts/api/core/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import type { ObjectKey } from "@kube-ts/api/object";
import { keyOf, nameOf, namespaceOf, objectKey, uidOf } from "@kube-ts/api/object";
import { controllerOf, controllerReference } from "@kube-ts/api/owner-references";
import { deployments, pods, replicaSets } from "@kube-ts/api/resource-types";
import { formatTime } from "@kube-ts/api/rfc3339";
import { selectorOf } from "@kube-ts/api/selectors";
import { isConflict, isNotFound } from "@kube-ts/api/status-error";
import type { Informer } from "@kube-ts/client/informer";
import type { WorkQueue } from "@kube-ts/client/work-queue";
import { claimChildren } from "../framework/adoption.ts";
import type { Controller, ControllerContext, ControllerDefinition } from "../framework/controller.ts";
import { hasEnded } from "../framework/pod-ranking.ts";
import { controllerQueue } from "../framework/controller-queue.ts";
import { planRollback, wantsRollback } from "./rollback.ts";
import { planResize, planRollingUpdate } from "./plan-scale.ts";
import type { Resize } from "./plan-scale.ts";
import { hasDeadline, isComplete, planDeploymentStatus, progressDeadlineMs } from "./plan-status.ts";
import type { Progress } from "./plan-status.ts";
import { ReplicaSetWriter } from "./replica-set-writer.ts";
import { byAge, findNewReplicaSet } from "./revision.ts";
import { isScaling, sizeOf } from "./rollout-limits.ts";

const setsByController = "controller-uid";
const podsByController = "controller-uid";

/** What one round of work knows of a deployment. */
interface Round {
  readonly deployment: Deployment;
  readonly sets: readonly ReplicaSet[];
  newSet: ReplicaSet | undefined;
  progress: Progress | undefined;
  collisionCount: number | undefined;
}

/** Rolls deployments out: a replica set for each template, and pods moved from the old ones to the new one. */
export class DeploymentController implements Controller {
  readonly #context: ControllerContext;
  readonly #deployments: Informer<Deployment>;
  readonly #sets: Informer<ReplicaSet>;
  readonly #pods: Informer<Pod>;
  readonly #queue: WorkQueue<ObjectKey>;
  readonly #writer: ReplicaSetWriter;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#deployments = context.informers.informer(deployments);
    this.#sets = context.informers.informer(replicaSets);
    this.#pods = context.informers.informer(pods);
    this.#queue = controllerQueue("deployment", context);
    this.#writer = new ReplicaSetWriter(context);
    const controllerUid = (object: ReplicaSet | Pod) => {
      const controller = controllerOf(object);
      return controller ? [controller.uid] : [];
    };
    this.#sets.addIndex(setsByController, controllerUid);
    this.#pods.addIndex(podsByController, controllerUid);
    this.#subscribe();
  }

  run(signal: AbortSignal): Promise<void> {
    const { workers } = this.#context.config;
    return this.#queue.run(signal, workers.deployments, (key, inner) => this.#reconcile(key, inner));
  }

  #subscribe(): void {
    this.#deployments.subscribe({
      added: (deployment) => this.#queue.add(keyOf(deployment)),
      updated: (_old, deployment) => this.#queue.add(keyOf(deployment)),
      deleted: (deployment) => this.#queue.add(keyOf(deployment)),
    });
    this.#sets.subscribe({
      added: (set) => this.#enqueueOwner(set),
      updated: (old, set) => {
        this.#enqueueOwner(set);
        if (controllerOf(old)?.uid !== controllerOf(set)?.uid) this.#enqueueOwner(old);
      },
      deleted: (set) => this.#enqueueOwner(set),
    });
    // A Recreate rollout waits for the old pods to be gone.
    this.#pods.subscribe({ deleted: (pod) => this.#enqueueOwnerOfPod(pod) });
  }

  #enqueueOwner(set: ReplicaSet): void {
    const controller = controllerOf(set);
    if (controller?.kind === "Deployment") this.#queue.add(objectKey(namespaceOf(set), controller.name));
    if (controller) return;
    for (const deployment of this.#deployments.listNamespace(namespaceOf(set))) {
      if (selectorOf(deployment.spec.selector).matches(set.metadata.labels ?? {})) this.#queue.add(keyOf(deployment));
    }
  }

  #enqueueOwnerOfPod(pod: Pod): void {
    const controller = controllerOf(pod);
    if (controller?.kind !== "ReplicaSet") return;
    const set = this.#sets.get(objectKey(namespaceOf(pod), controller.name));
    if (set) this.#enqueueOwner(set);
  }

  async #reconcile(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const cached = this.#deployments.get(key);
    if (!cached) return;
    // Its resourceVersion follows the writes of this round; the cached object is left alone.
    const deployment: Deployment = { ...cached, metadata: { ...cached.metadata } };
    const sets = await this.#claim(deployment, signal);
    const round: Round = {
      deployment,
      sets,
      newSet: findNewReplicaSet(deployment, sets),
      progress: undefined,
      collisionCount: deployment.status?.collisionCount,
    };
    if (await this.#rollBack(round, signal)) return;
    try {
      if (!deployment.metadata.deletionTimestamp) await this.#advance(round, signal);
    } finally {
      await this.#writeStatus(round, signal);
    }
    this.#checkDeadlineLater(key, deployment);
  }

  async #advance(round: Round, signal: AbortSignal): Promise<void> {
    const { deployment, sets } = round;
    if (deployment.spec.paused || isScaling(deployment, sets)) {
      await this.#keepRevision(round, signal);
      await this.#resize(deployment, planResize(deployment, round.newSet, oldSetsOf(round)), signal);
      if (deployment.spec.paused) await this.#writer.cleanUp(deployment, oldSetsOf(round), signal);
      return;
    }
    if (deployment.spec.strategy?.type === "Recreate") await this.#recreate(round, signal);
    else await this.#rollingUpdate(round, signal);
    if (round.newSet && this.#isFinished(round)) await this.#writer.cleanUp(deployment, oldSetsOf(round), signal);
  }

  /** Restores an earlier revision if that is asked for; the deployment's next event goes on from there. */
  async #rollBack(round: Round, signal: AbortSignal): Promise<boolean> {
    const { client, events } = this.#context;
    const { deployment } = round;
    if (deployment.metadata.deletionTimestamp || deployment.spec.paused || !wantsRollback(deployment)) return false;
    // The latest revision counts, too, even if it was never rolled out.
    const newSet = await this.#ensureNewSet(round, signal);
    const changed = planRollback(deployment, newSet ? [...oldSetsOf(round), newSet] : round.sets);
    await client.resource(deployments).update(changed.deployment, { signal });
    const { type, reason, message } = changed.event;
    events.event(deployment, type, reason, message);
    return true;
  }

  async #rollingUpdate(round: Round, signal: AbortSignal): Promise<void> {
    const newSet = await this.#ensureNewSet(round, signal);
    if (!newSet) return;
    await this.#resize(round.deployment, planRollingUpdate(round.deployment, newSet, oldSetsOf(round)), signal);
  }

  /** All old pods end before the first new one starts. */
  async #recreate(round: Round, signal: AbortSignal): Promise<void> {
    const { deployment } = round;
    const old = oldSetsOf(round).filter((set) => sizeOf(set) > 0);
    if (old.length > 0) {
      await this.#resize(
        deployment,
        old.map((set) => ({ set, replicas: 0 })),
        signal,
      );
      return;
    }
    if (this.#hasOldPods(round)) return;
    const newSet = await this.#ensureNewSet(round, signal);
    if (!newSet) return;
    const replicas = deployment.spec.replicas ?? 1;
    if (sizeOf(newSet) !== replicas) await this.#resize(deployment, [{ set: newSet, replicas }], signal);
  }

  #hasOldPods(round: Round): boolean {
    return oldSetsOf(round).some((set) =>
      this.#pods.byIndex(podsByController, uidOf(set)).some((pod) => !hasEnded(pod)),
    );
  }

  async #ensureNewSet(round: Round, signal: AbortSignal): Promise<ReplicaSet | undefined> {
    if (round.newSet) {
      await this.#keepRevision(round, signal);
      return round.newSet;
    }
    try {
      const created = await this.#writer.create(round.deployment, round.sets, round.collisionCount, signal);
      if (created.kind === "collision") {
        // The status tells of it, and its event brings the key back.
        round.collisionCount = created.collisionCount;
        return undefined;
      }
      round.newSet = created.set;
      round.progress = { kind: "created", setName: nameOf(created.set) };
      await this.#writer.noteRevision(round.deployment, created.set, signal);
      return created.set;
    } catch (error) {
      round.progress = { kind: "failed", message: error instanceof Error ? error.message : String(error) };
      throw error;
    }
  }

  async #keepRevision(round: Round, signal: AbortSignal): Promise<void> {
    if (!round.newSet) return;
    round.newSet = await this.#writer.keepUp(round.deployment, round.newSet, oldSetsOf(round), signal);
    await this.#writer.noteRevision(round.deployment, round.newSet, signal);
  }

  async #resize(deployment: Deployment, resizes: readonly Resize[], signal: AbortSignal): Promise<void> {
    for (const { set, replicas } of resizes) await this.#writer.resize(deployment, set, replicas, signal);
  }

  #isFinished({ deployment }: Round): boolean {
    return (
      deployment.status !== undefined && isComplete(deployment, deployment.status, deployment.status.observedGeneration)
    );
  }

  #claim(deployment: Deployment, signal: AbortSignal): Promise<ReplicaSet[]> {
    const { client } = this.#context;
    const namespace = namespaceOf(deployment);
    const stillExists = async () => {
      const key = { namespace, name: nameOf(deployment) };
      const latest = await client
        .resource(deployments)
        .get(key, { signal })
        .catch((error: unknown) => {
          if (isNotFound(error)) return undefined;
          throw error;
        });
      return latest !== undefined && uidOf(latest) === uidOf(deployment) && !latest.metadata.deletionTimestamp;
    };
    const candidates = this.#sets.listNamespace(namespace);
    const reference = controllerReference(deployment, deployments);
    const selector = selectorOf(deployment.spec.selector);
    return claimChildren(client, replicaSets, candidates, deployment, reference, selector, stillExists, signal);
  }

  async #writeStatus(round: Round, signal: AbortSignal): Promise<void> {
    const { clock, client } = this.#context;
    const { deployment, newSet, progress, collisionCount } = round;
    const allSets =
      newSet && !round.sets.some((set) => uidOf(set) === uidOf(newSet)) ? [...round.sets, newSet] : round.sets;
    const nowMs = clock.now();
    const status = planDeploymentStatus({
      deployment,
      newSet,
      allSets,
      progress,
      collisionCount,
      nowMs,
      now: formatTime(nowMs),
    });
    if (semanticEqual(status, deployment.status ?? {})) return;
    try {
      await client.resource(deployments).updateStatus({ ...deployment, status }, { signal });
    } catch (error) {
      // A conflict means that there is a newer version, whose event brings the key back.
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  }

  /** A rollout that hangs has no event to wake it. */
  #checkDeadlineLater(key: ObjectKey, deployment: Deployment): void {
    if (!hasDeadline(deployment) || deployment.spec.paused || !deployment.status) return;
    if (isComplete(deployment, deployment.status, deployment.status.observedGeneration)) return;
    const remainingMs = progressDeadlineMs(deployment) - this.#context.clock.now();
    if (remainingMs > 0) this.#queue.addAfter(key, remainingMs + 1_000);
  }
}

function oldSetsOf({ sets, newSet }: Round): ReplicaSet[] {
  return sets.filter((set) => !newSet || uidOf(set) !== uidOf(newSet)).toSorted(byAge);
}

export const deploymentController: ControllerDefinition = {
  name: "deployment-controller",
  serviceAccount: "deployment-controller",
  create: (context) => new DeploymentController(context),
};
