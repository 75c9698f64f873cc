import { Counter, Gauge, Registry } from "@kube-ts/std/metrics";

/** What the health checks found, under upstream's names, for `/metrics/slis`. */
export class HealthSlis {
  readonly registry: Registry = new Registry();
  readonly #latest: Gauge<"name" | "type">;
  readonly #total: Counter<"name" | "type" | "status">;

  constructor() {
    const registers = [this.registry];
    this.#latest = new Gauge({
      name: "kubernetes_healthcheck",
      help: "Whether the check passed when it was last asked for.",
      labelNames: ["name", "type"],
      registers,
    });
    this.#total = new Counter({
      name: "kubernetes_healthchecks_total",
      help: "How often the check was asked for, by what it found.",
      labelNames: ["name", "type", "status"],
      registers,
    });
  }

  /** `type` is the endpoint that asked, such as `livez`. */
  observe(name: string, type: string, passed: boolean): void {
    this.#latest.set({ name, type }, passed ? 1 : 0);
    this.#total.inc({ name, type, status: passed ? "success" : "error" });
  }
}
