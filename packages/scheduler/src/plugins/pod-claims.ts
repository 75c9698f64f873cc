import type { Pod, Volume } from "@kube-ts/api/core/v1";

/** The name of the claim behind a volume, that of an ephemeral volume included; undefined where there is none. */
export function claimName({ metadata }: Pod, { name, persistentVolumeClaim, ephemeral }: Volume): string | undefined {
  if (persistentVolumeClaim) return persistentVolumeClaim.claimName;
  return ephemeral ? `${metadata.name}-${name}` : undefined;
}

/** The claims that a pod uses, those made for its ephemeral volumes included. */
export function claimNames(pod: Pod): string[] {
  return (pod.spec.volumes ?? []).flatMap((volume) => claimName(pod, volume) ?? []);
}
