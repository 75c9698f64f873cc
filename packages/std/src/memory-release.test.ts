import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { FakeClock } from "./clock.ts";
import { silentLogger } from "./log.ts";
import { memoryReleaser, releaseRegularly } from "./memory-release.ts";

test("this process has less memory afterwards, and still works", () => {
  const rssKib = () => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1]);
  const release = memoryReleaser();
  release();
  const before = rssKib();
  release();
  assert.ok(rssKib() <= before + 1_024);
  assert.equal(JSON.stringify(structuredClone([..."works"])), '["w","o","r","k","s"]');
});

test("memory is released soon after the start and then every minute; not where that fails", async () => {
  const clock = new FakeClock();
  let count = 0;
  const timer = releaseRegularly(() => void (count += 1), clock, silentLogger);
  await clock.advance(9_999);
  assert.equal(count, 0);
  await clock.advance(1);
  assert.equal(count, 1);
  await clock.advance(20_000);
  assert.equal(count, 3);
  await clock.advance(59_999);
  assert.equal(count, 3);
  await clock.advance(1);
  assert.equal(count, 4);
  await clock.advance(9 * 60_000);
  assert.equal(count, 13);
  timer[Symbol.dispose]();
  assert.equal(clock.pendingTimers, 0);
  const fail = () => {
    throw new Error("no");
  };
  using _failing = releaseRegularly(fail, clock, silentLogger);
  await clock.advance(30_000);
  assert.equal(clock.pendingTimers, 0);
});
