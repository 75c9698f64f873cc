import type { StatefulSet } from "@kube-ts/api/apps/v1";
import type { PersistentVolumeClaim } from "@kube-ts/api/core/v1";
import type { OwnerReference } from "@kube-ts/api/meta/v1";
import { nameOf, namespaceOf, uidOf } from "@kube-ts/api/object";
import { controllerReference } from "@kube-ts/api/owner-references";
import { statefulSets } from "@kube-ts/api/resource-types";
import { claimNameOf, isWanted } from "./identity.ts";

/** The claims that exist, by name. */
export type ClaimsByName = ReadonlyMap<string, PersistentVolumeClaim>;

/** A place in the set whose claims are looked at; without a uid its pod does not exist. */
export interface ClaimHolder {
  readonly podName: string;
  readonly podUid: string | undefined;
  readonly ordinal: number;
}

/** What has to happen to the claims of one pod. */
export interface ClaimChanges {
  readonly create: readonly PersistentVolumeClaim[];
  /** Claims with the owners that they are to have. */
  readonly update: readonly PersistentVolumeClaim[];
  /** Names of claims that go: a new pod has to wait for them. */
  readonly deleting: readonly string[];
  /** Names of claims that somebody else controls, so that their retention is not ours to decide. */
  readonly conflicting: readonly string[];
}

/** Compares the claims of a pod with what the set wants; `create` is left empty unless `withMissing`. */
export function planClaims(
  set: StatefulSet,
  holder: ClaimHolder,
  claims: ClaimsByName,
  withMissing: boolean,
): ClaimChanges {
  const create: PersistentVolumeClaim[] = [];
  const update: PersistentVolumeClaim[] = [];
  const deleting: string[] = [];
  const conflicting: string[] = [];
  for (const template of set.spec.volumeClaimTemplates ?? []) {
    const name = claimNameOf(template, holder.podName);
    const claim = claims.get(name);
    if (!claim) {
      if (withMissing) create.push(newClaim(set, template, holder));
      continue;
    }
    if (claim.metadata.deletionTimestamp) deleting.push(name);
    const owners = planOwners(set, claim, holder);
    if (owners) update.push({ ...claim, metadata: { ...claim.metadata, ownerReferences: [...owners] } });
    if (owners && hasOtherController(set, claim, holder)) conflicting.push(name);
  }
  return { create, update, deleting, conflicting };
}

/**
 * Whether a claim of the place still belongs to an earlier pod, with which it goes: a new pod has to wait until it is
 * gone.
 */
export function hasClaimOfEarlierPod(set: StatefulSet, holder: ClaimHolder, claims: ClaimsByName): boolean {
  if (retention(set).whenScaled === "Retain") return false;
  return (set.spec.volumeClaimTemplates ?? []).some((template) => {
    const owners = claims.get(claimNameOf(template, holder.podName))?.metadata.ownerReferences ?? [];
    return owners.some((owner) => namesPod(owner, holder) && owner.uid !== holder.podUid);
  });
}

function newClaim(set: StatefulSet, template: PersistentVolumeClaim, holder: ClaimHolder): PersistentVolumeClaim {
  const { labels, ...metadata } = template.metadata;
  const owners = wantedOwners(set, holder);
  return {
    metadata: {
      ...metadata,
      name: claimNameOf(template, holder.podName),
      namespace: namespaceOf(set),
      labels: { ...labels, ...set.spec.selector?.matchLabels },
      ...(owners.length > 0 && { ownerReferences: owners }),
    },
    ...(template.spec && { spec: template.spec }),
  };
}

/** The owners that the claim is to have; undefined when it has them, or when they are not ours to change. */
function planOwners(
  set: StatefulSet,
  claim: PersistentVolumeClaim,
  holder: ClaimHolder,
): readonly OwnerReference[] | undefined {
  const owners = claim.metadata.ownerReferences ?? [];
  // Left behind by an object that had our name: the garbage collector sees to it.
  if (owners.some((owner) => isStale(set, owner, holder))) return undefined;
  const ours = owners.filter((owner) => isOurs(set, owner, holder));
  const others = owners.filter((owner) => !isOurs(set, owner, holder));
  if (hasOtherController(set, claim, holder)) return ours.length > 0 ? others : undefined;
  const wanted = wantedOwners(set, holder);
  const isRight =
    ours.length === wanted.length &&
    ours.every((owner) => owner.controller === true && wanted.some(({ uid }) => uid === owner.uid));
  return isRight ? undefined : [...others, ...wanted];
}

/** With whom the claim is to go: with the set, with a pod that is not wanted any more, or with nobody. */
function wantedOwners(set: StatefulSet, { podName, podUid, ordinal }: ClaimHolder): OwnerReference[] {
  const { whenDeleted, whenScaled } = retention(set);
  if (whenScaled === "Delete" && podUid !== undefined && !isWanted(set, ordinal)) {
    const pod = { apiVersion: "v1", kind: "Pod", name: podName, uid: podUid };
    return [{ ...pod, controller: true, blockOwnerDeletion: true }];
  }
  return whenDeleted === "Delete" ? [controllerReference(set, statefulSets)] : [];
}

/** Where nothing is ever deleted it does not matter who else controls a claim. */
function hasOtherController(set: StatefulSet, { metadata }: PersistentVolumeClaim, holder: ClaimHolder): boolean {
  const { whenDeleted, whenScaled } = retention(set);
  if (whenDeleted === "Retain" && whenScaled === "Retain") return false;
  return (metadata.ownerReferences ?? []).some((owner) => owner.controller === true && !isOurs(set, owner, holder));
}

function isOurs(set: StatefulSet, { uid }: OwnerReference, { podUid }: ClaimHolder): boolean {
  return uid === uidOf(set) || (podUid !== undefined && uid === podUid);
}

function isStale(set: StatefulSet, owner: OwnerReference, holder: ClaimHolder): boolean {
  if (namesPod(owner, holder)) return owner.uid !== holder.podUid;
  const namesSet = owner.kind === "StatefulSet" && owner.apiVersion === "apps/v1" && owner.name === nameOf(set);
  return namesSet && owner.uid !== uidOf(set);
}

function namesPod(owner: OwnerReference, { podName }: ClaimHolder): boolean {
  return owner.kind === "Pod" && owner.apiVersion === "v1" && owner.name === podName;
}

function retention({ spec }: StatefulSet): { readonly whenDeleted: string; readonly whenScaled: string } {
  const { whenDeleted = "Retain", whenScaled = "Retain" } = spec.persistentVolumeClaimRetentionPolicy ?? {};
  return { whenDeleted, whenScaled };
}
