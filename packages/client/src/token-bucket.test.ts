import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "@kube-ts/std/clock";
import { TokenBucket } from "./token-bucket.ts";

test("a burst passes at once, then the rate holds", async () => {
  const clock = new FakeClock();
  const bucket = new TokenBucket(clock, 10, 3);
  const passed: number[] = [];
  const never = new AbortController().signal;
  for (let index = 0; index < 6; index += 1) void bucket.take(never).then(() => passed.push(clock.now()));
  await clock.advance(1_000);
  assert.deepEqual(passed, [0, 0, 0, 100, 200, 300]);
});

test("idle time fills the bucket up to the burst", async () => {
  const clock = new FakeClock();
  const bucket = new TokenBucket(clock, 10, 2);
  await clock.advance(60_000);
  assert.deepEqual([bucket.tryTake(), bucket.tryTake(), bucket.tryTake()], [true, true, false]);
  await clock.advance(100);
  assert.equal(bucket.tryTake(), true);
});

test("an aborted wait gives its token back", async () => {
  const clock = new FakeClock();
  const bucket = new TokenBucket(clock, 1, 1);
  const controller = new AbortController();
  await bucket.take(controller.signal);
  const waiting = assert.rejects(bucket.take(controller.signal), /enough/);
  controller.abort(new Error("enough"));
  await waiting;
  await clock.advance(1_000);
  assert.equal(bucket.tryTake(), true);
});
