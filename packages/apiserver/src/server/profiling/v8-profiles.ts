import type { HeapProfiler, Profiler, Runtime } from "node:inspector";
import type { Frame, StackSample } from "./pprof-document.ts";

/** Samples of a CPU profile: how often each stack was seen, and for how many nanoseconds. */
export function cpuSamples({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): StackSample[] {
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, frameOf(callFrame)]));
  const totals = new Map<number, { count: number; nanoseconds: number }>();
  for (const [index, id] of samples.entries()) {
    const total = totals.get(id) ?? { count: 0, nanoseconds: 0 };
    total.count += 1;
    // A sample lasts until the next one; deltas are those to the one before, in microseconds.
    total.nanoseconds += Math.max(0, timeDeltas[index + 1] ?? 0) * 1000;
    totals.set(id, total);
  }
  return [...totals]
    .map(([id, { count, nanoseconds }]) => ({ stack: stackOf(id, parents, frames), values: [count, nanoseconds] }))
    .filter(({ stack }) => stack.length > 0);
}

/** What V8 says of a thread that does nothing is no work. */
const noWork: ReadonlySet<string> = new Set(["(root)", "(idle)"]);

function stackOf(id: number, parents: ReadonlyMap<number, number>, frames: ReadonlyMap<number, Frame>): Frame[] {
  const stack: Frame[] = [];
  for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
    const frame = frames.get(at);
    if (frame && !noWork.has(frame.name)) stack.push(frame);
  }
  return stack;
}

/** Samples of a heap profile: how many objects each stack made, and their bytes. */
export function heapSamples({ head }: HeapProfiler.SamplingHeapProfile): StackSample[] {
  const found: StackSample[] = [];
  const visit = (node: HeapProfiler.SamplingHeapProfileNode, above: readonly Frame[]) => {
    const frame = frameOf(node.callFrame);
    const stack = noWork.has(frame.name) ? above : [frame, ...above];
    if (node.selfSize > 0 && stack.length > 0) found.push({ stack, values: [node.selfSize] });
    for (const child of node.children) visit(child, stack);
  };
  visit(head, []);
  return found;
}

function frameOf({ functionName, url, lineNumber }: Runtime.CallFrame): Frame {
  return { name: functionName, url: url.replace(/^file:\/\//, ""), line: lineNumber + 1 };
}
