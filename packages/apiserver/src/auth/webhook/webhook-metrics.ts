import { Counter, Histogram, type Registry } from "@kube-ts/std/metrics";

/** How one call of a webhook ended: without an answer in time, with one that is of no use, or well. */
export type RoundTripResult = "canceled" | "error" | "success" | "timeout";

const callBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const conditionBuckets = [0.001, 0.005, 0.01, 0.025, 0.1, 0.2, 0.25];
const type = "Webhook";

/** Counts what webhooks that authorize are asked, under upstream's names. The names of webhooks are configuration's. */
export class AuthorizationWebhookMetrics {
  readonly #calls: Counter<"name" | "result">;
  readonly #seconds: Histogram<"name" | "result">;
  readonly #failedOpen: Counter<"name" | "result">;
  readonly #excluded: Counter<"type" | "name">;
  readonly #failedConditions: Counter<"type" | "name">;
  readonly #conditionSeconds: Histogram<"type" | "name">;

  constructor(registry: Registry) {
    const prefix = "apiserver_authorization";
    const registers = [registry];
    const labelNames = ["name", "result"] as const;
    this.#calls = new Counter({
      name: `${prefix}_webhook_evaluations_total`,
      help: "Calls of authorization webhooks.",
      labelNames,
      registers,
    });
    this.#seconds = new Histogram({
      name: `${prefix}_webhook_duration_seconds`,
      help: "How long calls of authorization webhooks took.",
      labelNames,
      registers,
      buckets: callBuckets,
    });
    this.#failedOpen = new Counter({
      name: `${prefix}_webhook_evaluations_fail_open_total`,
      help: "Questions left to other authorizers because the webhook failed.",
      labelNames,
      registers,
    });
    const conditionLabels = { labelNames: ["type", "name"] as const, registers };
    this.#excluded = new Counter({
      name: `${prefix}_match_condition_exclusions_total`,
      help: "Questions that a webhook was not asked because of its match conditions.",
      ...conditionLabels,
    });
    this.#failedConditions = new Counter({
      name: `${prefix}_match_condition_evaluation_errors_total`,
      help: "Questions for which match conditions could not be evaluated.",
      ...conditionLabels,
    });
    this.#conditionSeconds = new Histogram({
      name: `${prefix}_match_condition_evaluation_seconds`,
      help: "How long the evaluation of match conditions took.",
      ...conditionLabels,
      buckets: conditionBuckets,
    });
  }

  called(name: string, result: RoundTripResult, ms: number): void {
    this.#calls.inc({ name, result });
    this.#seconds.observe({ name, result }, ms / 1000);
  }

  failedOpen(name: string, result: RoundTripResult): void {
    this.#failedOpen.inc({ name, result });
  }

  evaluated(name: string, outcome: "error" | "excluded" | "matched", ms: number): void {
    const labels = { type, name };
    this.#conditionSeconds.observe(labels, ms / 1000);
    if (outcome === "error") this.#failedConditions.inc(labels);
    if (outcome === "excluded") this.#excluded.inc(labels);
  }
}
