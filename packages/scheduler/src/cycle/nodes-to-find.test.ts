import assert from "node:assert/strict";
import { it } from "node:test";
import { nodesToFind } from "./nodes-to-find.ts";

for (const [nodes, percentage, expected] of [
  [0, undefined, 0],
  [99, undefined, 99],
  [99, 10, 99],
  [100, undefined, 100],
  [1_000, undefined, 420],
  [5_000, undefined, 500],
  [6_000, undefined, 300],
  [50_000, undefined, 2_500],
  [1_000, 100, 1_000],
  [1_000, 40, 400],
  [1_000, 5, 100],
] as const) {
  it(`looks for ${expected} of ${nodes} nodes at ${percentage ?? "adaptive"} %`, () => {
    assert.equal(nodesToFind(nodes, percentage), expected);
  });
}
