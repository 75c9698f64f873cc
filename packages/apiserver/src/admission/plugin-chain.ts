import type { Clock } from "@kube-ts/std/clock";
import { HotHistogram, type HistogramSeries } from "@kube-ts/std/hot-metrics";
import type { Registry } from "@kube-ts/std/metrics";
import type { AdmissionAttributes, AdmissionChain, AdmissionOperation, AdmissionPlugin } from "./admission.ts";
import { Reinvocations } from "./matching/reinvocation.ts";

type Phase = "admit" | "validate";

/** A plugin that has a say in one phase of one operation. */
interface Step {
  readonly plugin: AdmissionPlugin;
  /** The times of what it let pass. */
  readonly passed: HistogramSeries | undefined;
}

/** Runs plugins one after the other; the first refusal ends the write. */
export class PluginChain implements AdmissionChain, Disposable {
  readonly #plugins: readonly AdmissionPlugin[];
  readonly #clock: Clock;
  readonly #durations: HotHistogram | undefined;
  readonly #reinvocations: Reinvocations;
  readonly #steps = {
    admit: new Map<AdmissionOperation, readonly Step[]>(),
    validate: new Map<AdmissionOperation, readonly Step[]>(),
  };

  constructor(
    plugins: readonly AdmissionPlugin[],
    clock: Clock,
    metrics?: Registry,
    reinvocations: Reinvocations = new Reinvocations(),
  ) {
    this.#plugins = plugins;
    this.#clock = clock;
    this.#durations = metrics && durationHistogram(metrics);
    this.#reinvocations = reinvocations;
  }

  /** Ends what plugins follow. */
  [Symbol.dispose](): void {
    for (const plugin of this.#plugins) plugin[Symbol.dispose]?.();
  }

  /** The names of the plugins, in their order. */
  get pluginNames(): string[] {
    return this.#plugins.map(({ name }) => name);
  }

  /** All plugins run once more when policies or webhooks changed what others had seen before. */
  async admit(attributes: AdmissionAttributes, signal: AbortSignal): Promise<void> {
    await this.#run("admit", attributes, signal);
    if (this.#reinvocations.beginSecond(attributes)) await this.#run("admit", attributes, signal);
  }

  validate(attributes: AdmissionAttributes, signal: AbortSignal): Promise<void> {
    return this.#run("validate", attributes, signal);
  }

  async #run(phase: Phase, attributes: AdmissionAttributes, signal: AbortSignal): Promise<void> {
    const { operation } = attributes;
    let startMs = this.#clock.monotonicMs();
    for (const { plugin, passed } of this.#stepsOf(phase, operation)) {
      try {
        const work = plugin[phase]?.(attributes, signal);
        if (work) await work;
      } catch (error) {
        const seconds = (this.#clock.monotonicMs() - startMs) / 1000;
        this.#durations?.with(plugin.name, phase, operation, "true").observe(seconds);
        throw error;
      }
      const endMs = this.#clock.monotonicMs();
      passed?.observe((endMs - startMs) / 1000);
      startMs = endMs;
    }
  }

  #stepsOf(phase: Phase, operation: AdmissionOperation): readonly Step[] {
    const known = this.#steps[phase].get(operation);
    if (known) return known;
    const steps = this.#plugins
      .filter((plugin) => plugin[phase] && plugin.handles(operation))
      .map((plugin) => ({ plugin, passed: this.#durations?.with(plugin.name, phase, operation, "false") }));
    this.#steps[phase].set(operation, steps);
    return steps;
  }
}

function durationHistogram(registry: Registry): HotHistogram {
  return new HotHistogram({
    name: "apiserver_admission_controller_admission_duration_seconds",
    help: "Time that an admission plugin takes for a request, by plugin, type, operation and outcome.",
    labelNames: ["name", "type", "operation", "rejected"],
    buckets: [0.005, 0.025, 0.1, 0.5, 1, 2.5],
    registry,
  });
}
