import type { PodIdentity } from "../runtime.ts";

/** The container name that marks a sandbox. */
export const sandboxContainerName = "POD";

/** What a Docker container name says: all parts are DNS names or numbers, so `_` separates them safely. */
export interface ParsedName {
  readonly containerName: string;
  readonly pod: PodIdentity;
  readonly attempt: number;
}

/** `k8s_<container>_<pod>_<namespace>_<uid>_<attempt>`. */
export function dockerName(containerName: string, pod: PodIdentity, attempt: number): string {
  return ["k8s", containerName, pod.name, pod.namespace, pod.uid, String(attempt)].join("_");
}

/** Undefined for a name that is not ours. Docker puts a slash before names. */
export function parseDockerName(name: string): ParsedName | undefined {
  const [prefix, containerName, podName, namespace, uid, attempt, ...rest] = name.replace(/^\//, "").split("_");
  if (prefix !== "k8s" || !containerName || !podName || !namespace || !uid || rest.length > 0) return undefined;
  if (!attempt || !/^\d+$/.test(attempt)) return undefined;
  return { containerName, pod: { name: podName, namespace, uid }, attempt: Number(attempt) };
}
