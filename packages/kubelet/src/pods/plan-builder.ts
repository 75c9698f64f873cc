import type { Pod } from "@kube-ts/api/core/v1";
import type { WaitingReason } from "../status/status-view.ts";
import type { ObservedPod } from "./observed-pod.ts";
import { type PodAction, actionKey, serves } from "./pod-action.ts";
import type { PodWork } from "./pod-work.ts";

/** What a plan is made from. */
export interface PlanView {
  readonly work: PodWork;
  readonly pod: Pod;
  readonly observed: ObservedPod;
  readonly nowMs: number;
}

/** Collects the parts of a plan. */
export class PlanBuilder {
  readonly actions: PodAction[] = [];
  readonly waiting = new Map<string, WaitingReason>();
  readonly crashing = new Map<string, string>();
  /** Containers that are to get other resources and do not have them yet. */
  readonly resizing = new Set<string>();
  readonly #view: PlanView;
  #wakeAtMs = Number.POSITIVE_INFINITY;

  constructor(view: PlanView) {
    this.#view = view;
  }

  /**
   * Asks for an action: one that runs and serves is kept; one that runs under the same key and does not is cancelled
   * first; one that failed a moment ago waits for its time.
   */
  want(action: PodAction): void {
    const key = actionKey(action);
    if (this.actions.some((other) => actionKey(other) === key)) return;
    const running = this.#view.work.inFlight.get(key);
    if (running) {
      if (serves(running, action)) this.actions.push(running);
      return;
    }
    const retryAtMs = this.#view.work.retryAtMs.get(key) ?? 0;
    if (retryAtMs > this.#view.nowMs) this.wakeAt(retryAtMs);
    else this.actions.push(action);
  }

  /** Lets an action that runs go on. */
  keep(action: PodAction): void {
    this.actions.push(action);
  }

  anyInFlight(...types: readonly PodAction["type"][]): boolean {
    return [...this.#view.work.inFlight.values()].some(({ type }) => types.includes(type));
  }

  wakeAt(atMs: number): void {
    this.#wakeAtMs = Math.min(this.#wakeAtMs, atMs);
  }

  get wakeAfterMs(): number | undefined {
    return Number.isFinite(this.#wakeAtMs) ? Math.max(0, this.#wakeAtMs - this.#view.nowMs) : undefined;
  }
}
