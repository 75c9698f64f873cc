import assert from "node:assert/strict";
import { test } from "node:test";
import { backoffDelayMs } from "./backoff.ts";
import { randomInt, randomSuffix, seededRandom, systemRandom } from "./random.ts";

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test("a seed repeats its sequence", () => {
  const sequence = (seed: number) => {
    const random = seededRandom(seed);
    return [random.next(), random.next(), random.uuid(), randomSuffix(random)];
  };
  assert.deepEqual(sequence(7), sequence(7));
  assert.notDeepEqual(sequence(7), sequence(8));
});

test("uuids, suffixes and secrets have their form", () => {
  const random = seededRandom(1);
  for (let round = 0; round < 100; round += 1) {
    assert.match(random.uuid(), uuidPattern);
    assert.match(randomSuffix(random), /^[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    const number = randomInt(random, 3);
    assert.ok(Number.isInteger(number) && number >= 0 && number < 3);
  }
  assert.match(systemRandom.uuid(), uuidPattern);
});

test("back-off grows to its cap, plus at most its jitter", () => {
  const policy = { baseMs: 100, maxMs: 1_000, factor: 2, jitter: 0.5 };
  const edge = (value: number) => ({ ...systemRandom, next: () => value });
  assert.deepEqual(
    [0, 1, 2, 3, 4, 50].map((attempt) => backoffDelayMs(policy, attempt, edge(0))),
    [100, 200, 400, 800, 1_000, 1_000],
  );
  assert.equal(backoffDelayMs(policy, 1, edge(1)), 300);
});
