import type { Node, Pod } from "@kube-ts/api/core/v1";

/** What an extender leaves of the nodes it was asked about. */
export interface ExtenderFilterResult {
  readonly nodeNames: ReadonlySet<string>;
  /** Why other nodes cannot take the pod, by their names. */
  readonly failed: Readonly<Record<string, string>>;
  /** The same, where removing other pods does not help. */
  readonly unresolvable: Readonly<Record<string, string>>;
}

/** Somebody outside of the scheduler who has a say in it. All methods reject when it cannot be asked or says no. */
export interface Extender {
  readonly name: string;
  readonly filters: boolean;
  readonly prioritizes: boolean;
  readonly binds: boolean;
  /** What its scores count. */
  readonly weight: number;
  /** Pods are scheduled without it where it fails. */
  readonly ignorable: boolean;
  isInterested(pod: Pod): boolean;
  filter(pod: Pod, nodes: readonly Node[], signal: AbortSignal): Promise<ExtenderFilterResult>;
  /** Scores from 0 to 10 by the names of nodes. */
  prioritize(pod: Pod, nodes: readonly Node[], signal: AbortSignal): Promise<ReadonlyMap<string, number>>;
  bind(pod: Pod, nodeName: string, signal: AbortSignal): Promise<void>;
}

/** The name under which extenders appear among plugins. */
export const extenderName = "Extender";
