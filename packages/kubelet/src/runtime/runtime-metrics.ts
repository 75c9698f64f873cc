import { HotCounter, HotHistogram } from "@kube-ts/std/hot-metrics";
import { Counter, type Registry, exponentialBuckets } from "@kube-ts/std/metrics";

const operationBuckets = exponentialBuckets(0.005, 2.5, 14);
const sandboxBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What is counted of calls to the container runtime; names and operations are upstream's. */
export class RuntimeMetrics {
  readonly #operations: HotCounter;
  readonly #errors: HotCounter;
  readonly #durations: HotHistogram;
  readonly #sandboxDurations: HotHistogram;
  readonly #sandboxErrors: HotCounter;
  readonly #connections: Counter;

  constructor(registry: Registry) {
    const ofOperation = { labelNames: ["operation_type"], registry };
    const ofHandler = { labelNames: ["runtime_handler"], registry };
    this.#operations = new HotCounter({
      name: "kubelet_runtime_operations_total",
      help: "Calls to the container runtime, by operation.",
      ...ofOperation,
    });
    this.#errors = new HotCounter({
      name: "kubelet_runtime_operations_errors_total",
      help: "Calls to the container runtime that failed, by operation.",
      ...ofOperation,
    });
    this.#durations = new HotHistogram({
      name: "kubelet_runtime_operations_duration_seconds",
      help: "How long calls to the container runtime take, by operation.",
      buckets: operationBuckets,
      ...ofOperation,
    });
    this.#sandboxDurations = new HotHistogram({
      name: "kubelet_run_podsandbox_duration_seconds",
      help: "How long it takes to start a sandbox, by runtime handler.",
      buckets: sandboxBuckets,
      ...ofHandler,
    });
    this.#sandboxErrors = new HotCounter({
      name: "kubelet_run_podsandbox_errors_total",
      help: "Sandboxes that could not be started, by runtime handler.",
      ...ofHandler,
    });
    this.#connections = new Counter({
      name: "kubelet_evented_pleg_connection_success_count",
      help: "How often the stream of the runtime's events began anew.",
      registers: [registry],
    });
  }

  /** One call that has ended. */
  done(operation: string, seconds: number, failed: boolean): void {
    this.#operations.with(operation).inc();
    this.#durations.with(operation).observe(seconds);
    if (failed) this.#errors.with(operation).inc();
  }

  /** A sandbox was started, or could not be; `handler` is empty for the runtime's default. */
  sandboxRun(handler: string, seconds: number, failed: boolean): void {
    this.#sandboxDurations.with(handler).observe(seconds);
    if (failed) this.#sandboxErrors.with(handler).inc();
  }

  /** Events are heard from now on. */
  connected(): void {
    this.#connections.inc();
  }
}
