import type { Buckets } from "@kube-ts/std/buckets";
import type { Clock } from "@kube-ts/std/clock";
import { type CountedHistogram, serveHistograms } from "@kube-ts/std/counted-histograms";
import { Counter, Gauge } from "@kube-ts/std/metrics";
import type { Registry } from "@kube-ts/std/metrics";
import type { NextStarts } from "../fair-queuing/queue-set.ts";
import type { FlowControl } from "../flow-control.ts";
import type { Level } from "../level.ts";
import type { FlowStats } from "./flow-stats.ts";
import type { TimeHistogram } from "./time-histogram.ts";

const prefix = "apiserver_flowcontrol_";
const kinds = ["readOnly", "mutating"] as const;

/** Serves what the levels have counted, under upstream's names; a request pays for none of it but plain counting. */
export function registerFlowMetrics(flow: FlowControl, clock: Clock, registry: Registry): void {
  const stats = (): FlowStats[] => flow.levels.flatMap((level) => [...level.stats.values()]);
  registerCounters(stats, registry);
  registerFlowGauges(stats, registry);
  registerLevelGauges(flow, registry);
  registerHistograms(stats, registry);
  registerTimeHistograms(flow, clock, registry);
  registerTraffic(flow, registry);
}

type FlowLabel = "priority_level" | "flow_schema";
const flowLabels: FlowLabel[] = ["priority_level", "flow_schema"];

function labelsOf({ level, schema }: FlowStats): Record<FlowLabel, string> {
  return { priority_level: level, flow_schema: schema };
}

function registerCounters(stats: () => FlowStats[], registry: Registry): void {
  const rejected: Counter<FlowLabel | "reason"> = new Counter({
    name: `${prefix}rejected_requests_total`,
    help: "Requests refused by priority and fairness.",
    labelNames: [...flowLabels, "reason"],
    registers: [registry],
    collect: () => {
      rejected.reset();
      for (const flow of stats()) {
        for (const [reason, count] of Object.entries(flow.rejections)) {
          if (count > 0) rejected.inc({ ...labelsOf(flow), reason }, count);
        }
      }
    },
  });
  const count = (name: string, help: string, read: (flow: FlowStats) => number) => {
    const counter: Counter<FlowLabel> = new Counter({
      name: `${prefix}${name}`,
      help,
      labelNames: flowLabels,
      registers: [registry],
      collect: () => {
        counter.reset();
        for (const flow of stats()) if (read(flow) > 0) counter.inc(labelsOf(flow), read(flow));
      },
    });
  };
  count("dispatched_requests_total", "Requests let in by priority and fairness.", ({ dispatched }) => dispatched);
  count(
    "request_dispatch_no_accommodation_total",
    "Times that a waiting request was next but found too few seats.",
    ({ noAccommodation }) => noAccommodation,
  );
}

function registerFlowGauges(stats: () => FlowStats[], registry: Registry): void {
  const gauges: [name: string, help: string, read: (flow: FlowStats) => number][] = [
    ["current_inqueue_requests", "Requests that wait in queues.", ({ waiting }) => waiting],
    ["current_inqueue_seats", "Seats that waiting requests ask for.", ({ seatsWaiting }) => seatsWaiting],
    ["current_executing_requests", "Requests being answered; watches only until they have begun.", (f) => f.executing],
    ["current_executing_seats", "Seats of the requests being answered.", ({ seatsInUse }) => seatsInUse],
    ["request_concurrency_in_use", "Seats of the requests being answered.", ({ seatsInUse }) => seatsInUse],
  ];
  for (const [name, help, read] of gauges) {
    const gauge: Gauge<FlowLabel> = new Gauge({
      name: `${prefix}${name}`,
      help,
      labelNames: flowLabels,
      registers: [registry],
      collect: () => {
        gauge.reset();
        for (const flow of stats()) gauge.set(labelsOf(flow), read(flow));
      },
    });
  }
}

function registerLevelGauges(flow: FlowControl, registry: Registry): void {
  const gauges: [name: string, help: string, read: (level: Level) => number][] = [
    ["nominal_limit_seats", "Seats that a level has by configuration.", ({ limits }) => limits.nominal],
    ["request_concurrency_limit", "Seats that a level has by configuration.", ({ limits }) => limits.nominal],
    ["lower_limit_seats", "Seats that a level keeps whatever it lends.", ({ limits }) => limits.min],
    ["upper_limit_seats", "Seats that a level has at most, with those it borrows.", ({ limits }) => limits.max],
    ["current_limit_seats", "Seats that a level has now.", ({ queues }) => queues.limit],
    ["target_seats", "Seats that the last division aimed at.", ({ targetSeats }) => targetSeats],
    ["demand_seats_high_watermark", "Most seats asked for in the last period.", ({ trend }) => trend.max],
    ["demand_seats_average", "Average of the seats asked for in the last period.", ({ trend }) => trend.average],
    ["demand_seats_stdev", "Deviation of the seats asked for in the last period.", ({ trend }) => trend.deviation],
    ["demand_seats_smoothed", "Seats asked for, smoothed over periods.", ({ trend }) => trend.smoothed],
    ["current_r", "The progress meter of a level.", ({ queues }) => queues.progress],
    ["dispatch_r", "The progress meter at the last start.", ({ observed }) => observed.lastDispatchR],
    ["latest_s", "The virtual start of the request that was started last.", ({ observed }) => observed.lastStartR],
  ];
  for (const [name, help, read] of gauges) {
    const gauge: Gauge<"priority_level"> = new Gauge({
      name: `${prefix}${name}`,
      help,
      labelNames: ["priority_level"],
      registers: [registry],
      collect: () => {
        gauge.reset();
        for (const level of flow.levels) gauge.set({ priority_level: level.name }, read(level));
      },
    });
  }
  registerBounds(flow, registry);
  const fraction: Gauge = new Gauge({
    name: `${prefix}seat_fair_frac`,
    help: "Fraction of what they could use that levels were given in the last division.",
    registers: [registry],
    collect: () => fraction.set(flow.fairFraction),
  });
}

function registerBounds(flow: FlowControl, registry: Registry): void {
  const gauge = (name: string, help: string, read: (starts: NextStarts) => { min: number; max: number }) => {
    const bounds: Gauge<"priority_level" | "bound"> = new Gauge({
      name: `${prefix}${name}`,
      help,
      labelNames: ["priority_level", "bound"],
      registers: [registry],
      collect: () => {
        bounds.reset();
        for (const { name: level, queues } of flow.levels) {
          if (!queues.nextStarts) continue;
          const { min, max } = read(queues.nextStarts);
          bounds.set({ priority_level: level, bound: "min" }, min);
          bounds.set({ priority_level: level, bound: "max" }, max);
        }
      },
    });
  };
  gauge("next_s_bounds", "Bounds of the virtual starts of the next requests of queues.", (starts) => starts);
  gauge(
    "next_discounted_s_bounds",
    "Bounds of the virtual starts of the next requests of queues, less what is under way.",
    ({ discountedMin, discountedMax }) => ({ min: discountedMin, max: discountedMax }),
  );
}

function registerHistograms(stats: () => FlowStats[], registry: Registry): void {
  type Read = (flow: FlowStats) => [buckets: Buckets, labels?: Record<string, string>][];
  const families: [name: string, help: string, read: Read][] = [
    [
      "request_wait_duration_seconds",
      "Time that requests waited in queues.",
      ({ waitedAndRan, waitedInVain }) => [
        [waitedInVain, { execute: "false" }],
        [waitedAndRan, { execute: "true" }],
      ],
    ],
    [
      "request_execution_seconds",
      "Time that requests took; of watches, until they had begun.",
      ({ regularSeconds, watchSeconds }) => [
        [regularSeconds, { type: "regular" }],
        [watchSeconds, { type: "watch" }],
      ],
    ],
    ["request_queue_length_after_enqueue", "Length of queues as requests find them.", (f) => [[f.queueLength]]],
    ["work_estimated_seats", "Seats that requests were thought to need.", (f) => [[f.estimatedSeats]]],
    ["watch_count_samples", "Watches that a write concerns.", (f) => [[f.watchCount]]],
  ];
  for (const [name, help, read] of families) {
    const histograms = function* (): Iterable<CountedHistogram> {
      for (const flow of stats()) {
        for (const [{ bounds, counts, sum }, more] of read(flow)) {
          if (counts.some((count) => count > 0)) yield { labels: { ...labelsOf(flow), ...more }, bounds, counts, sum };
        }
      }
    };
    serveHistograms(`${prefix}${name}`, help, registry, histograms);
  }
}

function registerTimeHistograms(flow: FlowControl, clock: Clock, registry: Registry): void {
  const counted = (labels: Record<string, string>, histogram: TimeHistogram): CountedHistogram => {
    histogram.advance(clock.monotonicMs());
    return { labels, bounds: histogram.bounds, counts: histogram.counts, sum: histogram.sum };
  };
  const ofLevels = (read: (level: Level) => CountedHistogram[]) => () => flow.levels.flatMap(read);
  serveHistograms(
    `${prefix}priority_level_seat_utilization`,
    "How long which fraction of a level's seats was taken, in nanoseconds.",
    registry,
    ofLevels(({ name, observed }) => [counted({ phase: "executing", priority_level: name }, observed.seatUtilization)]),
  );
  serveHistograms(
    `${prefix}priority_level_request_utilization`,
    "How long how many requests of a level ran or waited, as fraction of the limit, in nanoseconds.",
    registry,
    ofLevels(({ name, observed }) => [
      counted({ phase: "executing", priority_level: name }, observed.executing),
      counted({ phase: "waiting", priority_level: name }, observed.waiting),
    ]),
  );
  serveHistograms(
    `${prefix}demand_seats`,
    "How long which multiple of its seats a level could use, in nanoseconds.",
    registry,
    ofLevels(({ name, observed }) => [counted({ priority_level: name }, observed.demandRatio)]),
  );
  serveHistograms(
    `${prefix}read_vs_write_current_requests`,
    "How long how many reading and writing requests ran or waited, as fraction of the limit, in nanoseconds.",
    registry,
    () =>
      kinds.flatMap((kind) => [
        counted({ phase: "executing", request_kind: kind }, flow.traffic[kind].executing),
        counted({ phase: "waiting", request_kind: kind }, flow.traffic[kind].waiting),
      ]),
  );
}

function registerTraffic(flow: FlowControl, registry: Registry): void {
  const dropped: Counter<"request_kind"> = new Counter({
    name: "apiserver_dropped_requests_total",
    help: "Requests refused because too many others were being answered.",
    labelNames: ["request_kind"],
    registers: [registry],
    collect: () => {
      dropped.reset();
      for (const kind of kinds) dropped.inc({ request_kind: kind }, flow.traffic[kind].refused);
    },
  });
  const inFlight: Gauge<"request_kind"> = new Gauge({
    name: "apiserver_current_inflight_requests",
    help: "Requests being answered now, long-running ones left out.",
    labelNames: ["request_kind"],
    registers: [registry],
    collect: () => {
      for (const kind of kinds) inFlight.set({ request_kind: kind }, flow.traffic[kind].running);
    },
  });
  const inQueue: Gauge<"request_kind"> = new Gauge({
    name: "apiserver_current_inqueue_requests",
    help: "Requests that wait now.",
    labelNames: ["request_kind"],
    registers: [registry],
    collect: () => {
      for (const kind of kinds) inQueue.set({ request_kind: kind }, flow.traffic[kind].queued);
    },
  });
}
