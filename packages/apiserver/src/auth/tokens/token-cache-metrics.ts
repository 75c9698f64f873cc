import type { Clock } from "@kube-ts/std/clock";
import { HotCounter, HotHistogram } from "@kube-ts/std/hot-metrics";
import { Gauge, type Registry } from "@kube-ts/std/metrics";

const prefix = "authentication_token_cache_";
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Counts what the caches of judged tokens do, all of them together, under upstream's names. */
export class TokenCacheMetrics {
  readonly #requests: HotCounter;
  readonly #seconds: HotHistogram;
  readonly #fetches: HotCounter;
  readonly #clock: Clock;
  readonly #active = { blocked: 0, in_flight: 0 };

  constructor(registry: Registry, clock: Clock) {
    this.#clock = clock;
    const metric = (name: string, help: string) => ({ name: prefix + name, help, labelNames: ["status"], registry });
    this.#requests = new HotCounter(metric("request_total", "Looks into the caches of tokens."));
    this.#seconds = new HotHistogram({
      ...metric("request_duration_seconds", "How long looks into the caches of tokens took."),
      buckets,
    });
    this.#fetches = new HotCounter(metric("fetch_total", "Tokens that had to be judged anew."));
    const active = this.#active;
    void new Gauge({
      name: `${prefix}active_fetch_count`,
      help: "Tokens that are being judged, and requests that wait for one that is.",
      labelNames: ["status"],
      registers: [registry],
      collect() {
        this.set({ status: "blocked" }, active.blocked);
        this.set({ status: "in_flight" }, active.in_flight);
      },
    });
  }

  hit(): void {
    this.#requests.with("hit").inc();
    this.#seconds.with("hit").observe(0);
  }

  /** Counts a request that waits for a token to be judged; `isFirst` for the one that has it judged. */
  async miss<T>(isFirst: boolean, outcome: Promise<T>, isError: (outcome: T) => boolean): Promise<T> {
    const beganAt = this.#clock.monotonicMs();
    const place = isFirst ? "in_flight" : "blocked";
    this.#active[place] += 1;
    let failed = true;
    try {
      const judged = await outcome;
      failed = isError(judged);
      return judged;
    } finally {
      this.#active[place] -= 1;
      this.#requests.with("miss").inc();
      this.#seconds.with("miss").observe((this.#clock.monotonicMs() - beganAt) / 1_000);
      if (isFirst) this.#fetches.with(failed ? "error" : "ok").inc();
    }
  }
}
