import type { Node } from "@kube-ts/api/core/v1";
import type { Clock } from "@kube-ts/std/clock";

/** A taint of the cluster autoscaler: the node is about to go, load balancers should leave it. */
const scaleDownTaint = "ToBeDeletedByClusterAutoscaler";

/**
 * Whether the proxy keeps up: it is healthy unless a change has waited for longer than `patienceMs` to get into
 * the rules.
 */
export class ProxyHealth {
  readonly #clock: Clock;
  readonly #patienceMs: number;
  /** Monotonic time of the oldest change that is not in the rules. */
  #oldestQueuedMs: number | undefined;
  #newestQueuedMs = 0;
  #lastUpdatedMs = 0;
  #nodeEligible = true;

  constructor(clock: Clock, patienceMs: number) {
    this.#clock = clock;
    this.#patienceMs = patienceMs;
  }

  /** A change was seen. */
  queued(): void {
    this.#newestQueuedMs = this.#clock.monotonicMs();
    this.#oldestQueuedMs ??= this.#newestQueuedMs;
  }

  /** Every change that was queued before the round began is in the rules. `startedMs` is monotonic. */
  updated(startedMs: number): void {
    this.#oldestQueuedMs = this.#newestQueuedMs > startedMs ? this.#newestQueuedMs : undefined;
    this.#lastUpdatedMs = this.#clock.now();
  }

  /** Takes note of the node, undefined while it does not exist. */
  observeNode(node: Node | undefined): void {
    const leaving = node?.metadata.deletionTimestamp !== undefined;
    const scaledDown = node?.spec?.taints?.some((taint) => taint.key === scaleDownTaint) ?? false;
    this.#nodeEligible = !leaving && !scaledDown;
  }

  get healthy(): boolean {
    const queuedMs = this.#oldestQueuedMs;
    return queuedMs === undefined || this.#clock.monotonicMs() - queuedMs <= this.#patienceMs;
  }

  /** Whether load balancers may send traffic to this node. */
  get nodeEligible(): boolean {
    return this.#nodeEligible;
  }

  /** Wall-clock milliseconds of the last successful round, 0 before the first. */
  get lastUpdatedMs(): number {
    return this.#lastUpdatedMs;
  }
}
