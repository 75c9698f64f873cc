import type { Volume } from "@kube-ts/api/core/v1";

/** The kinds of volumes that this node has, by upstream's names of their plugins. */
const plugins = [
  ["configMap", "kubernetes.io/configmap"],
  ["downwardAPI", "kubernetes.io/downward-api"],
  ["emptyDir", "kubernetes.io/empty-dir"],
  ["hostPath", "kubernetes.io/host-path"],
  ["image", "kubernetes.io/image"],
  ["projected", "kubernetes.io/projected"],
  ["secret", "kubernetes.io/secret"],
] as const satisfies readonly (readonly [keyof Volume, string])[];

export type VolumePlugin = (typeof plugins)[number][1];

/** Undefined for a volume of another kind, a claim among them: what it is bound to decides. */
export function pluginOf(volume: Volume): VolumePlugin | undefined {
  return plugins.find(([source]) => volume[source] !== undefined)?.[1];
}
