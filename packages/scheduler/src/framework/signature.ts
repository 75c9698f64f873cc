import type { Container } from "@kube-ts/api/core/v1";
import type { PodInfo } from "@kube-ts/api/placement/pod-info";

const signatures = new WeakMap<PodInfo, string>();

/**
 * Pods with the same signature get the same answers from plugins that are local to a node. It covers everything of a
 * pod that such a plugin may look at: resources, ports, images, node selection, tolerations.
 */
export function schedulingSignature(pod: PodInfo): string {
  let signature = signatures.get(pod);
  if (signature === undefined) signatures.set(pod, (signature = describe(pod)));
  return signature;
}

function describe({ pod: { spec } }: PodInfo): string {
  return JSON.stringify([
    spec.containers.map(containerPart),
    spec.initContainers?.map(containerPart),
    spec.overhead,
    spec.resources,
    spec.nodeName,
    spec.nodeSelector,
    spec.affinity?.nodeAffinity,
    spec.tolerations,
  ]);
}

function containerPart({ image, resources, ports, restartPolicy }: Container): unknown {
  return [image, resources, ports, restartPolicy];
}
