import type { NodeInfo } from "./node-info.ts";
import type { PodInfo } from "./pod-info.ts";
import { amountOf } from "./resources.ts";

/** A resource of which a node has too little left. */
export interface Shortage {
  readonly reason: string;
  /** The pod asks for more than the node has at all. */
  readonly never: boolean;
}

const none: readonly Shortage[] = [];

/** What the node lacks for the pod, in upstream's words; `ignores` names resources that do not count. */
export function resourceShortages(
  pod: PodInfo,
  node: NodeInfo,
  ignores: (resource: string) => boolean = () => false,
): readonly Shortage[] {
  let shortages: Shortage[] | undefined;
  if (node.pods.size + 1 > node.allowedPods) (shortages ??= []).push({ reason: "Too many pods", never: false });
  const { milliCpu, memory, ephemeralStorage, scalars } = pod.requests;
  const { requested, allocatable } = node;
  const check = (name: string, wanted: number, used: number, total: number) => {
    if (wanted > 0 && wanted > total - used) {
      (shortages ??= []).push({ reason: `Insufficient ${name}`, never: wanted > total });
    }
  };
  check("cpu", milliCpu, requested.milliCpu, allocatable.milliCpu);
  check("memory", memory, requested.memory, allocatable.memory);
  check("ephemeral-storage", ephemeralStorage, requested.ephemeralStorage, allocatable.ephemeralStorage);
  for (const [name, wanted] of scalars ?? []) {
    if (!ignores(name)) check(name, wanted, amountOf(requested, name), amountOf(allocatable, name));
  }
  return shortages ?? none;
}
