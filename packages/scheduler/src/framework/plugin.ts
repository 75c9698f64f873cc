import type { Client } from "@kube-ts/client/client";
import type { EventRecorder } from "@kube-ts/client/event-recorder";
import type { InformerSource } from "@kube-ts/client/informer";
import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import type { Random } from "@kube-ts/std/random";
import type { Snapshot } from "../cache/snapshot.ts";
import type { NominatedPods } from "../queue/nominated-pods.ts";
import type { EventInterest } from "./cluster-event.ts";
import type { CycleState } from "./cycle-state.ts";
import type { NodeInfo } from "@kube-ts/api/placement/node-info";
import type { PodInfo } from "@kube-ts/api/placement/pod-info";
import type { Outcome, Status } from "./status.ts";

/** The highest score of a node. */
export const maxNodeScore = 100;

/** What all plugins have; a plugin takes part in an extension point by having its methods. */
export interface Plugin {
  readonly name: string;
}

/** Decides the order of the active queue. Exactly one is enabled. */
export interface QueueSortPlugin extends Plugin {
  /** Whether `a` goes before `b`. */
  less(a: QueuedPodOrder, b: QueuedPodOrder): boolean;
}

/** What the order of pending pods may depend on. */
export interface QueuedPodOrder {
  readonly pod: PodInfo;
  /** When the pod came into the queue this time, in milliseconds. */
  readonly queuedAtMs: number;
}

/** Keeps pods out of the active queue. Must be quick. */
export interface PreEnqueuePlugin extends Plugin {
  preEnqueue(pod: PodInfo): Outcome;
}

/** Tells which events can make a pod schedulable that the plugin turned down. */
export interface EnqueueExtensions extends Plugin {
  eventsToRegister(): readonly EventInterest[];
}

/** The only nodes that can take a pod, by name; undefined for no restriction. */
export interface PreFilterResult {
  readonly nodeNames: ReadonlySet<string> | undefined;
}

/** Looks at a pod once before nodes are filtered. A `Skip` turns the plugin's Filter off for the pod. */
export interface PreFilterPlugin extends Plugin {
  preFilter(state: CycleState, pod: PodInfo, nodes: readonly NodeInfo[]): PreFilterResult | Outcome;
}

/** Keeps what PreFilter has computed right while preemption tries out changes of a node. */
export interface PreFilterExtensions extends Plugin {
  addPod(state: CycleState, pod: PodInfo, added: PodInfo, node: NodeInfo): void;
  removePod(state: CycleState, pod: PodInfo, removed: PodInfo, node: NodeInfo): void;
}

export interface FilterPlugin extends Plugin {
  /**
   * The outcome follows from the pod's scheduling signature and this node alone, so that identical pods share it.
   * Leave it out when other nodes, other pods' labels or other objects matter.
   */
  readonly nodeLocal?: boolean;
  filter(state: CycleState, pod: PodInfo, node: NodeInfo): Outcome;
}

/** Statuses of nodes that a pod cannot go to, by name. */
export type NodeStatuses = ReadonlyMap<string, Status>;

export type PostFilterResult =
  /** Room can be made on the node; `prepare` does so. */
  | { readonly kind: "nominated"; readonly nodeName: string; prepare(signal: AbortSignal): Promise<void> }
  /** Nothing helps; `clearNomination` tells whether an earlier nomination is void. */
  | { readonly kind: "rejected"; readonly status: Status; readonly clearNomination: boolean };

/** Called when no node passes. The first enabled plugin that makes room ends the search. */
export interface PostFilterPlugin extends Plugin {
  postFilter(state: CycleState, pod: PodInfo, statuses: NodeStatuses): PostFilterResult;
}

/** Looks at the pod and all feasible nodes before they are scored. A `Skip` turns the plugin's Score off for the pod. */
export interface PreScorePlugin extends Plugin {
  preScore(state: CycleState, pod: PodInfo, nodes: readonly NodeInfo[]): Outcome;
}

export interface ScorePlugin extends Plugin {
  /** As for filters; the score before normalization is shared. */
  readonly nodeLocal?: boolean;
  score(state: CycleState, pod: PodInfo, node: NodeInfo): number;
}

/** Brings the scores of all feasible nodes into the range from 0 to `maxNodeScore`, in place. */
export interface ScoreExtensions extends Plugin {
  normalizeScore(state: CycleState, pod: PodInfo, scores: number[], nodes: readonly NodeInfo[]): void;
}

/** Takes note that a pod was given a node, before it is bound. `unreserve` must be idempotent and cannot fail. */
export interface ReservePlugin extends Plugin {
  reserve(state: CycleState, pod: PodInfo, nodeName: string): Outcome;
  unreserve(state: CycleState, pod: PodInfo, nodeName: string): void;
}

export interface PermitWait {
  readonly status: Status;
  /** After this long the pod is turned down. */
  readonly timeoutMs: number;
  /** Settles the wait. */
  readonly verdict: Promise<Outcome>;
}

/** The last word before the binding: now, never, or later. */
export interface PermitPlugin extends Plugin {
  permit(state: CycleState, pod: PodInfo, nodeName: string): Outcome | PermitWait;
}

export interface PreBindPlugin extends Plugin {
  preBind(state: CycleState, pod: PodInfo, nodeName: string, signal: AbortSignal): Promise<Outcome>;
}

/** Binds the pod. The first plugin that does not answer `Skip` decides. */
export interface BindPlugin extends Plugin {
  bind(state: CycleState, pod: PodInfo, nodeName: string, signal: AbortSignal): Promise<Outcome>;
}

export interface PostBindPlugin extends Plugin {
  postBind(state: CycleState, pod: PodInfo, nodeName: string): void;
}

/** Asks the filters of the profile. */
export interface FilterRunner {
  /** The filters' verdict, nominated pods of the node included. */
  filterWithNominated(state: CycleState, pod: PodInfo, node: NodeInfo): Outcome;
  preFilterAddPod(state: CycleState, pod: PodInfo, added: PodInfo, node: NodeInfo): void;
  preFilterRemovePod(state: CycleState, pod: PodInfo, removed: PodInfo, node: NodeInfo): void;
}

/** What the scheduler offers to plugins. */
export interface PluginHandle {
  readonly snapshot: Snapshot;
  readonly nominated: NominatedPods;
  readonly filters: FilterRunner;
  readonly informers: InformerSource;
  readonly client: Client;
  readonly events: EventRecorder;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}
