import type { ContainerStatus, Pod } from "@kube-ts/api/core/v1";
import { timeMs } from "@kube-ts/api/rfc3339";
import type { Clock } from "@kube-ts/std/clock";
import type { PodMetrics } from "./pod-metrics.ts";

interface Start {
  readonly createdMs: number;
  /** From the first pull's beginning to the last one's end. */
  pullBeganMs: number | undefined;
  pullEndedMs: number | undefined;
}

/** How long pods take from their creation until everybody can see that all their containers have started. */
export class PodStartTimes {
  readonly #metrics: Pick<PodMetrics, "podObserved">;
  readonly #clock: Clock;
  readonly #starts = new Map<string, Start>();

  constructor(metrics: Pick<PodMetrics, "podObserved">, clock: Clock) {
    this.#metrics = metrics;
    this.#clock = clock;
  }

  /** The API server's object of a pod. A pod that had begun when it was first seen is not measured. */
  saw(pod: Pod): void {
    const { uid = "", creationTimestamp } = pod.metadata;
    const start = this.#starts.get(uid);
    if (!start) {
      if (pod.status?.startTime || !creationTimestamp || pod.metadata.deletionTimestamp) return;
      this.#starts.set(uid, { createdMs: timeMs(creationTimestamp), pullBeganMs: undefined, pullEndedMs: undefined });
      return;
    }
    if (!hasStarted(pod)) return;
    this.#starts.delete(uid);
    const totalMs = Math.max(0, this.#clock.now() - start.createdMs);
    const pullMs = Math.max(0, (start.pullEndedMs ?? 0) - (start.pullBeganMs ?? 0));
    const ownMs = Math.max(0, totalMs - pullMs - initMs(pod));
    this.#metrics.podObserved(totalMs / 1000, ownMs / 1000, !pod.spec.hostNetwork);
  }

  pulling(podUid: string): void {
    const start = this.#starts.get(podUid);
    if (start) start.pullBeganMs ??= this.#clock.now();
  }

  pulled(podUid: string): void {
    const start = this.#starts.get(podUid);
    if (start) start.pullEndedMs = this.#clock.now();
  }

  forget(podUid: string): void {
    this.#starts.delete(podUid);
  }
}

function hasStarted({ spec, status }: Pod): boolean {
  const statuses = status?.containerStatuses ?? [];
  return (
    statuses.length >= spec.containers.length &&
    statuses.every(({ state, lastState }) => state?.running ?? state?.terminated ?? lastState?.terminated)
  );
}

/** How long init containers ran, which is nobody's fault but theirs. */
function initMs({ status }: Pod): number {
  return (status?.initContainerStatuses ?? []).reduce((sum, { state }: ContainerStatus) => {
    const { startedAt, finishedAt } = state?.terminated ?? {};
    return startedAt && finishedAt ? sum + timeMs(finishedAt) - timeMs(startedAt) : sum;
  }, 0);
}
