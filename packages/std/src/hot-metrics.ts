import { Counter, Histogram } from "prom-client";
import type {
  MetricObject,
  MetricObjectWithValues,
  MetricType,
  MetricValue,
  MetricValueWithName,
  Registry,
} from "prom-client";

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
    const values = () => this.#series.map(({ labels, value }) => ({ labels, value }));
    registry.registerMetric(new ShownCounter({ name, help, labelNames: [...labelNames], registers: [] }, values));
  }

  /** The series of these label values, which it keeps for good: they must come from a bounded set. */
  with(...labelValues: readonly string[]): CounterSeries {
    return this.#tree.find(labelValues);
  }
}

/** One series of a `HotHistogram`. */
export class HistogramSeries {
  readonly labels: Labels;
  readonly #buckets: readonly number[];
  readonly #counts: Float64Array;
  #sum = 0;

  constructor(labels: Labels, buckets: readonly number[]) {
    this.labels = labels;
    this.#buckets = buckets;
    this.#counts = new Float64Array(buckets.length + 1);
  }

  observe(value: number): void {
    const buckets = this.#buckets;
    let at = 0;
    while (at < buckets.length && value > (buckets[at] as number)) at += 1;
    this.#counts[at] = (this.#counts[at] as number) + 1;
    this.#sum += value;
  }

  /** The lines of this series: each bucket with what is below it, the sum, the count. */
  *lines(name: string): Iterable<MetricValueWithName<string>> {
    let count = 0;
    for (const [index, bound] of [...this.#buckets, "+Inf"].entries()) {
      count += this.#counts[index] as number;
      yield { metricName: `${name}_bucket`, labels: { le: bound, ...this.labels }, value: count };
    }
    yield { metricName: `${name}_sum`, labels: this.labels, value: this.#sum };
    yield { metricName: `${name}_count`, labels: this.labels, value: count };
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
    const values = () => this.#series.flatMap((series) => [...series.lines(name)]);
    const shown = { name, help, labelNames: [...labelNames], buckets: [...buckets], registers: [] };
    registry.registerMetric(new ShownHistogram(shown, values));
  }

  /** The series of these label values, which it keeps for good: they must come from a bounded set. */
  with(...labelValues: readonly string[]): HistogramSeries {
    return this.#tree.find(labelValues);
  }
}

/** What a registry knows of a `HotCounter`. */
class ShownCounter extends Counter {
  readonly #values: () => MetricValue<string>[];

  constructor(configuration: ConstructorParameters<typeof Counter>[0], values: () => MetricValue<string>[]) {
    super(configuration);
    this.#values = values;
  }

  override async get(): Promise<MetricObjectWithValues<MetricValue<string>>> {
    return { ...(await super.get()), values: this.#values() };
  }
}

/** What a registry knows of a `HotHistogram`. */
class ShownHistogram extends Histogram {
  readonly #values: () => MetricValueWithName<string>[];
  readonly #about: MetricObject;

  constructor(configuration: ConstructorParameters<typeof Histogram>[0], values: () => MetricValueWithName<string>[]) {
    super(configuration);
    this.#values = values;
    const { name, help } = configuration;
    this.#about = { name, help, type: "histogram" as unknown as MetricType, aggregator: "sum", collect: () => {} };
  }

  override get(): Promise<MetricObjectWithValues<MetricValueWithName<string>>> {
    return this.getForPromString();
  }

  /** What prom-client asks for where it writes text. */
  async getForPromString(): Promise<MetricObjectWithValues<MetricValueWithName<string>>> {
    return { ...this.#about, values: this.#values() };
  }
}

function labelsOf(names: readonly string[], values: readonly string[]): Labels {
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? ""]));
}
