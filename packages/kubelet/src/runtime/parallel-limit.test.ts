import assert from "node:assert/strict";
import { test } from "node:test";
import { ParallelLimit } from "./parallel-limit.ts";

const signal = new AbortController().signal;

test("no more than the limit run at once, and every task runs", async () => {
  const limit = new ParallelLimit(2);
  let running = 0;
  let most = 0;
  const task = async () => {
    running++;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
  };
  await Promise.all(Array.from({ length: 20 }, () => limit.run(task, signal)));
  assert.equal(most, 2);
});

test("a task that gives up waiting leaves its turn to others", async () => {
  const limit = new ParallelLimit(1);
  const gate = Promise.withResolvers<void>();
  const first = limit.run(() => gate.promise, signal);
  const stop = new AbortController();
  const second = limit.run(() => Promise.resolve("second"), stop.signal);
  const third = limit.run(() => Promise.resolve("third"), signal);
  stop.abort(new Error("gone"));
  await assert.rejects(second, /gone/);
  gate.resolve();
  await first;
  assert.equal(await third, "third");
  assert.equal(await limit.run(() => Promise.resolve("after"), signal), "after");
});

test("a failing task frees its place", async () => {
  const limit = new ParallelLimit(1);
  await assert.rejects(
    limit.run(() => Promise.reject(new Error("no")), signal),
    /no/,
  );
  assert.equal(await limit.run(() => Promise.resolve(1), signal), 1);
});
