import type { Pod } from "@kube-ts/api/core/v1";
import { mirrorPodAnnotation } from "@kube-ts/api/well-known-labels";

/** Annotations that tell where a pod comes from. */
export const configAnnotations = {
  source: "kubernetes.io/config.source",
  seen: "kubernetes.io/config.seen",
  hash: "kubernetes.io/config.hash",
  /** On the object that shows a static pod in the API: the static pod's hash. */
  mirror: mirrorPodAnnotation,
} as const;

/** An object that only shows a static pod of some node: it is not run. */
export function isMirrorPod(pod: Pod): boolean {
  return pod.metadata.annotations?.[configAnnotations.mirror] !== undefined;
}

/** A pod that comes from a file of the node. */
export function isStaticPod(pod: Pod): boolean {
  return pod.metadata.annotations?.[configAnnotations.source] === "file" && !isMirrorPod(pod);
}
