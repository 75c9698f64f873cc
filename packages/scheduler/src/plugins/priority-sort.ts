import type { QueuedPodOrder, QueueSortPlugin } from "../framework/plugin.ts";

/** Pods of higher priority first, then those that came first. */
export class PrioritySort implements QueueSortPlugin {
  readonly name = "PrioritySort";

  less(a: QueuedPodOrder, b: QueuedPodOrder): boolean {
    if (a.pod.priority !== b.pod.priority) return a.pod.priority > b.pod.priority;
    return a.queuedAtMs < b.queuedAtMs;
  }
}
