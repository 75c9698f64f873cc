import type { Deployment, ReplicaSet } from "@kube-ts/api/apps/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import { nameOf, namespaceOf, uidOf } from "@kube-ts/api/object";
import { controllerOf, controllerReference } from "@kube-ts/api/owner-references";
import { deployments, replicaSets } from "@kube-ts/api/resource-types";
import { isAlreadyExists, isNamespaceTerminating, isNotFound } from "@kube-ts/api/status-error";
import { podTemplateHashLabel, revisionAnnotation } from "@kube-ts/api/well-known-labels";
import type { ControllerContext } from "../framework/controller.ts";
import { newReplicaSetSize } from "./plan-scale.ts";
import { findNewReplicaSet, nextRevision, replicaSetAnnotations, revisionOf, templateHash } from "./revision.ts";
import { sizeAnnotations, sizeOf } from "./rollout-limits.ts";

/** What came of the attempt to create a replica set: it is there, or another object has its name. */
export type Creation =
  | { readonly kind: "created"; readonly set: ReplicaSet }
  | { readonly kind: "collision"; readonly collisionCount: number };

/** Writes the replica sets of deployments. */
export class ReplicaSetWriter {
  readonly #context: ControllerContext;

  constructor(context: ControllerContext) {
    this.#context = context;
  }

  /** Creates the replica set of the deployment's template. */
  async create(
    deployment: Deployment,
    others: readonly ReplicaSet[],
    collisionCount: number | undefined,
    signal: AbortSignal,
  ): Promise<Creation> {
    const { client, events } = this.#context;
    const set = newReplicaSet(deployment, others, collisionCount);
    try {
      const created = await client.resource(replicaSets).create(set, { signal });
      const size = sizeOf(created);
      if (size > 0) {
        const message = `Scaled up replica set ${nameOf(created)} from 0 to ${size}`;
        events.event(deployment, "Normal", "ScalingReplicaSet", message);
      }
      return { kind: "created", set: created };
    } catch (error) {
      if (isAlreadyExists(error)) return this.#resolveCollision(deployment, set, collisionCount, signal);
      if (!isNamespaceTerminating(error)) {
        const message = `Failed to create new replica set "${nameOf(set)}": ${error instanceof Error ? error.message : String(error)}`;
        events.event(deployment, "Warning", "ReplicaSetCreateError", message);
      }
      throw error;
    }
  }

  /** A set of that name may be our own from a round whose result was lost. */
  async #resolveCollision(
    deployment: Deployment,
    wanted: ReplicaSet,
    collisionCount: number | undefined,
    signal: AbortSignal,
  ): Promise<Creation> {
    const { client } = this.#context;
    const existing = await client.resource(replicaSets).get(keyOfSet(wanted), { signal });
    const isOurs = controllerOf(existing)?.uid === uidOf(deployment) && findNewReplicaSet(deployment, [existing]);
    if (isOurs) return { kind: "created", set: existing };
    return { kind: "collision", collisionCount: (collisionCount ?? 0) + 1 };
  }

  /** Keeps the annotations, the revision and the readiness rule of the new set up with the deployment. */
  async keepUp(
    deployment: Deployment,
    set: ReplicaSet,
    others: readonly ReplicaSet[],
    signal: AbortSignal,
  ): Promise<ReplicaSet> {
    const current = set.metadata.annotations ?? {};
    const annotations = replicaSetAnnotations(deployment, current, Math.max(nextRevision(others), revisionOf(set)));
    const minReadySeconds = deployment.spec.minReadySeconds ?? 0;
    if (semanticEqual(annotations, current) && (set.spec.minReadySeconds ?? 0) === minReadySeconds) return set;
    const changed = {
      ...set,
      metadata: { ...set.metadata, annotations },
      spec: { ...set.spec, minReadySeconds },
    };
    return this.#context.client.resource(replicaSets).update(changed, { signal });
  }

  /** Shows the revision of the new set on the deployment. */
  async noteRevision(deployment: Deployment, set: ReplicaSet, signal: AbortSignal): Promise<void> {
    const revision = set.metadata.annotations?.[revisionAnnotation];
    if (revision === undefined || deployment.metadata.annotations?.[revisionAnnotation] === revision) return;
    const annotations = { ...deployment.metadata.annotations, [revisionAnnotation]: revision };
    const changed = { ...deployment, metadata: { ...deployment.metadata, annotations } };
    const updated = await this.#context.client.resource(deployments).update(changed, { signal });
    // The status that is written at the end of the round is based on this version.
    deployment.metadata = updated.metadata;
  }

  async resize(deployment: Deployment, set: ReplicaSet, replicas: number, signal: AbortSignal): Promise<void> {
    const { client, events } = this.#context;
    const before = sizeOf(set);
    const annotations = { ...set.metadata.annotations, ...sizeAnnotations(deployment) };
    if (before === replicas && semanticEqual(annotations, set.metadata.annotations ?? {})) return;
    const changed = { ...set, metadata: { ...set.metadata, annotations }, spec: { ...set.spec, replicas } };
    await client.resource(replicaSets).update(changed, { signal });
    if (before === replicas) return;
    const direction = replicas > before ? "up" : "down";
    const message = `Scaled ${direction} replica set ${nameOf(set)} from ${before} to ${replicas}`;
    events.event(deployment, "Normal", "ScalingReplicaSet", message);
  }

  /** Deletes the oldest unused sets past the history limit. */
  async cleanUp(deployment: Deployment, oldSets: readonly ReplicaSet[], signal: AbortSignal): Promise<void> {
    const limit = deployment.spec.revisionHistoryLimit ?? 10;
    const unused = oldSets.filter(isUnused).toSorted((a, b) => revisionOf(a) - revisionOf(b));
    const alive = oldSets.filter(({ metadata }) => !metadata.deletionTimestamp).length;
    for (const set of unused.slice(0, Math.max(0, alive - limit))) {
      await this.#context.client
        .resource(replicaSets)
        .delete(keyOfSet(set), { preconditions: { uid: uidOf(set) }, signal })
        .catch((error: unknown) => {
          if (!isNotFound(error)) throw error;
        });
    }
  }
}

function isUnused(set: ReplicaSet): boolean {
  const observed = (set.status?.observedGeneration ?? 0) >= (set.metadata.generation ?? 0);
  return sizeOf(set) === 0 && (set.status?.replicas ?? 0) === 0 && observed && !set.metadata.deletionTimestamp;
}

function newReplicaSet(
  deployment: Deployment,
  others: readonly ReplicaSet[],
  collisionCount: number | undefined,
): ReplicaSet {
  const { spec } = deployment;
  const hash = templateHash(spec.template, collisionCount);
  const labels = { ...spec.template.metadata?.labels, [podTemplateHashLabel]: hash };
  return {
    metadata: {
      name: `${nameOf(deployment)}-${hash}`,
      namespace: namespaceOf(deployment),
      labels,
      annotations: { ...replicaSetAnnotations(deployment, {}, nextRevision(others)), ...sizeAnnotations(deployment) },
      ownerReferences: [controllerReference(deployment, deployments)],
    },
    spec: {
      replicas: newReplicaSetSize(deployment, others, 0),
      minReadySeconds: spec.minReadySeconds ?? 0,
      selector: { ...spec.selector, matchLabels: { ...spec.selector?.matchLabels, [podTemplateHashLabel]: hash } },
      template: { ...spec.template, metadata: { ...spec.template.metadata, labels } },
    },
  };
}

function keyOfSet(set: ReplicaSet): { namespace: string; name: string } {
  return { namespace: namespaceOf(set), name: nameOf(set) };
}
