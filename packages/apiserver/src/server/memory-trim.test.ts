import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { runMemoryTrim } from "./memory-trim.ts";

const mib = 1024 * 1024;

test("memory is given back when much was freed, and not for what stays in use", async () => {
  const clock = new FakeClock();
  const stop = new AbortController();
  let rssMib = 200;
  let trims = 0;
  const running = runMemoryTrim(
    {
      clock,
      log: silentLogger,
      usage: () => ({ rss: rssMib * mib, heapTotal: 50 * mib, external: 10 * mib }),
      trim: () => {
        trims += 1;
        rssMib -= 20;
      },
    },
    stop.signal,
  );
  const at = async (newRssMib: number) => {
    rssMib = newRssMib;
    await clock.advance(5_000);
    return trims;
  };
  assert.equal(await at(231), 0);
  assert.equal(await at(232), 1);
  assert.equal(await at(243), 1, "less than what is worth while has come since");
  assert.equal(await at(244), 2);
  assert.equal(await at(180), 2);
  assert.equal(await at(212), 3, "what was given back by itself counts");
  stop.abort();
  await running;
});

test("the C library of this machine takes part", async () => {
  const clock = new FakeClock();
  const stop = new AbortController();
  let calls = 0;
  const usage = () => ({ rss: 64 * mib * (calls += 1), heapTotal: 0, external: 0 });
  const running = runMemoryTrim({ clock, log: silentLogger, usage }, stop.signal);
  await clock.advance(12_000);
  stop.abort();
  await running;
  assert.ok(calls >= 3);
});
