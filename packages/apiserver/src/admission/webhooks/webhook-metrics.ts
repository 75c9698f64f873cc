import { Counter, Histogram, type Registry } from "@kube-ts/std/metrics";

/** How upstream's metrics name the two kinds of webhook. */
export type WebhookStep = "admit" | "validating";

/** What became of a call. */
export type CallOutcome =
  | { readonly kind: "allowed" }
  | { readonly kind: "refused"; readonly code: number }
  | { readonly kind: "unreachable"; readonly code: number; readonly ignored: boolean }
  | { readonly kind: "internalError" };

/** Codes beyond are nonsense that webhooks made up: they share one series. */
const maxCode = 600;

/** Counts and times the calls of webhooks, by upstream's names. */
export class WebhookMetrics {
  readonly #duration: Histogram;
  readonly #requests: Counter;
  readonly #rejections: Counter;
  readonly #failOpen: Counter;
  readonly #missingNames: Counter;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#duration = new Histogram({
      name: "apiserver_admission_webhook_admission_duration_seconds",
      help: "Time that an admission webhook takes for a request, by webhook, type, operation and outcome.",
      labelNames: ["name", "type", "operation", "rejected"],
      buckets: [0.005, 0.025, 0.1, 0.5, 1, 2.5, 10, 25],
      registers,
    });
    this.#requests = new Counter({
      name: "apiserver_admission_webhook_request_total",
      help: "Requests to admission webhooks, by webhook, type, operation, status code and outcome.",
      labelNames: ["name", "type", "operation", "code", "rejected"],
      registers,
    });
    this.#rejections = new Counter({
      name: "apiserver_admission_webhook_rejection_count",
      help: "Requests that admission webhooks refused, or that were refused because a webhook failed.",
      labelNames: ["name", "type", "operation", "error_type", "rejection_code"],
      registers,
    });
    this.#failOpen = new Counter({
      name: "apiserver_admission_webhook_fail_open_count",
      help: "Failures of admission webhooks that were ignored as their failure policy says.",
      labelNames: ["name", "type"],
      registers,
    });
    this.#missingNames = new Counter({
      name: "apiserver_webhooks_x509_missing_san_total",
      help: "Calls that failed because the webhook's certificate has no subject alternative names.",
      registers,
    });
  }

  missingAlternativeNames(): void {
    this.#missingNames.inc();
  }

  observe(name: string, type: WebhookStep, operation: string, seconds: number, outcome: CallOutcome): void {
    const rejected = String(outcome.kind !== "allowed");
    const code = String(outcome.kind === "allowed" ? 200 : "code" in outcome ? Math.min(outcome.code, maxCode) : 0);
    this.#duration.observe({ name, type, operation, rejected }, seconds);
    this.#requests.inc({ name, type, operation, code, rejected });
    if (outcome.kind === "allowed") return;
    if (outcome.kind === "unreachable" && outcome.ignored) {
      this.#failOpen.inc({ name, type });
      return;
    }
    const error_type = errorTypes[outcome.kind];
    this.#rejections.inc({ name, type, operation, error_type, rejection_code: code });
  }
}

const errorTypes = {
  refused: "no_error",
  unreachable: "calling_webhook_error",
  internalError: "apiserver_internal_error",
} as const;
