import type { ObjectReference } from "@kube-ts/api/core/v1";
import type { Client } from "@kube-ts/client/client";
import type { EventRecorder, EventType } from "@kube-ts/client/event-recorder";
import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import type { Random } from "@kube-ts/std/random";
import type { NodeWriter } from "./actuation/node-writer.ts";
import type { ClusterCache } from "./cluster-cache.ts";
import type { AutoscalerConfig } from "./config/autoscaler-config.ts";
import type { AutoscalerMetrics } from "./metrics.ts";
import type { GroupView } from "./model/group-view.ts";
import type { SimulatedCluster } from "./model/simulated-cluster.ts";
import type { TemplateNode } from "./model/template-node.ts";
import type { NodeGroupProvider } from "./provider/node-group-provider.ts";

/** What all parts of the autoscaler work with. */
export interface AutoscalerContext {
  readonly config: AutoscalerConfig;
  readonly client: Client;
  readonly cache: ClusterCache;
  readonly provider: NodeGroupProvider;
  readonly writer: NodeWriter;
  readonly events: EventRecorder;
  readonly metrics: AutoscalerMetrics;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

/** The cluster as one scan sees it. */
export interface ScanView {
  readonly views: readonly GroupView[];
  readonly templates: ReadonlyMap<string, TemplateNode>;
  /** Pods that fit are placed in it; nodes that are on their way are there. */
  readonly cluster: SimulatedCluster;
  readonly upcoming: ReadonlySet<string>;
  /** On the monotonic clock. */
  readonly nowMs: number;
}

/** Tells of something that concerns no single node or pod. */
export function reportForCluster(
  { events, config }: AutoscalerContext,
  type: EventType,
  reason: string,
  message: string,
): void {
  const name = config.statusConfigMap ?? "cluster-autoscaler-status";
  const subject: ObjectReference = { kind: "ConfigMap", apiVersion: "v1", namespace: config.namespace, name };
  events.event(subject, type, reason, message);
}
