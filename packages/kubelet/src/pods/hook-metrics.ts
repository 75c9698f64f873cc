import { Counter, type Registry } from "@kube-ts/std/metrics";

/** What is counted of lifecycle hooks; the names are upstream's. */
export class HookMetrics {
  readonly #fallbacks: Counter;
  readonly #cutSleeps: Counter;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#fallbacks = new Counter({
      name: "kubelet_lifecycle_handler_http_fallbacks_total",
      help: "Hooks that were to speak HTTPS and succeeded with HTTP.",
      registers,
    });
    this.#cutSleeps = new Counter({
      name: "kubelet_sleep_action_terminated_early_total",
      help: "Hooks that were to sleep for longer than they were given.",
      registers,
    });
  }

  fellBack(): void {
    this.#fallbacks.inc();
  }

  sleepCut(): void {
    this.#cutSleeps.inc();
  }
}
