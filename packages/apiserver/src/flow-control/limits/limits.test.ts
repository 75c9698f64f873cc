import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import fc from "fast-check";
import { mandatoryPriorityLevels, suggestedPriorityLevels } from "../../registry/flowcontrol/default-objects.ts";
import { allocate } from "./allocate.ts";
import { divideByDemand, nextTrend, noDemand } from "./borrowing.ts";
import { divideSeats, sharedSpec } from "./level-limits.ts";
import { RetryAfter } from "./retry-after.ts";

test("the seats of a server with default flags and levels are divided as upstream divides them", () => {
  const levels = [...suggestedPriorityLevels, ...mandatoryPriorityLevels];
  const limits = divideSeats(
    600,
    levels.map(({ spec }) => sharedSpec(spec)),
  );
  const rows = levels.map(({ metadata }, index) => {
    const { nominal = 0, min = 0, max = 0, requestSeats = 0 } = limits[index] ?? {};
    return [metadata.name, nominal, min, max, requestSeats];
  });
  assert.deepEqual(rows, [
    ["system", 74, 50, 674, 12],
    ["node-high", 98, 73, 698, 15],
    ["leader-election", 25, 25, 625, 4],
    ["workload-high", 98, 49, 698, 15],
    ["workload-low", 245, 24, 845, 37],
    ["global-default", 49, 24, 649, 8],
    ["exempt", 0, 0, 600, Infinity],
    ["catch-all", 13, 13, 613, Infinity],
  ]);
});

test("a level borrows no more than its limit says, and one request gets a seat at least", () => {
  const spec = { shares: 10, lendablePercent: 50, borrowingLimitPercent: 20, handSize: 8 };
  const other = { shares: 90, lendablePercent: 0, borrowingLimitPercent: undefined, handSize: undefined };
  assert.deepEqual(divideSeats(50, [spec, other])[0], { nominal: 5, min: 2, max: 6, requestSeats: 1 });
  assert.equal(divideSeats(50, [{ ...spec, shares: 0 }])[0]?.nominal, 0);
});

describe("a total is divided", () => {
  const claim = fc
    .record({ lower: fc.nat(50), more: fc.nat(50), room: fc.nat(50) })
    .map(({ lower, more, room }) => ({ lower, target: lower + more, upper: lower + room }));

  test("within the bounds, to the last seat, and at the same fraction of their targets for all that no bound holds", () => {
    checkProperty(
      fc.property(
        fc.array(claim, { minLength: 1, maxLength: 8 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (claims, part) => {
          const low = claims.reduce((sum, { lower }) => sum + lower, 0);
          const high = claims.reduce((sum, { upper }) => sum + upper, 0);
          const total = Math.round(low + part * (high - low));
          const allocation = allocate(total, claims);
          assert.ok(allocation);
          const { amounts, fairFraction } = allocation;
          assert.ok(Math.abs(amounts.reduce((sum, amount) => sum + amount, 0) - total) < 1e-3);
          for (const [index, { lower, upper, target }] of claims.entries()) {
            const amount = amounts[index] ?? NaN;
            const fair = fairFraction * Math.max(target, 0.001);
            assert.ok(amount >= lower - 1e-6 && amount <= upper + 1e-6);
            const isHeld =
              (amount <= lower + 1e-6 && fair <= amount + 1e-6) || (amount >= upper - 1e-6 && fair >= amount - 1e-6);
            assert.ok(isHeld || Math.abs(amount - fair) < 1e-6);
          }
        },
      ),
    );
  });

  test("not at all if the bounds do not allow it", () => {
    assert.equal(allocate(10, [{ target: 1, lower: 0, upper: 5 }]), undefined);
    assert.equal(allocate(1, [{ target: 5, lower: 2, upper: 5 }]), undefined);
  });
});

describe("seats are lent", () => {
  const level = (nominal: number, lendable: number, demand: number) => ({
    limits: { nominal, min: nominal - lendable, max: nominal + 100, requestSeats: 1 },
    trend: { ...noDemand, max: demand, smoothed: demand },
    current: nominal,
  });

  test("by levels that do not use them to those that can", () => {
    const { levels } = divideByDemand([level(40, 20, 0), level(60, 0, 200)]);
    assert.deepEqual(
      levels.map(({ current }) => current),
      [20, 80],
    );
  });

  test("to all alike, as long as everybody's own demand comes first", () => {
    const { levels } = divideByDemand([level(50, 50, 10), level(25, 0, 100), level(25, 0, 100)]);
    assert.deepEqual(
      levels.map(({ current }) => current),
      [10, 45, 45],
    );
  });

  test("not beyond what can be, which leaves everything as it is", () => {
    const stuck = { ...level(10, 0, 0), limits: { nominal: 10, min: 20, max: 5, requestSeats: 1 } };
    assert.equal(divideByDemand([stuck]).levels[0]?.current, 10);
  });
});

test("demand counts at once when it rises and fades slowly", () => {
  const high = nextTrend(noDemand, { seconds: 10, average: 40, deviation: 10, max: 60 });
  assert.equal(high.smoothed, 50);
  let trend = high;
  for (let period = 0; period < 30; period += 1) {
    trend = nextTrend(trend, { seconds: 10, average: 0, deviation: 0, max: 0 });
  }
  assert.ok(trend.smoothed > 24 && trend.smoothed < 26, String(trend.smoothed));
  assert.equal(nextTrend(high, { seconds: 0, average: 0, deviation: 0, max: 7 }).max, 7);
});

test("the longer many are refused, the longer they are told to stay away; then it goes back", () => {
  const retryAfter = new RetryAfter();
  const answers: number[] = [];
  const refuse = (second: number, times: number) => {
    for (let count = 0; count < times; count += 1) retryAfter.refuse(1_000_000 + second * 1000 + count);
    answers.push(retryAfter.seconds);
  };
  for (let second = 0; second < 4; second += 1) refuse(second, 50);
  assert.deepEqual(answers, [1, 2, 2, 4]);
  for (let second = 4; second < 120; second += 1) refuse(second, 50);
  assert.equal(retryAfter.seconds, 32);
  for (let second = 200; second < 280; second += 2) refuse(second, 1);
  assert.ok(retryAfter.seconds < 32);
});
