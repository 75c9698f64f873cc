import type { Pod, PodStatus } from "@kube-ts/api/core/v1";
import { findCondition } from "@kube-ts/api/conditions";
import type { Clock } from "@kube-ts/std/clock";
import type { PodEvents } from "./pod-events.ts";
import type { ResizeMetrics } from "./resize-metrics.ts";
import { requestedResizes, resizeChanges, resizeEvent } from "./resize-report.ts";

/** Tells users and monitoring what becomes of one pod's resizes. */
export class ResizeWatch {
  readonly #events: PodEvents;
  readonly #metrics: ResizeMetrics;
  readonly #clock: Clock;
  #startedMs: number | undefined;

  constructor(events: PodEvents, metrics: ResizeMetrics, clock: Clock) {
    this.#events = events;
    this.#metrics = metrics;
    this.#clock = clock;
  }

  /** The pod's spec was replaced. */
  updated(before: Pod, after: Pod): void {
    if (before.metadata.generation === after.metadata.generation) return;
    for (const resize of requestedResizes(before, after)) this.#metrics.requested(resize);
  }

  /** The pod's status was computed anew. */
  computed(pod: Pod, before: PodStatus, after: PodStatus): void {
    for (const change of resizeChanges(pod, before, after)) {
      const { level, reason, message } = resizeEvent(pod, change);
      this.#events.pod(pod, level, reason, message);
      if (change.type === "pending" && change.reason === "Infeasible") this.#metrics.infeasible();
      if (change.type === "started") {
        this.#startedMs = this.#clock.monotonicMs();
        if (findCondition(before.conditions, "PodResizePending")?.reason === "Deferred") this.#metrics.acceptedLate();
      }
      if (change.type === "failed" || change.type === "completed") this.#measure(change.type === "completed");
    }
  }

  #measure(success: boolean): void {
    if (this.#startedMs === undefined) return;
    this.#metrics.ended(this.#clock.monotonicMs() - this.#startedMs, success);
    if (success) this.#startedMs = undefined;
  }
}
