import { appendFileSync } from "node:fs";
import { constants, PerformanceObserver } from "node:perf_hooks";

// Preloaded into a daemon (NODE_OPTIONS=--import): tells which turns of its event loop were long, by the CPU time of the
// thread that runs it, so that it does not matter who else uses the machine's processors.

/** A turn that held the event loop, or a garbage collection within one. Times are milliseconds of the wall clock. */
export interface LoopRecord {
  readonly kind: "turn" | "collection";
  readonly startedAt: number;
  readonly endedAt: number;
  /** Of the event loop's thread; 0 for a collection. */
  readonly cpuMs: number;
}

/** Names the file that the records are appended to, one a line. A collection may be told after the turn that it was in. */
export const turnFileVariable = "TURN_PROBE_FILE";

const shortTurnMs = 10;
const shortCollectionMs = 1;
const file = process.env[turnFileVariable];

if (file !== undefined) observe(file);

function observe(path: string): void {
  const write = (record: LoopRecord) => appendFileSync(path, `${JSON.stringify(record)}\n`);
  const collections = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.duration < shortCollectionMs || !isMainThreadWork(entry)) continue;
      const startedAt = performance.timeOrigin + entry.startTime;
      write({ kind: "collection", startedAt, endedAt: startedAt + entry.duration, cpuMs: 0 });
    }
  });
  collections.observe({ entryTypes: ["gc"] });
  let cpuMs = threadCpuMs();
  let startedAt = wallMs();
  const beat = () => {
    const turn: LoopRecord = { kind: "turn", startedAt, endedAt: wallMs(), cpuMs: threadCpuMs() - cpuMs };
    if (turn.cpuMs >= shortTurnMs) write(turn);
    cpuMs = threadCpuMs();
    startedAt = wallMs();
  };
  setInterval(beat, 1).unref();
}

function wallMs(): number {
  return performance.timeOrigin + performance.now();
}

function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

function isMainThreadWork({ detail }: PerformanceEntry & { readonly detail?: unknown }): boolean {
  return (detail as { readonly kind?: number } | undefined)?.kind !== constants.NODE_PERFORMANCE_GC_WEAKCB;
}
