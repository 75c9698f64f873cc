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
  readonly #stepDurations: HotHistogram | undefined;
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
    this.#stepDurations = metrics && stepHistogram(metrics);
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
    const beginMs = this.#clock.monotonicMs();
    let startMs = beginMs;
    for (const { plugin, passed } of this.#stepsOf(phase, operation)) {
      try {
        const work = plugin[phase]?.(attributes, signal);
        if (work) await work;
      } catch (error) {
        const nowMs = this.#clock.monotonicMs();
        this.#durations?.with(plugin.name, phase, operation, "true").observe((nowMs - startMs) / 1000);
        this.#stepDurations?.with(phase, operation, "true").observe((nowMs - beginMs) / 1000);
        throw error;
      }
      const endMs = this.#clock.monotonicMs();
      passed?.observe((endMs - startMs) / 1000);
      startMs = endMs;
    }
    this.#stepDurations?.with(phase, operation, "false").observe((startMs - beginMs) / 1000);
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

const buckets = [0.005, 0.025, 0.1, 0.5, 1, 2.5];

function durationHistogram(registry: Registry): HotHistogram {
  return new HotHistogram({
    name: "apiserver_admission_controller_admission_duration_seconds",
    help: "Time that an admission plugin takes for a request, by plugin, type, operation and outcome.",
    labelNames: ["name", "type", "operation", "rejected"],
    buckets,
    registry,
  });
}

function stepHistogram(registry: Registry): HotHistogram {
  return new HotHistogram({
    name: "apiserver_admission_step_admission_duration_seconds",
    help: "Time that all admission plugins of a type take for a request, by type, operation and outcome.",
    labelNames: ["type", "operation", "rejected"],
    buckets,
    registry,
  });
}
