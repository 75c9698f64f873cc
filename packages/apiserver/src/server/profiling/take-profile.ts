import { Session } from "node:inspector/promises";
import type { Clock } from "@kube-ts/std/clock";
import { cpuSamples, heapSamples } from "./v8-profiles.ts";
import { pprofDocument } from "./pprof-document.ts";

const cpuIntervalUs = 10_000;
const heapIntervalBytes = 512 * 1024;

/** Watches what the thread does for that long; the stacks as pprof reads them, not compressed. */
export async function takeCpuProfile(durationMs: number, clock: Clock, signal: AbortSignal): Promise<Uint8Array> {
  const startMs = clock.now();
  using inspector = connect();
  const { session } = inspector;
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: cpuIntervalUs });
  await session.post("Profiler.start");
  await clock.sleep(durationMs, signal);
  const { profile } = await session.post("Profiler.stop");
  return pprofDocument(cpuSamples(profile), {
    values: [
      { type: "samples", unit: "count" },
      { type: "cpu", unit: "nanoseconds" },
    ],
    period: { type: "cpu", unit: "nanoseconds", value: cpuIntervalUs * 1000 },
    startMs,
    durationMs: clock.now() - startMs,
  });
}

/** Where memory was taken during that time that is still in use at its end. */
export async function takeHeapProfile(durationMs: number, clock: Clock, signal: AbortSignal): Promise<Uint8Array> {
  const startMs = clock.now();
  using inspector = connect();
  const { session } = inspector;
  await session.post("HeapProfiler.enable");
  await session.post("HeapProfiler.startSampling", { samplingInterval: heapIntervalBytes });
  await clock.sleep(durationMs, signal);
  const { profile } = await session.post("HeapProfiler.stopSampling");
  return pprofDocument(heapSamples(profile), {
    values: [{ type: "inuse_space", unit: "bytes" }],
    period: { type: "space", unit: "bytes", value: heapIntervalBytes },
    startMs,
    durationMs: clock.now() - startMs,
  });
}

function connect(): Disposable & { readonly session: Session } {
  const session = new Session();
  session.connect();
  return { session, [Symbol.dispose]: () => session.disconnect() };
}
