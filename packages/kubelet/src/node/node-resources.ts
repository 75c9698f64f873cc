import type { ResourceList } from "@kube-ts/api/core/v1";
import { Quantity } from "@kube-ts/api/quantity";
import type { NodeConfig } from "../config/kubelet-config.ts";
import { type EvictionThreshold, amountOf } from "../eviction/eviction-config.ts";
import type { Machine } from "./machine.ts";

export interface NodeResources {
  readonly capacity: ResourceList;
  /** What pods may have: the capacity without what is reserved and what eviction defends. */
  readonly allocatable: ResourceList;
}

/** What the node has and what of it pods may have. `storageBytes` is the size of the disk that pods write to. */
export function nodeResources(
  machine: Machine,
  storageBytes: number,
  config: Pick<NodeConfig, "maxPods" | "podsPerCore" | "kubeReserved" | "systemReserved">,
  thresholds: readonly EvictionThreshold[],
): NodeResources {
  const { maxPods, podsPerCore, kubeReserved, systemReserved } = config;
  const pods = podsPerCore > 0 ? Math.min(maxPods, podsPerCore * machine.cores) : maxPods;
  const capacity = new Map<string, Quantity>([
    ["cpu", Quantity.fromInteger(machine.cores)],
    ["ephemeral-storage", Quantity.fromInteger(storageBytes, "BinarySI")],
    ...[...machine.hugepages].map(([name, bytes]) => [name, Quantity.fromInteger(bytes, "BinarySI")] as const),
    ["memory", Quantity.fromInteger(machine.memoryBytes, "BinarySI")],
    ["pods", Quantity.fromInteger(pods)],
  ]);
  const held = new Map<string, Quantity>([
    ["memory", defended(thresholds, "memory.available", machine.memoryBytes)],
    ["ephemeral-storage", defended(thresholds, "nodefs.available", storageBytes)],
  ]);
  for (const reserved of [kubeReserved, systemReserved]) {
    for (const [name, text] of Object.entries(reserved)) {
      held.set(name, (held.get(name) ?? Quantity.zero).add(Quantity.parse(text)));
    }
  }
  // Memory in huge pages is not there for anything else.
  for (const bytes of machine.hugepages.values()) {
    held.set("memory", (held.get("memory") ?? Quantity.zero).add(Quantity.fromInteger(bytes)));
  }
  const allocatable = new Map<string, Quantity>();
  for (const [name, amount] of capacity) {
    const left = amount.sub(held.get(name) ?? Quantity.zero);
    allocatable.set(name, left.sign() < 0 ? Quantity.zero : left);
  }
  return { capacity: texts(capacity), allocatable: texts(allocatable) };
}

function defended(thresholds: readonly EvictionThreshold[], signal: string, capacity: number): Quantity {
  const hard = thresholds.find((threshold) => threshold.signal === signal && threshold.graceMs === 0);
  return hard ? Quantity.fromInteger(amountOf(hard.value, capacity), "BinarySI") : Quantity.zero;
}

function texts(amounts: ReadonlyMap<string, Quantity>): ResourceList {
  return Object.fromEntries([...amounts].map(([name, amount]) => [name, amount.toString()]));
}
