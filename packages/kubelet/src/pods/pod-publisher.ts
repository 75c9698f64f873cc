import type { Pod, PodStatus } from "@kube-ts/api/core/v1";
import type { Clock } from "@kube-ts/std/clock";
import type { ProbeSet } from "../probes/probe-set.ts";
import { isTerminalPhase } from "../status/pod-phase.ts";
import type { PodMetrics } from "./pod-metrics.ts";

export interface PodPublisherOptions {
  readonly probes: Pick<ProbeSet, "update" | "remove">;
  readonly metrics: PodMetrics;
  readonly clock: Clock;
  isStatic(podUid: string): boolean;
  /** Makes the status known outside of this node. */
  store(pod: Pod, status: PodStatus, isStatic: boolean): void;
  /** Probes of the pod could not be ended. */
  onError(error: unknown): void;
}

/** Tells everybody who follows a pod's status: its probes, the API server, the metrics. */
export class PodPublisher {
  readonly #options: PodPublisherOptions;
  /** When pods that have not run yet were first seen. */
  readonly #startingSinceMs = new Map<string, number>();

  constructor(options: PodPublisherOptions) {
    this.#options = options;
  }

  publish(pod: Pod, status: PodStatus): void {
    const { probes, store, isStatic, onError } = this.#options;
    const uid = pod.metadata.uid ?? "";
    this.#measure(uid, status);
    if (isTerminalPhase(status.phase)) probes.remove(uid).catch(onError);
    else probes.update(pod, status);
    store(pod, status, isStatic(uid));
  }

  /** Nothing of the pod is left. */
  forget(podUid: string): void {
    this.#startingSinceMs.delete(podUid);
    this.#options.probes.remove(podUid).catch(this.#options.onError);
  }

  #measure(uid: string, { phase }: PodStatus): void {
    const { clock, metrics } = this.#options;
    const sinceMs = this.#startingSinceMs.get(uid);
    if (phase === "Pending") {
      if (sinceMs === undefined) this.#startingSinceMs.set(uid, clock.monotonicMs());
    } else if (sinceMs !== undefined) {
      this.#startingSinceMs.delete(uid);
      if (phase === "Running") metrics.podStarted((clock.monotonicMs() - sinceMs) / 1000);
    }
  }
}
