import type { PersistentVolume, PersistentVolumeClaim, Pod, Volume } from "@kube-ts/api/core/v1";

/** Claims and the volumes that they are bound to. */
export interface ClaimSource {
  /** Undefined when it does not exist; rejects when that cannot be known. */
  claim(namespace: string, name: string, signal: AbortSignal): Promise<PersistentVolumeClaim | undefined>;
  volume(name: string, signal: AbortSignal): Promise<PersistentVolume | undefined>;
}

/** The name of the claim that a volume of the pod stands for; undefined for another kind of volume. */
export function claimNameOf(pod: Pod, volume: Volume): string | undefined {
  if (volume.ephemeral) return `${pod.metadata.name}-${volume.name}`;
  return volume.persistentVolumeClaim?.claimName;
}

/** The volume that a pod's claim is bound to. Throws, in upstream's words, when there is none to be had. */
export async function claimedVolume(
  pod: Pod,
  volume: Volume,
  name: string,
  claims: ClaimSource,
  signal: AbortSignal,
): Promise<PersistentVolume> {
  const namespace = pod.metadata.namespace ?? "";
  const fail = (why: string): never => {
    throw new Error(`error processing PVC ${namespace}/${name}: ${why}`);
  };
  const claim = await claims.claim(namespace, name, signal);
  if (!claim) {
    return fail(`failed to fetch PVC from API server: persistentvolumeclaims "${name}" not found`);
  }
  const isOwn = claim.metadata.ownerReferences?.some(({ uid }) => uid === pod.metadata.uid) ?? false;
  if (volume.ephemeral && !isOwn) {
    return fail(
      `PVC ${namespace}/${name} was not created for pod ${namespace}/${pod.metadata.name} (pod is not owner)`,
    );
  }
  if (claim.metadata.deletionTimestamp) return fail("PVC is being deleted");
  const volumeName = claim.spec.volumeName ?? "";
  if (claim.status?.phase !== "Bound" || volumeName === "") return fail("PVC is not bound");
  const bound = await claims.volume(volumeName, signal);
  if (!bound)
    return fail(`failed to fetch PV "${volumeName}" from API server: persistentvolumes "${volumeName}" not found`);
  if (bound.spec.claimRef?.uid !== claim.metadata.uid) {
    return fail(`PV "${volumeName}" is bound to another claim`);
  }
  if (bound.spec.volumeMode === "Block")
    return fail(`PV "${volumeName}" is a block device, which this node cannot attach`);
  return bound;
}
