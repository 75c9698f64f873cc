import type { KubeObject } from "@kube-ts/api/object";

const suffix = ".static.k8s.io";

/** Warns of names that are for configurations in files. */
export function reservedNameWarnings({ metadata }: KubeObject): string[] {
  if (!metadata.name?.endsWith(suffix)) return [];
  const what = "are reserved for static manifest-based configurations and cannot be managed via the API";
  return [`metadata.name: names ending with "${suffix}" ${what}`];
}
