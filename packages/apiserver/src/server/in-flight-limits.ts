import { Counter, Gauge } from "@kube-ts/std/metrics";
import type { Registry } from "@kube-ts/std/metrics";
import { mastersGroup } from "../auth/user.ts";
import type { UserInfo } from "../auth/user.ts";
import type { RequestInfo } from "../endpoints/request-info.ts";
import { type RequestKind, kindOf } from "../flow-control/metrics/traffic.ts";
import { Overload } from "../flow-control/overload.ts";
import type { Place, RequestGate } from "../flow-control/request-gate.ts";

export interface InFlightBounds {
  /** Requests that only read, answered at a time; 0 for no bound. */
  readonly readOnly: number;
  /** Requests that write, answered at a time; 0 for no bound. */
  readonly mutating: number;
}

const retryAfterSeconds = 1;

const noHeaders = {};

/**
 * Refuses short requests beyond a number at a time, so that a flood is told to come back instead of piling up. Stands in
 * for priority and fairness where that is off.
 */
export class InFlightLimits implements RequestGate {
  readonly #bounds: InFlightBounds;
  readonly #running: Record<RequestKind, number> = { readOnly: 0, mutating: 0 };
  readonly #dropped: Counter<"request_kind">;

  constructor(bounds: InFlightBounds, registry: Registry) {
    this.#bounds = bounds;
    this.#dropped = new Counter({
      name: "apiserver_dropped_requests_total",
      help: "Requests refused because too many of their kind were being answered.",
      labelNames: ["request_kind"],
      registers: [registry],
    });
    const gauge: Gauge<"request_kind"> = new Gauge({
      name: "apiserver_current_inflight_requests",
      help: "Requests being answered now, long-running ones left out.",
      labelNames: ["request_kind"],
      registers: [registry],
      collect: () => {
        for (const kind of ["readOnly", "mutating"] as const) gauge.set({ request_kind: kind }, this.#running[kind]);
      },
    });
  }

  /** Counts a request until it is disposed of. Throws an Overload, but never for an administrator. */
  enter(user: UserInfo, { verb }: RequestInfo, _signal: AbortSignal, timeoutMs: number | undefined): Place | undefined {
    if (timeoutMs === undefined) return undefined;
    const kind = kindOf(verb);
    const bound = this.#bounds[kind];
    if (bound > 0 && this.#running[kind] >= bound && !user.groups.includes(mastersGroup)) {
      this.#dropped.inc({ request_kind: kind });
      throw new Overload(retryAfterSeconds);
    }
    this.#running[kind] += 1;
    return {
      headers: noHeaders,
      begun: () => {},
      [Symbol.dispose]: () => {
        this.#running[kind] -= 1;
      },
    };
  }
}
