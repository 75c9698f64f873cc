import { hash } from "node:crypto";
import { hostname } from "node:os";
import type { Clock } from "@kube-ts/std/clock";
import { Counter, Gauge, type Registry } from "@kube-ts/std/metrics";

type Outcome = "success" | "failure";

/** Counts how often a configuration was read again, under upstream's names. */
export class ReloadMetrics {
  readonly #total: Counter<"status" | "apiserver_id_hash">;
  readonly #lastSeconds: Gauge<"status" | "apiserver_id_hash">;
  readonly #clock: Clock;
  readonly #serverId = `sha256:${hash("sha256", hostname())}`;

  constructor(subject: "authentication" | "authorization" | "encryption", registry: Registry, clock: Clock) {
    this.#clock = clock;
    const prefix = `apiserver_${subject}_config_controller_automatic_reload`;
    const labelNames = ["status", "apiserver_id_hash"] as const;
    this.#total = new Counter({
      name: `${prefix}s_total`,
      help: `How often the ${subject} configuration was read again, by outcome.`,
      labelNames,
      registers: [registry],
    });
    this.#lastSeconds = new Gauge({
      name: `${prefix}_last_timestamp_seconds`,
      help: `When the ${subject} configuration was last read again, by outcome.`,
      labelNames,
      registers: [registry],
    });
  }

  /** The reload with its outcome counted. */
  counting(reload: (content: string) => void | Promise<void>): (content: string) => Promise<void> {
    return async (content) => {
      try {
        await reload(content);
        this.#count("success");
      } catch (error) {
        this.#count("failure");
        throw error;
      }
    };
  }

  #count(status: Outcome): void {
    const labels = { status, apiserver_id_hash: this.#serverId };
    this.#total.inc(labels);
    this.#lastSeconds.set(labels, this.#clock.now() / 1000);
  }
}
