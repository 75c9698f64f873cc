import type { EndpointSlice } from "@kube-ts/api/discovery/v1";
import { endpointsLastChangeAnnotation } from "@kube-ts/api/well-known-labels";

/** Changes that are not in the rules yet. */
export interface PendingChanges {
  readonly services: number;
  readonly endpoints: number;
  /** When the changes behind the endpoints took place, in wall-clock milliseconds. */
  readonly triggerTimesMs: readonly number[];
}

const maxTriggerTimes = 10_000;

/** Counts what has changed since the rules were last in place. */
export class ChangeTracker {
  readonly #sinceMs: number;
  #services = 0;
  #endpoints = 0;
  #triggerTimesMs: number[] = [];

  /** Changes before `sinceMs`, when the proxy did not run yet, tell nothing about its speed. */
  constructor(sinceMs: number) {
    this.#sinceMs = sinceMs;
  }

  get pending(): { readonly services: number; readonly endpoints: number } {
    return { services: this.#services, endpoints: this.#endpoints };
  }

  serviceChanged(): void {
    this.#services += 1;
  }

  endpointsChanged(before: EndpointSlice | undefined, after: EndpointSlice | undefined): void {
    this.#endpoints += 1;
    const trigger = after?.metadata.annotations?.[endpointsLastChangeAnnotation];
    if (trigger === undefined || trigger === before?.metadata.annotations?.[endpointsLastChangeAnnotation]) return;
    const timeMs = Date.parse(trigger);
    if (timeMs > this.#sinceMs && this.#triggerTimesMs.length < maxTriggerTimes) this.#triggerTimesMs.push(timeMs);
  }

  /** Hands the changes to a round of rule writing. */
  take(): PendingChanges {
    const taken = {
      services: this.#services,
      endpoints: this.#endpoints,
      triggerTimesMs: this.#triggerTimesMs,
    };
    this.#services = 0;
    this.#endpoints = 0;
    this.#triggerTimesMs = [];
    return taken;
  }

  /** Takes them back after the round failed. */
  giveBack(changes: PendingChanges): void {
    this.#services += changes.services;
    this.#endpoints += changes.endpoints;
    this.#triggerTimesMs = [...changes.triggerTimesMs, ...this.#triggerTimesMs].slice(0, maxTriggerTimes);
  }
}
