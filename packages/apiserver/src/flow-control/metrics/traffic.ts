import { TimeHistogram } from "./time-histogram.ts";

export type RequestKind = "readOnly" | "mutating";

const readVerbs: ReadonlySet<string> = new Set(["get", "list", "watch"]);
const bounds = [0, 0.001, 0.01, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1];

export function kindOf(verb: string): RequestKind {
  return readVerbs.has(verb) ? "readOnly" : "mutating";
}

/** The requests of one kind that wait or run, whatever their level. */
class KindTraffic {
  readonly executing: TimeHistogram;
  readonly waiting: TimeHistogram;
  running = 0;
  queued = 0;
  refused = 0;

  constructor(nowMs: number) {
    this.executing = new TimeHistogram(bounds, nowMs);
    this.waiting = new TimeHistogram(bounds, nowMs);
  }
}

/** Reading and writing requests over all levels. */
export class Traffic {
  readonly readOnly: KindTraffic;
  readonly mutating: KindTraffic;

  constructor(nowMs: number) {
    this.readOnly = new KindTraffic(nowMs);
    this.mutating = new KindTraffic(nowMs);
  }

  started(verb: string, nowMs: number): void {
    const kind = this[kindOf(verb)];
    kind.running += 1;
    kind.executing.set(kind.running, nowMs);
  }

  finished(verb: string, nowMs: number): void {
    const kind = this[kindOf(verb)];
    kind.running -= 1;
    kind.executing.set(kind.running, nowMs);
  }

  queued(verb: string, by: 1 | -1, nowMs: number): void {
    const kind = this[kindOf(verb)];
    kind.queued += by;
    kind.waiting.set(kind.queued, nowMs);
  }

  refused(verb: string): void {
    this[kindOf(verb)].refused += 1;
  }

  setLimits(executing: number, waiting: number, nowMs: number): void {
    for (const kind of [this.readOnly, this.mutating]) {
      kind.executing.setDenominator(executing, nowMs);
      kind.waiting.setDenominator(waiting, nowMs);
    }
  }
}
