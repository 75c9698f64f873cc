import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock, systemClock } from "./clock.ts";

test("timers fire in due order, and what they start is due in the same step", async () => {
  const clock = new FakeClock(100);
  const fired: string[] = [];
  const note = (name: string) => () => void fired.push(`${name}@${clock.now()}`);
  clock.setTimer(20, note("b"));
  clock.setTimer(10, note("a"));
  clock.setTimer(20, note("c"));
  clock.setTimer(10, () => void clock.setTimer(5, note("nested")));
  clock.setTimer(500, note("late"));
  await clock.advance(20);
  assert.deepEqual(fired, ["a@110", "nested@115", "b@120", "c@120"]);
  assert.equal(clock.now(), 120);
  assert.equal(clock.pendingTimers, 1);
});

test("a chain of sleeps passes within one step", async () => {
  const clock = new FakeClock();
  let rounds = 0;
  const loop = async (signal: AbortSignal) => {
    for (;;) {
      await clock.sleep(10, signal);
      rounds += 1;
    }
  };
  const controller = new AbortController();
  const looping = loop(controller.signal);
  await clock.advance(100);
  assert.equal(rounds, 10);
  controller.abort(new Error("over"));
  await assert.rejects(looping, /over/);
  assert.equal(clock.pendingTimers, 0);
});

test("a disposed timer does not fire", async () => {
  const clock = new FakeClock();
  let fired = false;
  clock.setTimer(5, () => (fired = true))[Symbol.dispose]();
  await clock.advance(10);
  assert.equal(fired, false);
});

test("the system's sleep rejects with the signal's reason", async () => {
  const controller = new AbortController();
  const sleeping = systemClock.sleep(60_000, controller.signal);
  controller.abort(new Error("over"));
  await assert.rejects(sleeping, /over/);
  await assert.rejects(systemClock.sleep(1, controller.signal), /over/);
  await systemClock.sleep(1, new AbortController().signal);
});

test("the machine's clock does not fire a timer of months at once", async () => {
  const monthsMs = 2 ** 33;
  let fired = false;
  const timer = systemClock.setTimer(monthsMs, () => (fired = true));
  const controller = new AbortController();
  const sleeping = systemClock.sleep(monthsMs, controller.signal);
  // What Node.js would fire at once is due before this.
  await systemClock.sleep(20, controller.signal);
  timer[Symbol.dispose]();
  controller.abort(new Error("over"));
  await assert.rejects(sleeping, /over/);
  assert.equal(fired, false);
});
