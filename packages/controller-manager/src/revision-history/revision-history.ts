import type { ControllerRevision } from "@kube-ts/api/apps/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import type { OwnerReference } from "@kube-ts/api/meta/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { nameOf, namespaceOf, uidOf } from "@kube-ts/api/object";
import { controllerOf } from "@kube-ts/api/owner-references";
import { controllerRevisions } from "@kube-ts/api/resource-types";
import type { Selector } from "@kube-ts/api/selectors";
import { isAlreadyExists, isConflict, isNotFound } from "@kube-ts/api/status-error";
import type { Informer } from "@kube-ts/client/informer";
import { claimChildren } from "../framework/adoption.ts";
import type { ControllerContext } from "../framework/controller.ts";
import { byRevision, newRevision, planRevision, planTruncation } from "./controller-revision.ts";
import type { RevisionContent } from "./controller-revision.ts";

const revisionsByController = "controller-uid";
const orphanRevisions = "orphan-namespace";
/** How many names in a row may be taken by other states. */
const maxCollisions = 10;

/** An owner of revisions as it is referred to. */
export interface RevisionOwner {
  readonly object: KubeObject;
  readonly reference: OwnerReference;
  readonly selector: Selector;
}

/** The revision of the state that is wanted now. */
interface LatestRevision {
  readonly revision: ControllerRevision;
  readonly collisionCount: number;
}

/** The past and present states of objects, kept as controller revisions. */
export class RevisionHistory {
  readonly #context: ControllerContext;
  readonly #revisions: Informer<ControllerRevision>;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#revisions = context.informers.informer(controllerRevisions);
    this.#revisions.addIndex(revisionsByController, (revision) => {
      const controller = controllerOf(revision);
      return controller ? [controller.uid] : [];
    });
    this.#revisions.addIndex(orphanRevisions, (revision) => (controllerOf(revision) ? [] : [namespaceOf(revision)]));
  }

  /** Tells of revisions that are gone, so that their owner can look after its history. */
  onDeleted(handler: (revision: ControllerRevision) => void): void {
    this.#revisions.subscribe({ deleted: handler });
  }

  /**
   * The owner's revisions in order, orphans that match adopted. `stillExists` is asked before the first adoption, by a
   * read that is not from a cache.
   */
  async claim(
    { object, reference, selector }: RevisionOwner,
    stillExists: () => Promise<boolean>,
    signal: AbortSignal,
  ): Promise<readonly ControllerRevision[]> {
    const candidates = [
      ...this.#revisions.byIndex(revisionsByController, uidOf(object)),
      ...this.#revisions.byIndex(orphanRevisions, namespaceOf(object)),
    ].filter(({ metadata }) => selector.matches(metadata.labels ?? {}));
    const { client } = this.#context;
    const own = await claimChildren(
      client,
      controllerRevisions,
      candidates,
      object,
      reference,
      selector,
      stillExists,
      signal,
    );
    return own.toSorted(byRevision);
  }

  /** Makes the content the newest revision: the one that has it already, or a new one. `revisions` is in order. */
  async advance(
    owner: RevisionOwner,
    revisions: readonly ControllerRevision[],
    content: RevisionContent,
    collisionCount: number,
    signal: AbortSignal,
  ): Promise<LatestRevision> {
    const plan = planRevision(revisions, content.data);
    switch (plan.kind) {
      case "keep":
        return { revision: plan.revision, collisionCount };
      case "renumber": {
        const changed = { ...plan.revision, revision: plan.number };
        const revision = await this.#context.client.resource(controllerRevisions).update(changed, { signal });
        return { revision, collisionCount };
      }
      case "create":
        return this.#create(owner, content, plan.number, collisionCount, signal);
    }
  }

  /** Deletes the oldest revisions that nobody uses, past the limit. */
  async truncate(
    revisions: readonly ControllerRevision[],
    live: ReadonlySet<string>,
    limit: number,
    signal: AbortSignal,
  ): Promise<void> {
    for (const revision of planTruncation(revisions, live, limit)) {
      const preconditions = { uid: uidOf(revision) };
      await this.#context.client
        .resource(controllerRevisions)
        .delete(keyOfRevision(revision), { preconditions, signal })
        .catch((error: unknown) => {
          if (!isNotFound(error) && !isConflict(error)) throw error;
        });
    }
  }

  async #create(
    { object, reference }: RevisionOwner,
    content: RevisionContent,
    number: number,
    firstCollisionCount: number,
    signal: AbortSignal,
  ): Promise<LatestRevision> {
    const client = this.#context.client.resource(controllerRevisions);
    for (let collisionCount = firstCollisionCount; ; collisionCount += 1) {
      const wanted = newRevision(namespaceOf(object), reference, content, number, collisionCount);
      try {
        return { revision: await client.create(wanted, { signal }), collisionCount };
      } catch (error) {
        if (!isAlreadyExists(error) || collisionCount - firstCollisionCount >= maxCollisions) throw error;
      }
      // It may be our own, from a round that the cache does not show yet, or that of an object which had our name and
      // goes: then it is made again when it is gone.
      const existing = await client.get(keyOfRevision(wanted), { signal });
      if (semanticEqual(existing.data, content.data)) return { revision: existing, collisionCount };
    }
  }
}

function keyOfRevision(revision: ControllerRevision): { namespace: string; name: string } {
  return { namespace: namespaceOf(revision), name: nameOf(revision) };
}
