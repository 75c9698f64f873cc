import { parentPort, workerData } from "node:worker_threads";
import { FuzzViolation, inputLimits, runTarget } from "./run-target.ts";
import type { FuzzReport } from "./run-target.ts";
import { fuzzTargets } from "./targets.ts";

/** What a thread is to do. */
export interface FuzzOrder {
  readonly target: string;
  readonly count: number;
  readonly seed: number;
  /** How many inputs were begun, how long the last one is, and its bytes: they outlive the thread. */
  readonly begun: SharedArrayBuffer;
  readonly input: SharedArrayBuffer;
}

/** What came of it. */
export type FuzzResult =
  | { readonly kind: "done"; readonly report: FuzzReport }
  | { readonly kind: "violated"; readonly problem: string; readonly input: Uint8Array };

/** Runs the order of a thread that was started for it. */
async function run({ target: name, count, seed, begun, input: shared }: FuzzOrder): Promise<FuzzResult> {
  const target = (await fuzzTargets()).find((each) => each.name === name);
  if (!target) throw new Error(`no decoder ${name}`);
  const [counts, bytes] = [new Int32Array(begun), new Uint8Array(shared)];
  const began = (input: Buffer) => {
    bytes.set(input);
    Atomics.store(counts, 1, input.length);
    Atomics.add(counts, 0, 1);
  };
  try {
    return { kind: "done", report: await runTarget(target, { count, seed, limits: inputLimits, began }) };
  } catch (error) {
    if (!(error instanceof FuzzViolation)) throw error;
    const cause = error.cause instanceof Error ? `\n${error.cause.stack}` : "";
    return { kind: "violated", problem: error.message + cause, input: error.input };
  }
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
if (parentPort) parentPort.postMessage(await run(workerData as FuzzOrder));
