import { Histogram, type Registry } from "./metrics.ts";

/** One histogram that was counted elsewhere. */
export interface CountedHistogram {
  readonly labels: Readonly<Record<string, string>>;
  readonly bounds: readonly number[];
  /** Observations by bucket, those beyond the last bound at the end. */
  readonly counts: Float64Array;
  readonly sum: number;
}

interface Sample {
  readonly labels: Record<string, string | number>;
  readonly value: number;
  readonly metricName: string;
}

/** Serves histograms that are counted elsewhere, read when somebody asks. */
export function serveHistograms(
  name: string,
  help: string,
  registry: Registry,
  read: () => Iterable<CountedHistogram>,
): void {
  registry.registerMetric(new HistogramFamily(name, help, read));
}

class HistogramFamily extends Histogram {
  readonly #name: string;
  readonly #help: string;
  readonly #read: () => Iterable<CountedHistogram>;

  constructor(name: string, help: string, read: () => Iterable<CountedHistogram>) {
    super({ name, help, registers: [] });
    this.#name = name;
    this.#help = help;
    this.#read = read;
  }

  override get() {
    const values = [...this.#read()].flatMap((histogram) => samplesOf(this.#name, histogram));
    const description = { name: this.#name, help: this.#help, type: "histogram" as never, aggregator: "sum" as const };
    return Promise.resolve({ ...description, collect: () => {}, values });
  }

  /** What the registry asks for instead of `get` when it writes text. */
  getForPromString() {
    return this.get();
  }
}

function samplesOf(name: string, { labels, bounds, counts, sum }: CountedHistogram): Sample[] {
  const samples: Sample[] = [];
  let total = 0;
  for (const [index, count] of counts.entries()) {
    total += count;
    samples.push({ labels: { le: bounds[index] ?? "+Inf", ...labels }, value: total, metricName: `${name}_bucket` });
  }
  samples.push({ labels: { ...labels }, value: sum, metricName: `${name}_sum` });
  samples.push({ labels: { ...labels }, value: total, metricName: `${name}_count` });
  return samples;
}
