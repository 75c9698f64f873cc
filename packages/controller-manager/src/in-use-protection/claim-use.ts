import type { PersistentVolumeClaim, Pod } from "@kube-ts/api/core/v1";
import { nameOf, uidOf } from "@kube-ts/api/object";
import { isControlledBy } from "@kube-ts/api/owner-references";

/** The names of the claims that the pod's volumes stand for, those made for ephemeral volumes included. */
export function claimNamesOf({ metadata, spec }: Pod): string[] {
  return (spec.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }) => {
    if (persistentVolumeClaim) return [persistentVolumeClaim.claimName];
    return ephemeral ? [`${metadata.name}-${name}`] : [];
  });
}

/**
 * Whether the pod needs the claim: its node may have it mounted. A pod without a node does not count, since no kubelet
 * starts a pod with a claim that is being deleted.
 */
export function usesClaim(pod: Pod, claim: PersistentVolumeClaim): boolean {
  if (!pod.spec.nodeName) return false;
  const name = nameOf(claim);
  return (pod.spec.volumes ?? []).some((volume) => {
    if (volume.persistentVolumeClaim) return volume.persistentVolumeClaim.claimName === name;
    const isOfPod = volume.ephemeral !== undefined && `${nameOf(pod)}-${volume.name}` === name;
    return isOfPod && !isShutDown(pod) && isControlledBy(claim, uidOf(pod));
  });
}

/** Whether the pod's kubelet is done with it, or it was deleted by force. */
function isShutDown({ metadata }: Pod): boolean {
  return metadata.deletionTimestamp !== undefined && metadata.deletionGracePeriodSeconds === 0;
}
