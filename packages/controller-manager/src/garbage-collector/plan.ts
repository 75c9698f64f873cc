import type { DeletionPropagation, ObjectMeta, OwnerReference } from "@kube-ts/api/meta/v1";
import { foregroundDeletionFinalizer, orphanDependentsFinalizer } from "@kube-ts/api/well-known-labels";

/** What a live look at an owner gave. */
export type OwnerVerdict =
  /** It exists and stays. */
  | "solid"
  /** It does not exist. */
  | "absent"
  /** It is being deleted and waits for its dependents. */
  | "waiting";

/** An object that might be garbage, as the server has it now. */
export interface Candidate {
  readonly metadata: ObjectMeta;
  readonly verdicts: ReadonlyMap<OwnerReference, OwnerVerdict>;
  readonly hasDependents: boolean;
  /** Whether one of its dependents waits for its own dependents: then owners may form a circle. */
  readonly hasWaitingDependents: boolean;
}

export type Collection =
  | { readonly kind: "keep" }
  /** Only these references stay: the others lead nowhere. */
  | { readonly kind: "dropOwners"; readonly remaining: readonly OwnerReference[] }
  /** `unblock`: first its own references must no longer block its owners, or a circle would wait for itself. */
  | { readonly kind: "delete"; readonly propagation: DeletionPropagation; readonly unblock: boolean };

/** Decides whether an object is garbage. */
export function planCollection({ metadata, verdicts, hasDependents, hasWaitingDependents }: Candidate): Collection {
  if (verdicts.size === 0) return { kind: "keep" };
  const owners = [...verdicts.keys()];
  const solid = owners.filter((owner) => verdicts.get(owner) === "solid");
  if (solid.length === owners.length) return { kind: "keep" };
  if (solid.length > 0) return { kind: "dropOwners", remaining: solid };
  const waiting = owners.some((owner) => verdicts.get(owner) === "waiting");
  if (waiting && hasDependents) return { kind: "delete", propagation: "Foreground", unblock: hasWaitingDependents };
  return { kind: "delete", propagation: propagationOf(metadata), unblock: false };
}

/** How its own dependents are treated is what its finalizers ask for. */
function propagationOf({ finalizers = [] }: ObjectMeta): DeletionPropagation {
  if (finalizers.includes(orphanDependentsFinalizer)) return "Orphan";
  return finalizers.includes(foregroundDeletionFinalizer) ? "Foreground" : "Background";
}

/** The verdict on an owner that exists under the referenced name. */
export function verdictOn(owner: OwnerReference, found: ObjectMeta | undefined): OwnerVerdict {
  if (!found || found.uid !== owner.uid) return "absent";
  const waits = found.deletionTimestamp !== undefined && found.finalizers?.includes(foregroundDeletionFinalizer);
  return waits ? "waiting" : "solid";
}
