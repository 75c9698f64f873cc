import type { OwnerReference } from "@kube-ts/api/meta/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { nameOf, namespaceOf, uidOf } from "@kube-ts/api/object";
import type { ResourceType } from "@kube-ts/api/resource-type";
import { foregroundDeletionFinalizer, orphanDependentsFinalizer } from "@kube-ts/api/well-known-labels";

/** One object as the graph knows it. */
export interface GraphNode {
  readonly uid: string;
  readonly type: ResourceType;
  readonly namespace: string;
  readonly name: string;
  readonly resourceVersion: string | undefined;
  readonly owners: readonly OwnerReference[];
  readonly isBeingDeleted: boolean;
  /** It goes only after the dependents that block it. */
  readonly deletesDependents: boolean;
  /** It goes only after its dependents were let go. */
  readonly orphansDependents: boolean;
}

/** What a change of the graph makes worth a look. */
export interface Consequences {
  /** Objects that may have to be deleted, or whose deletion may go on. */
  readonly attemptToDelete: readonly string[];
  /** Objects whose dependents are to be let go. */
  readonly attemptToOrphan: readonly string[];
}

export function graphNodeOf(object: KubeObject, type: ResourceType): GraphNode {
  const { metadata } = object;
  const isBeingDeleted = metadata.deletionTimestamp !== undefined;
  const holds = (finalizer: string) => isBeingDeleted && (metadata.finalizers ?? []).includes(finalizer);
  return {
    uid: uidOf(object),
    type,
    namespace: namespaceOf(object),
    name: nameOf(object),
    resourceVersion: metadata.resourceVersion,
    owners: metadata.ownerReferences ?? [],
    isBeingDeleted,
    deletesDependents: holds(foregroundDeletionFinalizer),
    orphansDependents: holds(orphanDependentsFinalizer),
  };
}

/**
 * Who owns whom, over all kinds of objects. An owner that was not seen yet has dependents all the same: whether it
 * exists is then found out by asking the server.
 */
export class OwnerGraph {
  readonly #nodes = new Map<string, GraphNode>();
  readonly #dependents = new Map<string, Set<string>>();

  get(uid: string): GraphNode | undefined {
    return this.#nodes.get(uid);
  }

  /** Takes an object as it is now. */
  put(node: GraphNode): Consequences {
    const old = this.#nodes.get(node.uid);
    this.#nodes.set(node.uid, node);
    for (const { uid } of old?.owners ?? []) this.#unlink(uid, node.uid);
    for (const { uid } of node.owners) this.#link(uid, node.uid);
    const attempts = new Set<string>();
    if (this.#hasNewDoubtfulOwner(old, node)) attempts.add(node.uid);
    for (const owner of this.#unblockedOwners(old, node)) attempts.add(owner);
    if (node.deletesDependents) {
      attempts.add(node.uid);
      if (!old?.deletesDependents)
        for (const dependent of this.#dependents.get(node.uid) ?? []) attempts.add(dependent);
    }
    return { attemptToDelete: [...attempts], attemptToOrphan: node.orphansDependents ? [node.uid] : [] };
  }

  /** Takes an object as gone. */
  remove(uid: string): Consequences {
    const node = this.#nodes.get(uid);
    if (!node) return { attemptToDelete: [], attemptToOrphan: [] };
    this.#nodes.delete(uid);
    for (const owner of node.owners) this.#unlink(owner.uid, uid);
    const waiting = node.owners.map((owner) => owner.uid).filter((owner) => this.#nodes.get(owner)?.deletesDependents);
    return { attemptToDelete: [...(this.#dependents.get(uid) ?? []), ...waiting], attemptToOrphan: [] };
  }

  dependentsOf(uid: string): GraphNode[] {
    return [...(this.#dependents.get(uid) ?? [])].flatMap((dependent) => this.#nodes.get(dependent) ?? []);
  }

  /** The dependents that have to go before the owner may. */
  blockingDependentsOf(uid: string): GraphNode[] {
    return this.dependentsOf(uid).filter(({ owners }) => owners.some((owner) => owner.uid === uid && blocks(owner)));
  }

  /**
   * Whether all owners of the object are there and stay. They were seen as the references say, and their deletion
   * would be seen too, so that the server need not be asked.
   */
  isOwned({ owners, namespace }: GraphNode): boolean {
    return owners.every((owner) => {
      const known = this.#nodes.get(owner.uid);
      return known !== undefined && isReferredTo(known, owner, namespace) && !known.deletesDependents;
    });
  }

  /** The objects of one resource. */
  uidsOf(type: ResourceType): string[] {
    return [...this.#nodes.values()].filter((node) => node.type === type).map(({ uid }) => uid);
  }

  /** Whether a reference was added whose owner was not seen yet, goes away, or is not as the reference says. */
  #hasNewDoubtfulOwner(old: GraphNode | undefined, node: GraphNode): boolean {
    const added = node.owners.filter((owner) => !old?.owners.some(({ uid }) => uid === owner.uid));
    return !this.isOwned({ ...node, owners: added });
  }

  /** Owners that wait for their dependents, and that this one no longer blocks. */
  #unblockedOwners(old: GraphNode | undefined, node: GraphNode): string[] {
    const blocked = (old?.owners ?? []).filter(blocks).map(({ uid }) => uid);
    const stillBlocked = new Set(node.owners.filter(blocks).map(({ uid }) => uid));
    return blocked.filter((uid) => !stillBlocked.has(uid) && this.#nodes.get(uid)?.deletesDependents);
  }

  #link(owner: string, dependent: string): void {
    const dependents = this.#dependents.get(owner);
    if (dependents) dependents.add(dependent);
    else this.#dependents.set(owner, new Set([dependent]));
  }

  #unlink(owner: string, dependent: string): void {
    const dependents = this.#dependents.get(owner);
    dependents?.delete(dependent);
    if (dependents?.size === 0) this.#dependents.delete(owner);
  }
}

function blocks({ blockOwnerDeletion }: OwnerReference): boolean {
  return blockOwnerDeletion === true;
}

/** Whether the node is where a dependent in this namespace says that its owner is. */
function isReferredTo({ type, name, namespace: home }: GraphNode, owner: OwnerReference, namespace: string): boolean {
  const isSameKind = type.kind === owner.kind && type.group === groupOf(owner.apiVersion);
  return isSameKind && name === owner.name && (!type.namespaced || home === namespace);
}

/** The group of an `apiVersion`; empty for the core. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? "" : apiVersion.slice(0, slash);
}
