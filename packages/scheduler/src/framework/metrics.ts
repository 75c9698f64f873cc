import { Counter, Gauge, Histogram, type Registry, exponentialBuckets } from "@kube-ts/std/metrics";

/** `count` bucket bounds from `start`, each `factor` times the one before. */
export type AttemptResult = "scheduled" | "unschedulable" | "error";

/** The scheduler's metrics under upstream's names; durations in seconds. */
export class SchedulerMetrics {
  readonly attempts: Counter<"result" | "profile">;
  readonly attemptDuration: Histogram<"result" | "profile">;
  readonly algorithmDuration: Histogram;
  readonly podAttempts: Histogram;
  readonly podDuration: Histogram<"attempts">;
  readonly pendingPods: Gauge<"queue">;
  readonly incomingPods: Counter<"queue" | "event">;
  readonly extensionPointDuration: Histogram<"extension_point" | "status" | "profile">;
  readonly preemptionAttempts: Counter;
  readonly preemptionVictims: Histogram;
  readonly cacheSize: Gauge<"type">;
  readonly goroutines: Gauge<"operation">;

  constructor(registry: Registry) {
    const registers = [registry];
    this.attempts = new Counter({
      name: "scheduler_schedule_attempts_total",
      registers,
      labelNames: ["result", "profile"] as const,
      help: "Attempts to schedule pods, by result: scheduled, unschedulable (no node fits) or error.",
    });
    this.attemptDuration = new Histogram({
      name: "scheduler_scheduling_attempt_duration_seconds",
      registers,
      help: "Duration of an attempt, algorithm and binding together.",
      labelNames: ["result", "profile"] as const,
      buckets: exponentialBuckets(0.001, 2, 15),
    });
    this.algorithmDuration = new Histogram({
      name: "scheduler_scheduling_algorithm_duration_seconds",
      registers,
      help: "Duration of choosing a node.",
      buckets: exponentialBuckets(0.0001, 2, 15),
    });
    this.podAttempts = new Histogram({
      name: "scheduler_pod_scheduling_attempts",
      registers,
      help: "Attempts that a pod took until it was scheduled.",
      buckets: exponentialBuckets(1, 2, 5),
    });
    this.podDuration = new Histogram({
      name: "scheduler_pod_scheduling_sli_duration_seconds",
      registers,
      help: "Time from a pod's first entry into the queue to its binding, by attempts.",
      labelNames: ["attempts"] as const,
      buckets: exponentialBuckets(0.01, 2, 20),
    });
    this.pendingPods = new Gauge({
      name: "scheduler_pending_pods",
      registers,
      labelNames: ["queue"] as const,
      help: "Pending pods, by queue: active, backoff, unschedulable, gated.",
    });
    this.incomingPods = new Counter({
      name: "scheduler_queue_incoming_pods_total",
      registers,
      labelNames: ["queue", "event"] as const,
      help: "Pods added to queues, by queue and by the event that caused it.",
    });
    this.extensionPointDuration = new Histogram({
      name: "scheduler_framework_extension_point_duration_seconds",
      registers,
      help: "Duration of running all plugins of one extension point.",
      labelNames: ["extension_point", "status", "profile"] as const,
      buckets: exponentialBuckets(0.0001, 2, 12),
    });
    this.preemptionAttempts = new Counter({
      name: "scheduler_preemption_attempts_total",
      registers,
      help: "Attempts to make room by preemption.",
    });
    this.preemptionVictims = new Histogram({
      name: "scheduler_preemption_victims",
      registers,
      help: "Pods chosen as victims at a time.",
      buckets: exponentialBuckets(1, 2, 7),
    });
    this.cacheSize = new Gauge({
      name: "scheduler_cache_size",
      registers,
      labelNames: ["type"] as const,
      help: "Nodes, pods and assumed pods in the scheduler's cache.",
    });
    this.goroutines = new Gauge({
      name: "scheduler_goroutines",
      registers,
      labelNames: ["operation"] as const,
      help: "Concurrent tasks, by operation: binding.",
    });
  }
}
