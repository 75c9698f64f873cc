import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "@kube-ts/std/clock";
import { seededRandom } from "@kube-ts/std/random";
import { BoundedFrequencyRunner } from "./bounded-frequency-runner.ts";

function startRunner(task: () => Promise<void> = async () => {}) {
  const clock = new FakeClock();
  const runner = new BoundedFrequencyRunner({ minIntervalMs: 1_000, maxIntervalMs: 30_000 }, clock, seededRandom(1));
  const runs: string[] = [];
  const failures: unknown[] = [];
  const controller = new AbortController();
  const ended = runner.run(
    async (reason) => {
      runs.push(`${clock.now()} ${reason}`);
      await task();
    },
    (error) => failures.push(error),
    controller.signal,
  );
  const stop = async () => {
    controller.abort(new Error("stop"));
    await ended;
  };
  return { clock, runner, runs, failures, stop };
}

test("nothing runs before the first request, however long that takes", async () => {
  const { clock, runner, runs, stop } = startRunner();
  await clock.advance(100_000);
  assert.deepEqual(runs, []);
  runner.request();
  await clock.advance(0);
  assert.deepEqual(runs, ["100000 requested"]);
  await stop();
});

test("requests close together are answered by one run after the least interval", async () => {
  const { clock, runner, runs, stop } = startRunner();
  runner.request();
  await clock.advance(0);
  await clock.advance(100);
  for (let count = 0; count < 5; count += 1) runner.request();
  await clock.advance(500);
  runner.request();
  await clock.advance(0);
  await clock.advance(5_000);
  assert.deepEqual(runs, ["0 requested", "1000 requested"]);
  await stop();
});

test("without requests it runs at the longest interval", async () => {
  const { clock, runner, runs, stop } = startRunner();
  runner.request();
  await clock.advance(0);
  await clock.advance(65_000);
  assert.deepEqual(runs, ["0 requested", "30000 periodic", "60000 periodic"]);
  await stop();
});

test("a failed run is repeated after growing pauses, which requests do not shorten", async () => {
  let failing = true;
  const { clock, runner, runs, failures, stop } = startRunner(async () => {
    if (failing) throw new Error("no luck");
  });
  runner.request();
  await clock.advance(0);
  runner.request();
  await clock.advance(900);
  assert.equal(runs.length, 1);
  await clock.advance(200);
  assert.equal(runs.length, 2);
  await clock.advance(1_900);
  assert.equal(runs.length, 2);
  failing = false;
  await clock.advance(400);
  assert.equal(runs.length, 3);
  assert.equal(failures.length, 2);
  await clock.advance(29_000);
  assert.equal(runs.length, 3);
  await stop();
});

test("a request during a run is not lost", async () => {
  const release = Promise.withResolvers<void>();
  const { clock, runner, runs, stop } = startRunner(() => release.promise);
  runner.request();
  await clock.advance(0);
  runner.request();
  release.resolve();
  await clock.advance(0);
  await clock.advance(1_000);
  assert.equal(runs.length, 2);
  await stop();
});
