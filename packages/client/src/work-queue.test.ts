import assert from "node:assert/strict";
import { test } from "node:test";
import { aborted } from "@kube-ts/std/abort";
import { FakeClock } from "@kube-ts/std/clock";
import { Registry } from "@kube-ts/std/metrics";
import { WorkQueue, type WorkQueueOptions } from "./work-queue.ts";

/** A queue whose reconcile is finished by hand. */
function start(workers: number, options: Partial<WorkQueueOptions> = {}) {
  const clock = new FakeClock();
  const queue = new WorkQueue<string>({ name: "test", clock, ...options });
  const started: string[] = [];
  const finish = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
  const controller = new AbortController();
  const running = queue.run(controller.signal, workers, (key) => {
    assert.ok(!finish.has(key), `${key} is processed twice at a time`);
    started.push(key);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    finish.set(key, { resolve, reject });
    return promise.finally(() => finish.delete(key));
  });
  const done = async (key: string, error?: Error) => {
    if (error) finish.get(key)?.reject(error);
    else finish.get(key)?.resolve();
    await clock.advance(0);
  };
  return { clock, queue, started, done, controller, running };
}

test("a key waits once, keys are taken in order, and workers bound how many run", async () => {
  const { clock, queue, started, done, controller, running } = start(2);
  for (const key of ["a", "b", "a", "c", "b"]) queue.add(key);
  await clock.advance(0);
  assert.deepEqual(started, ["a", "b"]);
  assert.equal(queue.depth, 1);
  await done("a");
  assert.deepEqual(started, ["a", "b", "c"]);
  await done("b");
  await done("c");
  controller.abort();
  await running;
});

test("a key that is added while it is processed is processed again, afterwards", async () => {
  const { clock, queue, started, done, controller, running } = start(3);
  queue.add("a");
  await clock.advance(0);
  queue.add("a");
  queue.add("a");
  await clock.advance(0);
  assert.deepEqual(started, ["a"]);
  await done("a");
  assert.deepEqual(started, ["a", "a"]);
  await done("a");
  assert.deepEqual(started, ["a", "a"]);
  controller.abort();
  await running;
});

test("a failed key comes back after 5, 10, 20 ms … and after success after 5 again", async () => {
  const { clock, queue, started, done, controller, running } = start(1);
  queue.add("a");
  await clock.advance(0);
  for (const delayMs of [5, 10, 20, 40]) {
    const { length } = started;
    await done("a", new Error("not yet"));
    await clock.advance(delayMs - 1);
    assert.equal(started.length, length);
    await clock.advance(1);
    assert.equal(started.length, length + 1);
  }
  assert.equal(queue.retries("a"), 4);
  await done("a");
  assert.equal(queue.retries("a"), 0);
  queue.addRateLimited("a");
  await clock.advance(5);
  assert.equal(started.length, 6);
  await done("a");
  controller.abort();
  await running;
});

test("the longest back-off is 1000 s", async () => {
  const { clock, queue, started, done, controller, running } = start(1);
  for (let attempt = 0; attempt < 60; attempt += 1) queue.addRateLimited("a");
  await clock.advance(5);
  assert.deepEqual(started, ["a"], "the earliest of several delays counts");
  await done("a", new Error("no"));
  await clock.advance(999_999);
  assert.deepEqual(started, ["a"]);
  await clock.advance(1);
  assert.deepEqual(started, ["a", "a"]);
  await done("a");
  controller.abort();
  await running;
});

test("of several delays the earliest counts, and an added key need not wait", async () => {
  const { clock, queue, started, done, controller, running } = start(1);
  queue.addAfter("a", 100);
  queue.addAfter("a", 50);
  queue.addAfter("a", 80);
  await clock.advance(49);
  assert.deepEqual(started, []);
  await clock.advance(1);
  assert.deepEqual(started, ["a"]);
  await done("a");
  await clock.advance(1_000);
  assert.deepEqual(started, ["a"]);
  queue.addAfter("b", 0);
  await clock.advance(0);
  assert.deepEqual(started, ["a", "b"]);
  await done("b");
  controller.abort();
  await running;
});

test("the overall limit delays retries of many keys", async () => {
  const { clock, queue, started, done, controller, running } = start(100, { overall: { qps: 10, burst: 2 } });
  for (const key of ["a", "b", "c", "d"]) queue.addRateLimited(key);
  await clock.advance(5);
  assert.deepEqual(started, ["a", "b"]);
  await clock.advance(95);
  assert.deepEqual(started, ["a", "b", "c"]);
  await clock.advance(100);
  assert.deepEqual(started, ["a", "b", "c", "d"]);
  for (const key of started) await done(key);
  controller.abort();
  await running;
});

test("run ends only when what is processed has ended, and starts nothing more", async () => {
  const { clock, queue, started, done, controller, running } = start(1);
  queue.add("a");
  queue.add("b");
  queue.addAfter("c", 10);
  await clock.advance(0);
  let ended = false;
  const ending = running.then(() => (ended = true));
  controller.abort();
  await clock.advance(100);
  assert.equal(ended, false);
  assert.equal(clock.pendingTimers, 0);
  await done("a");
  await ending;
  assert.deepEqual(started, ["a"]);
});

test("reconcile gets the signal, and ending by it is no failure", async () => {
  const clock = new FakeClock();
  const queue = new WorkQueue<string>({ name: "test", clock });
  const controller = new AbortController();
  const running = queue.run(controller.signal, 1, async (_key, signal) => {
    await aborted(signal);
    signal.throwIfAborted();
  });
  queue.add("a");
  await clock.advance(0);
  controller.abort();
  await running;
});

test("metrics follow the queue under upstream's names", async () => {
  const registry = new Registry();
  const { clock, queue, done, controller, running } = start(1, { registry, name: "things" });
  const other = new WorkQueue<string>({ name: "other", clock, registry });
  other.add("x");
  const value = async (name: string, queueName = "things") => {
    const metric = await registry.getSingleMetric(name)?.get();
    const entry = metric?.values.find((candidate) => {
      const { metricName = name } = candidate as { metricName?: string };
      return candidate.labels["name"] === queueName && (metricName === name || metricName === `${name}_sum`);
    });
    return entry?.value;
  };
  queue.add("a");
  queue.add("b");
  await clock.advance(3_000);
  assert.equal(await value("workqueue_depth"), 1);
  assert.equal(await value("workqueue_depth", "other"), 1);
  assert.equal(await value("workqueue_adds_total"), 2);
  assert.equal(await value("workqueue_unfinished_work_seconds"), 3);
  assert.equal(await value("workqueue_longest_running_processor_seconds"), 3);
  await done("a", new Error("no"));
  assert.equal(await value("workqueue_retries_total"), 1);
  assert.equal(await value("workqueue_queue_duration_seconds"), 3);
  assert.equal(await value("workqueue_work_duration_seconds"), 3);
  await done("b");
  controller.abort();
  await running;
});
