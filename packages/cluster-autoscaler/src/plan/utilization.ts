import type { NodeInfo } from "@kube-ts/api/placement/node-info";
import type { ScaleDownOptions } from "../config/autoscaler-config.ts";
import { isDaemonPod, isMirrorPod } from "../model/template-node.ts";

/** The part of the node's cpu or memory, whichever is more, that pods request. A node without either counts as full. */
export function utilizationOf(
  node: NodeInfo,
  { ignoreDaemonSets, ignoreMirrorPods }: Pick<ScaleDownOptions, "ignoreDaemonSets" | "ignoreMirrorPods">,
): number {
  let milliCpu = 0;
  let memory = 0;
  let [availableCpu, availableMemory] = [node.allocatable.milliCpu, node.allocatable.memory];
  for (const { pod, requests } of node.pods.values()) {
    const isIgnored = (ignoreDaemonSets && isDaemonPod(pod)) || (ignoreMirrorPods && isMirrorPod(pod));
    if (isIgnored) {
      // What such pods take is neither used nor there for others.
      availableCpu -= requests.milliCpu;
      availableMemory -= requests.memory;
    } else {
      milliCpu += requests.milliCpu;
      memory += requests.memory;
    }
  }
  if (availableCpu <= 0 || availableMemory <= 0) return 1;
  return Math.max(milliCpu / availableCpu, memory / availableMemory);
}
