import { Buckets } from "./buckets.ts";
import { serveHistograms } from "./counted-histograms.ts";
import { Counter, type Registry } from "./metrics.ts";

/*
 * Metrics of what every request does. prom-client finds a series by hashing an object of labels each time, which costs
 * microseconds; these find it by its label values, in the order of the label names.
 */

export interface HotMetricOptions {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  readonly registry: Registry;
}

type Labels = Readonly<Record<string, string>>;

/** The series of one metric by their label values. */
class SeriesTree<S> {
  readonly #depth: number;
  readonly #create: (labelValues: readonly string[]) => S;
  readonly #root = new Map<string, unknown>();
  #single: S | undefined;

  constructor(depth: number, create: (labelValues: readonly string[]) => S) {
    this.#depth = depth;
    this.#create = create;
  }

  find(labelValues: readonly string[]): S {
    if (labelValues.length !== this.#depth) throw new Error(`${labelValues.length} values for ${this.#depth} labels`);
    if (this.#depth === 0) return (this.#single ??= this.#create(labelValues));
    let level = this.#root;
    const last = this.#depth - 1;
    for (let index = 0; index < last; index += 1) {
      const value = labelValues[index] as string;
      let next = level.get(value) as Map<string, unknown> | undefined;
      if (!next) level.set(value, (next = new Map()));
      level = next;
    }
    const value = labelValues[last] as string;
    let series = level.get(value) as S | undefined;
    if (series === undefined) level.set(value, (series = this.#create(labelValues)));
    return series;
  }
}

/** One series of a `HotCounter`. */
export class CounterSeries {
  readonly labels: Labels;
  value = 0;

  constructor(labels: Labels) {
    this.labels = labels;
  }

  inc(by = 1): void {
    this.value += by;
  }
}

/** A counter whose series are found by their label values. */
export class HotCounter {
  readonly #series: CounterSeries[] = [];
  readonly #tree: SeriesTree<CounterSeries>;

  constructor({ name, help, labelNames, registry }: HotMetricOptions) {
    this.#tree = new SeriesTree(labelNames.length, (values) => {
      const series = new CounterSeries(labelsOf(labelNames, values));
      this.#series.push(series);
      return series;
    });
    const shown: Counter = new Counter({
      name,
      help,
      labelNames: [...labelNames],
      registers: [registry],
      collect: () => {
        shown.reset();
        for (const { labels, value } of this.#series) shown.inc(labels, value);
      },
    });
  }

  /** The series of these label values, which it keeps for good: they must come from a bounded set. */
  with(...labelValues: readonly string[]): CounterSeries {
    return this.#tree.find(labelValues);
  }
}

/** One series of a `HotHistogram`. */
export class HistogramSeries extends Buckets {
  readonly labels: Labels;

  constructor(labels: Labels, bounds: readonly number[]) {
    super(bounds);
    this.labels = labels;
  }
}

/** A histogram whose series are found by their label values. */
export class HotHistogram {
  readonly #series: HistogramSeries[] = [];
  readonly #tree: SeriesTree<HistogramSeries>;

  /** `buckets` are upper bounds that grow. */
  constructor({
    name,
    help,
    labelNames,
    registry,
    buckets,
  }: HotMetricOptions & { readonly buckets: readonly number[] }) {
    this.#tree = new SeriesTree(labelNames.length, (values) => {
      const series = new HistogramSeries(labelsOf(labelNames, values), buckets);
      this.#series.push(series);
      return series;
    });
    serveHistograms(name, help, registry, () => this.#series);
  }

  /** The series of these label values, which it keeps for good: they must come from a bounded set. */
  with(...labelValues: readonly string[]): HistogramSeries {
    return this.#tree.find(labelValues);
  }
}

function labelsOf(names: readonly string[], values: readonly string[]): Labels {
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? ""]));
}
