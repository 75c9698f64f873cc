import { Worker } from "node:worker_threads";
import type { FuzzOrder, FuzzResult } from "./fuzz-thread.ts";
import type { FuzzTarget } from "./fuzz-target.ts";
import { inputLimits } from "./run-target.ts";

/** What the modules of the decoders take by themselves. */
const modulesMb = 160;
/** An input that goes on for so long will not end; the thread itself judges what ends. */
const endlessMs = 60_000;

/**
 * Fuzzes one decoder in a thread of its own, which an input that takes all memory or never ends brings down, and
 * nothing else. Resolves with what came of it.
 */
export function fuzzInThread(target: FuzzTarget, count: number, seed: number): Promise<FuzzResult> {
  const begun = new SharedArrayBuffer(8);
  const input = new SharedArrayBuffer(target.maxBytes);
  const order: FuzzOrder = { target: target.name, count, seed, begun, input };
  const worker = new Worker(new URL("./fuzz-thread.ts", import.meta.url), {
    workerData: order,
    resourceLimits: {
      maxOldGenerationSizeMb: modulesMb + inputLimits.memoryBytes / 2 ** 20,
      maxYoungGenerationSizeMb: 32,
    },
  });
  const counts = new Int32Array(begun);
  const lastInput = () => Uint8Array.from(new Uint8Array(input, 0, Atomics.load(counts, 1)));
  return new Promise((resolve) => {
    let seen = -1;
    const violated = (problem: string) =>
      resolve({ kind: "violated", problem: `${target.name}: ${problem}`, input: lastInput() });
    const watch = setInterval(() => {
      const now = Atomics.load(counts, 0);
      if (now === seen && now > 0) {
        violated(`did not end within ${endlessMs} ms`);
        void worker.terminate();
      }
      seen = now;
    }, endlessMs);
    worker.on("message", resolve);
    worker.on("error", (error) => violated(`brought its thread down: ${String(error)}`));
    worker.on("exit", (code) => {
      clearInterval(watch);
      violated(`ended its thread with ${code}`);
    });
  });
}
