import { Counter, Gauge, Histogram, type Registry } from "@kube-ts/std/metrics";

const prefix = "cluster_autoscaler_";

/** What the daemon counts, under upstream's names. */
export class AutoscalerMetrics {
  readonly safeToAutoscale: Gauge;
  readonly nodes: Gauge<"state">;
  readonly nodeGroups: Gauge<"node_group_type">;
  readonly unschedulablePods: Gauge<"type">;
  readonly maxNodes: Gauge;
  readonly groupMin: Gauge<"node_group">;
  readonly groupMax: Gauge<"node_group">;
  readonly groupTarget: Gauge<"node_group">;
  readonly groupHealthy: Gauge<"node_group">;
  readonly groupBackoff: Gauge<"node_group">;
  readonly lastActivity: Gauge<"activity">;
  readonly functionDuration: Histogram<"function">;
  readonly errors: Counter<"type">;
  readonly scaledUpNodes: Counter;
  readonly failedScaleUps: Counter<"reason">;
  readonly scaledDownNodes: Counter<"reason">;
  readonly evictedPods: Counter<"eviction_result">;
  readonly unneededNodes: Gauge;
  readonly unremovableNodes: Gauge<"reason">;
  readonly scaleDownInCooldown: Gauge;
  readonly oldUnregisteredRemoved: Counter;

  constructor(registry: Registry) {
    const registers = [registry];
    const gauge = <L extends string = never>(name: string, help: string, ...labelNames: L[]) =>
      new Gauge<L>({ name: prefix + name, help, labelNames, registers });
    const counter = <L extends string = never>(name: string, help: string, ...labelNames: L[]) =>
      new Counter<L>({ name: prefix + name, help, labelNames, registers });
    this.safeToAutoscale = gauge("cluster_safe_to_autoscale", "Whether the cluster is healthy enough to be changed.");
    this.nodes = gauge("nodes_count", "Nodes by state.", "state");
    this.nodeGroups = gauge("node_groups_count", "Node groups.", "node_group_type");
    this.unschedulablePods = gauge("unschedulable_pods_count", "Pods that need other nodes.", "type");
    this.maxNodes = gauge("max_nodes_count", "Most nodes in all groups; 0 for no limit.");
    this.groupMin = gauge("node_group_min_count", "Smallest size of the group.", "node_group");
    this.groupMax = gauge("node_group_max_count", "Largest size of the group.", "node_group");
    this.groupTarget = gauge("node_group_target_count", "Size that the group is to have.", "node_group");
    this.groupHealthy = gauge("node_group_healthiness", "Whether the group is healthy.", "node_group");
    this.groupBackoff = gauge("node_group_backoff_status", "Whether the group rests after a failure.", "node_group");
    this.lastActivity = gauge("last_activity", "When it was last done; seconds since the epoch.", "activity");
    this.functionDuration = new Histogram({
      name: `${prefix}function_duration_seconds`,
      help: "How long the parts of a scan take.",
      labelNames: ["function"],
      buckets: [0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 7.5, 10, 20, 40, 60, 120, 300],
      registers,
    });
    this.errors = counter("errors_total", "Failed scans, by what failed.", "type");
    this.scaledUpNodes = counter("scaled_up_nodes_total", "Machines that were asked for.");
    this.failedScaleUps = counter("failed_scale_ups_total", "Requests for machines that failed.", "reason");
    this.scaledDownNodes = counter("scaled_down_nodes_total", "Nodes that were removed.", "reason");
    this.evictedPods = counter("evicted_pods_total", "Pods that were evicted.", "eviction_result");
    this.unneededNodes = gauge("unneeded_nodes_count", "Nodes that are not needed now.");
    this.unremovableNodes = gauge("unremovable_nodes_count", "Nodes that cannot be removed, by reason.", "reason");
    this.scaleDownInCooldown = gauge("scale_down_in_cooldown", "Whether it is too early for the next removal.");
    this.oldUnregisteredRemoved = counter(
      "old_unregistered_nodes_removed_count",
      "Machines that were removed because they never became nodes.",
    );
  }
}
