import { appendFileSync } from "node:fs";
import { constants, PerformanceObserver } from "node:perf_hooks";

// Preloaded into a daemon (NODE_OPTIONS=--import): tells which turns of its event loop were long, by the CPU time of the
// thread that runs it, so that it does not matter who else uses the machine's processors.

/** A turn that held the event loop. */
export interface LongTurn {
  /** Wall-clock milliseconds. */
  readonly startedAt: number;
  readonly cpuMs: number;
  /** How much of it was garbage collection. */
  readonly gcMs: number;
}

/** Names the file that the turns are appended to, one a line, as they end. */
export const turnFileVariable = "TURN_PROBE_FILE";

const shortMs = 10;
const file = process.env[turnFileVariable];

if (file !== undefined) observe(file);

function observe(path: string): void {
  let gcMs = 0;
  let cpuMs = threadCpuMs();
  let startedAt = Date.now();
  const collections = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) gcMs += isMainThreadWork(entry) ? entry.duration : 0;
  });
  collections.observe({ entryTypes: ["gc"] });
  const beat = () => {
    const now = threadCpuMs();
    const turn: LongTurn = { startedAt, cpuMs: now - cpuMs, gcMs };
    if (turn.cpuMs >= shortMs) appendFileSync(path, `${JSON.stringify(turn)}\n`);
    gcMs = 0;
    cpuMs = now;
    startedAt = Date.now();
  };
  setInterval(beat, 1).unref();
}

function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

function isMainThreadWork({ detail }: PerformanceEntry & { readonly detail?: unknown }): boolean {
  return (detail as { readonly kind?: number } | undefined)?.kind !== constants.NODE_PERFORMANCE_GC_WEAKCB;
}
