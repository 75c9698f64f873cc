import { priorityClasses } from "@kube-ts/api/resource-types";
import type { PriorityClass } from "@kube-ts/api/scheduling/v1";
import { type BootstrapObjects, ensureObject } from "./ensure-object.ts";

/** Values above this are for the system's own classes. */
const highestUserPriority = 1_000_000_000;

const systemCriticalPriority = 2 * highestUserPriority;

function systemClass(name: string, value: number, description: string): PriorityClass {
  return {
    apiVersion: "scheduling.k8s.io/v1",
    kind: "PriorityClass",
    metadata: { name },
    value,
    description,
    preemptionPolicy: "PreemptLowerPriority",
  };
}

/** The classes of pods that the cluster cannot do without. */
export const systemPriorityClasses: readonly PriorityClass[] = [
  systemClass(
    "system-node-critical",
    systemCriticalPriority + 1000,
    "For pods that the cluster needs and that must stay on the node they run on.",
  ),
  systemClass(
    "system-cluster-critical",
    systemCriticalPriority,
    "For pods that the cluster needs and that may move to another node.",
  ),
];

export async function ensurePriorityClasses(objects: BootstrapObjects, signal: AbortSignal): Promise<void> {
  for (const expected of systemPriorityClasses) {
    await ensureObject(objects, priorityClasses, expected, () => undefined, signal);
  }
}
