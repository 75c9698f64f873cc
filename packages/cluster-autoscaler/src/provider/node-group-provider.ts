import type { ResourceList, Taint } from "@kube-ts/api/core/v1";

/** How far a machine is. One that was asked for is listed at once, as `Creating`. */
export type MachineState = "Creating" | "Running" | "Deleting" | "Failed";

/** Why a machine could not be made; `OutOfResources` when another one of the group would fare no better now. */
export interface MachineError {
  readonly class: "OutOfResources" | "Other";
  readonly message: string;
}

export interface Machine {
  /** Unique in the provider; the `spec.providerID` of its node where kubelets have one. */
  readonly id: string;
  /** The name of its node, where that is known before the node exists. */
  readonly nodeName: string | undefined;
  readonly state: MachineState;
  readonly error: MachineError | undefined;
}

/** What a node of the group will be like. */
export interface NodeTemplate {
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  readonly capacity: ResourceList;
  /** The capacity where the provider does not say. */
  readonly allocatable: ResourceList;
}

/** Machines that are alike. */
export interface NodeGroup {
  readonly name: string;
  readonly minSize: number;
  readonly maxSize: number;
  readonly machines: readonly Machine[];
  /** Undefined when only an existing node shows what a new one would be like. */
  readonly template: NodeTemplate | undefined;
}

/** Makes machines into members of the cluster and takes them out again. */
export interface NodeGroupProvider {
  /** Everything there is now. Machines are nodes to be, nodes, or on their way out. */
  list(signal: AbortSignal): Promise<readonly NodeGroup[]>;
  /** Asks for `count` more machines. Rejects with a ProviderError when none will come of it. */
  increase(group: string, count: number, signal: AbortSignal): Promise<void>;
  /** Resolves when the machines are off for certain. A machine that does not exist is off. */
  remove(group: string, machines: readonly Machine[], signal: AbortSignal): Promise<void>;
}

/** The provider could not do what it was asked for. */
export class ProviderError extends Error {
  override readonly name = "ProviderError";
  readonly class: MachineError["class"];

  constructor(message: string, kind: MachineError["class"] = "Other", options?: ErrorOptions) {
    super(message, options);
    this.class = kind;
  }
}

/** The size that the group is to have: machines on their way out do not count. */
export function targetSize({ machines }: NodeGroup): number {
  return machines.filter(({ state }) => state !== "Deleting").length;
}
