import { Counter, Gauge, Histogram, type Registry } from "@kube-ts/std/metrics";

/** Powers of ten from 10 ns to 10 s, as upstream chooses them. */
const durationBuckets = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10];

/** What a queue says of the items that are being worked on. */
export interface UnfinishedWork {
  /** Seconds that each running item has taken so far. */
  runningSeconds(): readonly number[];
}

/** Upstream's metrics of one work queue. */
export interface WorkQueueMetrics {
  added(): void;
  depth(items: number): void;
  waited(seconds: number): void;
  worked(seconds: number): void;
  retried(): void;
}

const none: WorkQueueMetrics = {
  added: () => {},
  depth: () => {},
  waited: () => {},
  worked: () => {},
  retried: () => {},
};

/** Metrics of the queue `name`. All queues of one registry share the metric families. */
export function workQueueMetrics(
  registry: Registry | undefined,
  name: string,
  unfinished: UnfinishedWork,
): WorkQueueMetrics {
  if (!registry) return none;
  const families = familiesOf(registry);
  families.queues.set(name, unfinished);
  const labels = { name };
  return {
    added: () => families.adds.inc(labels),
    depth: (items) => families.depth.set(labels, items),
    waited: (seconds) => families.waits.observe(labels, seconds),
    worked: (seconds) => families.work.observe(labels, seconds),
    retried: () => families.retries.inc(labels),
  };
}

interface Families {
  readonly queues: Map<string, UnfinishedWork>;
  readonly adds: Counter;
  readonly depth: Gauge;
  readonly waits: Histogram;
  readonly work: Histogram;
  readonly retries: Counter;
}

const familiesByRegistry = new WeakMap<Registry, Families>();

function familiesOf(registry: Registry): Families {
  const known = familiesByRegistry.get(registry);
  if (known) return known;
  const queues = new Map<string, UnfinishedWork>();
  const shared = { labelNames: ["name"], registers: [registry] };
  const families: Families = {
    queues,
    adds: new Counter({ name: "workqueue_adds_total", help: "Number of adds handled by the queue.", ...shared }),
    depth: new Gauge({ name: "workqueue_depth", help: "Number of items that wait in the queue.", ...shared }),
    waits: new Histogram({
      name: "workqueue_queue_duration_seconds",
      help: "Time that an item waits in the queue before it is taken.",
      buckets: durationBuckets,
      ...shared,
    }),
    work: new Histogram({
      name: "workqueue_work_duration_seconds",
      help: "Time that processing an item takes.",
      buckets: durationBuckets,
      ...shared,
    }),
    retries: new Counter({ name: "workqueue_retries_total", help: "Number of retries of the queue.", ...shared }),
  };
  registerUnfinished(queues, shared);
  familiesByRegistry.set(registry, families);
  return families;
}

/** These two are computed when they are read. */
function registerUnfinished(
  queues: ReadonlyMap<string, UnfinishedWork>,
  shared: { readonly labelNames: string[]; readonly registers: Registry[] },
): void {
  const summarize = (gauge: Gauge, summary: (seconds: readonly number[]) => number) => {
    for (const [name, queue] of queues) gauge.set({ name }, summary(queue.runningSeconds()));
  };
  void new Gauge({
    name: "workqueue_unfinished_work_seconds",
    help: "Seconds of work in progress that is not yet part of work_duration; large values point at stuck items.",
    ...shared,
    collect() {
      summarize(this, (seconds) => seconds.reduce((sum, value) => sum + value, 0));
    },
  });
  void new Gauge({
    name: "workqueue_longest_running_processor_seconds",
    help: "Seconds for which the item that takes longest has been worked on.",
    ...shared,
    collect() {
      summarize(this, (seconds) => Math.max(0, ...seconds));
    },
  });
}
