import type { SchedulerMetrics } from "./metrics.ts";

export type ExtensionPoint =
  | "PreFilter"
  | "Filter"
  | "PostFilter"
  | "PreScore"
  | "Score"
  | "Reserve"
  | "Permit"
  | "PreBind"
  | "Bind"
  | "PostBind";

interface Observer {
  observe(seconds: number): void;
}

/** Records how long extension points take. The observers are made once, since looking one up costs as much as it records. */
export class PointTimer {
  readonly #metrics: SchedulerMetrics | undefined;
  readonly #profile: string;
  readonly #observers = new Map<string, Observer>();

  /** Without metrics nothing is recorded. */
  constructor(profile: string, metrics?: SchedulerMetrics) {
    this.#profile = profile;
    this.#metrics = metrics;
  }

  /** Milliseconds on the machine's clock: durations are measured on the real one, also in simulations. */
  start(): number {
    return this.#metrics ? performance.now() : 0;
  }

  /** `status` is `Success` or a status code. */
  stop(point: ExtensionPoint, status: string, startedMs: number): void {
    if (!this.#metrics) return;
    const key = `${point}/${status}`;
    let observer = this.#observers.get(key);
    if (!observer) {
      observer = this.#metrics.extensionPointDuration.labels(point, status, this.#profile);
      this.#observers.set(key, observer);
    }
    observer.observe((performance.now() - startedMs) / 1_000);
  }
}
