import type { PodIdentity } from "./runtime.ts";

/** Labels and annotations from which a restarted kubelet rebuilds what it knew; the names are upstream's. */
export const labels = {
  podName: "io.kubernetes.pod.name",
  podNamespace: "io.kubernetes.pod.namespace",
  podUid: "io.kubernetes.pod.uid",
  containerName: "io.kubernetes.container.name",
} as const;

export const annotations = {
  /** Hash of the container's spec, to notice that it changed. */
  containerHash: "io.kubernetes.container.hash",
  containerRestartCount: "io.kubernetes.container.restartCount",
  terminationMessagePath: "io.kubernetes.container.terminationMessagePath",
  terminationMessagePolicy: "io.kubernetes.container.terminationMessagePolicy",
  /** The preStop handler as JSON. */
  containerPreStopHandler: "io.kubernetes.container.preStopHandler",
  /** Which images its volumes show, by volume, as JSON. */
  imageVolumes: "io.kubernetes.container.imageVolumes",
  /** The container's ports as JSON. */
  containerPorts: "io.kubernetes.container.ports",
  podDeletionGracePeriod: "io.kubernetes.pod.deletionGracePeriod",
  podTerminationGracePeriod: "io.kubernetes.pod.terminationGracePeriod",
} as const;

export function podLabels(pod: PodIdentity): Record<string, string> {
  return { [labels.podName]: pod.name, [labels.podNamespace]: pod.namespace, [labels.podUid]: pod.uid };
}

export function containerLabels(pod: PodIdentity, containerName: string): Record<string, string> {
  return { ...podLabels(pod), [labels.containerName]: containerName };
}

/** The pod that the labels name; undefined when they name none, so that it is not ours. */
export function podOfLabels(from: Readonly<Record<string, string>>): PodIdentity | undefined {
  const name = from[labels.podName];
  const namespace = from[labels.podNamespace];
  const uid = from[labels.podUid];
  return name && namespace && uid ? { name, namespace, uid } : undefined;
}
