import type { Pod } from "@kube-ts/api/core/v1";
import { nameOf, namespaceOf, uidOf } from "@kube-ts/api/object";
import type { PodInfo } from "@kube-ts/api/placement/pod-info";
import type { Eviction } from "@kube-ts/api/policy/v1";
import { pods } from "@kube-ts/api/resource-types";
import { findApiError, isConflict, isNotFound } from "@kube-ts/api/status-error";
import type { Client } from "@kube-ts/client/client";
import { isAbort } from "@kube-ts/std/abort";
import type { Clock } from "@kube-ts/std/clock";

const evictionRetryMs = 10_000;
const goneCheckMs = 5_000;
/** What a kubelet may take beyond the pods' own time. */
const terminationHeadroomMs = 30_000;
const defaultGraceSeconds = 30;

/** Pods could not be evicted, or did not end. */
export class EvictionError extends Error {
  override readonly name = "EvictionError";
  readonly pod: string;

  constructor(pod: string, message: string, options?: ErrorOptions) {
    super(`failed to evict pod ${pod}: ${message}`, options);
    this.pod = pod;
  }
}

export interface EvictionLimits {
  readonly maxGracefulTerminationSeconds: number;
  /** How long each eviction is tried. */
  readonly maxPodEvictionMs: number;
}

/** Evicts pods through the eviction API, so that disruption budgets hold, and waits until they are gone. */
export class PodEvictor {
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #limits: EvictionLimits;

  constructor(client: Client, clock: Clock, limits: EvictionLimits) {
    this.#client = client;
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Asks again while a budget refuses. Rejects with an EvictionError when the time is up. */
  async evict({ pod, key }: PodInfo, signal: AbortSignal): Promise<void> {
    const deadlineMs = this.#clock.monotonicMs() + this.#limits.maxPodEvictionMs;
    for (;;) {
      try {
        await this.tryEvict(pod, signal);
        return;
      } catch (error) {
        if (isAbort(error, signal)) throw error;
        const leftMs = deadlineMs - this.#clock.monotonicMs();
        if (leftMs <= 0) throw new EvictionError(key, (error as Error).message, { cause: error });
        await this.#clock.sleep(Math.min(evictionRetryMs, leftMs), signal);
      }
    }
  }

  /** Asks once. That the pod is gone is success; a budget's refusal is an ApiError with code 429. */
  async tryEvict(pod: Pod, signal: AbortSignal): Promise<void> {
    const key = { namespace: namespaceOf(pod), name: nameOf(pod) };
    const own = pod.spec.terminationGracePeriodSeconds ?? defaultGraceSeconds;
    const gracePeriodSeconds = Math.min(own, this.#limits.maxGracefulTerminationSeconds);
    const eviction: Eviction = {
      apiVersion: "policy/v1",
      kind: "Eviction",
      metadata: key,
      deleteOptions: { gracePeriodSeconds, preconditions: { uid: uidOf(pod) } },
    };
    try {
      await this.#client.resource(pods).createSubresource(key, "eviction", eviction, { signal });
    } catch (error) {
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  }

  /** Resolves when none of the pods exists any more. Rejects with an EvictionError when they take too long. */
  async untilGone(evicted: readonly PodInfo[], signal: AbortSignal): Promise<void> {
    const deadlineMs =
      this.#clock.monotonicMs() + this.#limits.maxGracefulTerminationSeconds * 1_000 + terminationHeadroomMs;
    let left = evicted;
    for (;;) {
      const present = await Promise.all(left.map((pod) => this.#exists(pod, signal)));
      left = left.filter((_pod, index) => present[index]);
      const [first] = left;
      if (!first) return;
      if (this.#clock.monotonicMs() >= deadlineMs) throw new EvictionError(first.key, "it did not end in time");
      await this.#clock.sleep(goneCheckMs, signal);
    }
  }

  async #exists({ namespace, name, uid, key }: PodInfo, signal: AbortSignal): Promise<boolean> {
    try {
      const found = await this.#client.resource(pods).get({ namespace, name }, { signal });
      return uidOf(found) === uid && found.status?.phase !== "Succeeded" && found.status?.phase !== "Failed";
    } catch (error) {
      if (isNotFound(error)) return false;
      if (!findApiError(error)) throw error;
      throw new EvictionError(key, (error as Error).message, { cause: error });
    }
  }
}
