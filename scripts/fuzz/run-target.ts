import { getHeapStatistics } from "node:v8";
import { seededRandom } from "@kube-ts/std/random";
import type { FuzzTarget } from "./fuzz-target.ts";
import { Mutator } from "./mutate.ts";

/** What no input may cost. */
export interface InputLimits {
  readonly timeMs: number;
  readonly memoryBytes: number;
}

export const inputLimits: InputLimits = { timeMs: 1_000, memoryBytes: 100 * 1024 * 1024 };

export interface FuzzRun {
  readonly count: number;
  readonly seed: number;
  readonly limits: InputLimits;
  /** Told of each input before it is decoded. */
  readonly began?: (input: Buffer) => void;
}

export interface FuzzReport {
  readonly inputs: number;
  readonly accepted: number;
  readonly longestBytes: number;
  readonly slowestMs: number;
  /** The most that the heap and its buffers have grown by one input. */
  readonly largestBytes: number;
  readonly totalMs: number;
}

/** An input that a decoder does not stand. */
export class FuzzViolation extends Error {
  override readonly name = "FuzzViolation";
  readonly target: string;
  readonly input: Buffer;

  constructor(target: string, problem: string, input: Buffer, cause?: unknown) {
    super(`${target}: ${problem}`, { cause });
    this.target = target;
    this.input = input;
  }
}

/** How often an input is tried again that seems to cost too much: the machine may have been busy. */
const retries = 3;

interface Cost {
  readonly isAccepted: boolean;
  readonly timeMs: number;
  readonly memoryBytes: number;
}

/** Feeds inputs to a decoder. Rejects with a FuzzViolation. */
export async function runTarget(target: FuzzTarget, { count, seed, limits, began }: FuzzRun): Promise<FuzzReport> {
  const mutator = new Mutator(target, seededRandom(seed));
  const begin = performance.now();
  let [accepted, longestBytes, slowestMs, largestBytes] = [0, 0, 0, 0];
  for (const good of target.seeds) await tryInput(target, Buffer.from(good), limits);
  for (let index = 0; index < count; index += 1) {
    const input = mutator.next();
    began?.(input);
    const cost = await tryInput(target, input, limits);
    if (cost.isAccepted) accepted += 1;
    longestBytes = Math.max(longestBytes, input.length);
    slowestMs = Math.max(slowestMs, cost.timeMs);
    largestBytes = Math.max(largestBytes, cost.memoryBytes);
  }
  return { inputs: count, accepted, longestBytes, slowestMs, largestBytes, totalMs: performance.now() - begin };
}

async function tryInput(target: FuzzTarget, input: Buffer, limits: InputLimits): Promise<Cost> {
  let cost = await measure(target, input);
  for (let left = retries; left > 0 && exceeds(cost, limits); left -= 1) {
    const again = await measure(target, input);
    cost = {
      isAccepted: again.isAccepted,
      timeMs: Math.min(cost.timeMs, again.timeMs),
      memoryBytes: Math.min(cost.memoryBytes, again.memoryBytes),
    };
  }
  if (cost.timeMs > limits.timeMs) {
    throw new FuzzViolation(target.name, `took ${Math.round(cost.timeMs)} ms, the limit is ${limits.timeMs}`, input);
  }
  if (cost.memoryBytes > limits.memoryBytes) {
    throw new FuzzViolation(target.name, `took ${cost.memoryBytes} bytes, the limit is ${limits.memoryBytes}`, input);
  }
  return cost;
}

function exceeds({ timeMs, memoryBytes }: Cost, limits: InputLimits): boolean {
  return timeMs > limits.timeMs || memoryBytes > limits.memoryBytes;
}

async function measure(target: FuzzTarget, input: Buffer): Promise<Cost> {
  const before = memoryBytes();
  const [begin, cpuBegin] = [performance.now(), cpuMs()];
  let isAccepted: boolean;
  try {
    const outcome = target.decode(input);
    isAccepted = typeof outcome === "boolean" ? outcome : await outcome;
  } catch (error) {
    throw new FuzzViolation(target.name, `threw ${String(error)}`, input, error);
  }
  // A busy machine makes both longer, but seldom both at once.
  const timeMs = Math.min(performance.now() - begin, cpuMs() - cpuBegin);
  for (const key in {}) throw new FuzzViolation(target.name, `every object has a field ${key}`, input);
  return { isAccepted, timeMs, memoryBytes: Math.max(0, memoryBytes() - before) };
}

/** What this thread has computed. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** The heap of this thread with the buffers that it holds. */
function memoryBytes(): number {
  const { used_heap_size: heap, external_memory: external } = getHeapStatistics();
  return heap + external;
}
