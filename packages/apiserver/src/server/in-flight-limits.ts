import { tooManyRequests } from "@kube-ts/api/status-error";
import { Counter, Gauge } from "@kube-ts/std/metrics";
import type { Registry } from "@kube-ts/std/metrics";
import { mastersGroup } from "../auth/user.ts";
import type { UserInfo } from "../auth/user.ts";

export interface InFlightBounds {
  /** Requests that only read, answered at a time; 0 for no bound. */
  readonly readOnly: number;
  /** Requests that write, answered at a time; 0 for no bound. */
  readonly mutating: number;
}

type Kind = keyof InFlightBounds;

const readVerbs: ReadonlySet<string> = new Set(["get", "list", "watch"]);
const retryAfterSeconds = 1;

/** Refuses short requests beyond a number at a time, so that a flood is told to come back instead of piling up. */
export class InFlightLimits {
  readonly #bounds: InFlightBounds;
  readonly #running: Record<Kind, number> = { readOnly: 0, mutating: 0 };
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

  /** Counts the request until it is disposed of. Throws TooManyRequests (429), but never for an administrator. */
  enter(verb: string, user: UserInfo): Disposable {
    const kind: Kind = readVerbs.has(verb) ? "readOnly" : "mutating";
    const bound = this.#bounds[kind];
    if (bound > 0 && this.#running[kind] >= bound && !user.groups.includes(mastersGroup)) {
      this.#dropped.inc({ request_kind: kind });
      throw tooManyRequests("Too many requests, please try again later.", retryAfterSeconds);
    }
    this.#running[kind] += 1;
    return {
      [Symbol.dispose]: () => {
        this.#running[kind] -= 1;
      },
    };
  }
}
