import assert from "node:assert/strict";
import { test } from "node:test";
import { abortable, aborted, isAbort, withDeadline } from "./abort.ts";
import { FakeClock } from "./clock.ts";

test("abortable settles like the work, or with the signal's reason", async () => {
  const controller = new AbortController();
  assert.equal(await abortable(Promise.resolve(1), controller.signal), 1);
  await assert.rejects(abortable(Promise.reject(new Error("work")), controller.signal), /work/);
  const waiting = abortable(new Promise<never>(() => {}), controller.signal);
  controller.abort(new Error("over"));
  await assert.rejects(waiting, /over/);
  await aborted(controller.signal);
});

test("only the end that the signal caused counts as an abort", () => {
  const controller = new AbortController();
  const reason = new Error("over");
  assert.equal(isAbort(reason, controller.signal), false);
  controller.abort(reason);
  assert.equal(isAbort(reason, controller.signal), true);
  assert.equal(isAbort(new DOMException("", "AbortError"), controller.signal), true);
  assert.equal(isAbort(new Error("other"), controller.signal), false);
});

test("a deadline passes on the given clock, unless it is disposed", async () => {
  const clock = new FakeClock();
  const controller = new AbortController();
  const first = withDeadline(clock, controller.signal, 100);
  const second = withDeadline(clock, controller.signal, 100);
  second[Symbol.dispose]();
  await clock.advance(100);
  assert.equal(first.signal.aborted, true);
  assert.equal((first.signal.reason as Error).name, "TimeoutError");
  assert.equal(second.signal.aborted, false);
  controller.abort();
  assert.equal(second.signal.aborted, true);
});
