import type { Node, Pod, PodStatus, Service } from "@kube-ts/api/core/v1";
import type { EventLevel, PodEvents } from "../pods/pod-events.ts";
import type { PodWorkers } from "../pods/pod-workers.ts";
import type { ClaimSource } from "../volumes/claims.ts";
import type { ObjectSource } from "../volumes/object-source.ts";
import type { TokenSource } from "../volumes/token-source.ts";

/** Events of pods and of the node itself. */
export interface KubeletEvents extends PodEvents {
  node(level: EventLevel, reason: string, message: string): void;
}

/** What the kubelet has to do with the rest of the cluster: an API server, or nothing. */
export interface Cluster {
  readonly objects: ObjectSource;
  readonly tokens: TokenSource;
  readonly claims: ClaimSource;
  readonly events: KubeletEvents;
  /** The node's object as it is stored, or as it would be. */
  node(): Node;
  services(): readonly Service[];
  /** The handler of a runtime class. Rejects, in words that users read, when there is no such class. */
  runtimeHandler(className: string, signal: AbortSignal): Promise<string>;
  /** Whether it is known which pods belong here. */
  podsKnown(): boolean;
  /** Makes a pod's status known. For a static pod, its mirror's is written. */
  publish(pod: Pod, status: PodStatus, isStatic: boolean): void;
  /** Makes the final status known, then removes the object; success when it is gone. */
  deletePod(pod: Pod, signal: AbortSignal): Promise<void>;
  /** Nothing of the pod is left here. */
  forget(podUid: string): void;
  /** The static pods of this node, whenever they change. */
  showStatics(pods: readonly Pod[]): void;
  /** Something that the node's status is computed from has changed. */
  nodeChanged(): void;
  /** Feeds the workers with pods until the signal aborts. */
  run(workers: PodWorkers, signal: AbortSignal): Promise<void>;
}
