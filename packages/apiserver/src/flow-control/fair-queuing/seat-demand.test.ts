import assert from "node:assert/strict";
import { test } from "node:test";
import { SeatDemand } from "./seat-demand.ts";

test("demand is averaged over time, and a reset starts anew with what is there", () => {
  const demand = new SeatDemand(1000);
  demand.set(10, 1000);
  demand.set(2, 2000);
  assert.deepEqual(demand.reset(5000), { seconds: 4, average: 4, deviation: Math.sqrt(12), max: 10 });
  assert.deepEqual(demand.reset(5000), { seconds: 0, average: 0, deviation: 0, max: 2 });
  assert.deepEqual(demand.reset(6000), { seconds: 1, average: 2, deviation: 0, max: 2 });
});
