import assert from "node:assert/strict";
import { test } from "node:test";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import fc from "fast-check";
import { dealHand } from "./shuffle-sharding.ts";

test("a hand has as many different queues as it should", () => {
  const sizes = fc
    .integer({ min: 1, max: 200 })
    .chain((queues) =>
      fc.record({ queues: fc.constant(queues), handSize: fc.integer({ min: 1, max: Math.min(15, queues) }) }),
    );
  checkProperty(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), sizes, (hash, { queues, handSize }) => {
      const hand = dealHand(hash, queues, handSize);
      assert.equal(new Set(hand).size, handSize);
      assert.ok(hand.every((card) => Number.isInteger(card) && card >= 0 && card < queues));
      assert.deepEqual(dealHand(hash, queues, handSize), hand);
    }),
  );
});

test("every hand is dealt by exactly one of as many hashes as there are hands", () => {
  const hands = new Set<string>();
  for (let hash = 0n; hash < 7n * 6n * 5n; hash += 1n) hands.add(dealHand(hash, 7, 3).join());
  assert.equal(hands.size, 7 * 6 * 5);
});
