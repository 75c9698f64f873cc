import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { systemClock } from "@kube-ts/std/clock";
import { Profile } from "pprof-format";
import { takeCpuProfile } from "./take-profile.ts";
import { pprofDocument } from "./pprof-document.ts";
import { cpuSamples, heapSamples } from "./v8-profiles.ts";

const callFrame = (functionName: string, lineNumber = 0) => ({
  functionName,
  scriptId: "1",
  url: "file:///src/a.ts",
  lineNumber,
  columnNumber: 0,
});
const facts = {
  values: [{ type: "cpu", unit: "nanoseconds" }],
  period: { type: "cpu", unit: "nanoseconds", value: 10_000_000 },
  startMs: 1_000,
  durationMs: 250,
};

test("a CPU profile's samples are stacks with their time; doing nothing is no sample", () => {
  const samples = cpuSamples({
    nodes: [
      { id: 1, callFrame: callFrame("(root)"), children: [2, 3] },
      { id: 2, callFrame: callFrame("(idle)") },
      { id: 3, callFrame: callFrame("outer", 4), children: [4] },
      { id: 4, callFrame: callFrame("inner", 9) },
    ],
    startTime: 0,
    endTime: 60,
    samples: [4, 2, 4, 3],
    timeDeltas: [0, 10, 20, 30],
  });
  const outer = { name: "outer", url: "/src/a.ts", line: 5 };
  assert.deepEqual(samples, [
    { stack: [{ name: "inner", url: "/src/a.ts", line: 10 }, outer], values: [2, 40_000] },
    { stack: [outer], values: [1, 0] },
  ]);
});

test("a heap profile's samples are stacks with their bytes", () => {
  const leaf = { callFrame: callFrame("leaf"), selfSize: 7, id: 3, children: [] };
  const middle = { callFrame: callFrame("middle"), selfSize: 0, id: 2, children: [leaf] };
  const head = { callFrame: callFrame("(root)"), selfSize: 0, id: 1, children: [middle] };
  const [sample, ...others] = heapSamples({ head });
  assert.deepEqual([sample?.stack.map(({ name }) => name), sample?.values], [["leaf", "middle"], [7]]);
  assert.deepEqual(others, []);
});

test("the document names each function once", () => {
  const frame = { name: "work", url: "/src/a.ts", line: 3 };
  const top = { ...frame, name: "" };
  const bytes = pprofDocument(
    [
      { stack: [frame, top], values: [5] },
      { stack: [frame], values: [1.4] },
    ],
    facts,
  );
  const decoded = Profile.decode(bytes);
  const text = (index: number | bigint | undefined) => decoded.stringTable.strings[Number(index)];
  assert.deepEqual(
    decoded.function.map(({ name }) => text(name)),
    ["work", "(anonymous)"],
  );
  assert.deepEqual(
    decoded.sample.map(({ locationId, value }) => [locationId.map(Number), value.map(Number)]),
    [
      [[1, 2], [5]],
      [[1], [1]],
    ],
  );
  assert.deepEqual([text(decoded.sampleType[0]?.type), text(decoded.sampleType[0]?.unit)], ["cpu", "nanoseconds"]);
  assert.equal(BigInt(decoded.durationNanos), 250_000_000n);
});

test("what this thread does is in its profile", async () => {
  const work = { sum: 0, isOver: false };
  const taking = takeCpuProfile(500, systemClock, new AbortController().signal);
  void taking.finally(() => (work.isOver = true));
  while (!work.isOver) {
    work.sum += busyForProfile();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { stringTable } = Profile.decode(await taking);
  // The function itself may have been inlined.
  const file = fileURLToPath(import.meta.url);
  assert.ok(work.sum > 0 && stringTable.strings.includes(file), stringTable.strings.join(" "));
});

function busyForProfile(): number {
  let sum = 0;
  for (let index = 0; index < 3e6; index += 1) sum += Math.sqrt(index);
  return sum;
}
