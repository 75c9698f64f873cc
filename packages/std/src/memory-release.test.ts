import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { FakeClock } from "./clock.ts";
import { silentLogger } from "./log.ts";
import { memoryReleaser, releaseRegularly, unneededMappings } from "./memory-release.ts";

function mapping(header: string, rss: number, anonymous: number): string {
  return `${header}\nSize: 9000 kB\nRss:        ${rss} kB\nPss: 1 kB\nAnonymous:         ${anonymous} kB\nVmFlags: rd ex\n`;
}

test("only pages of files that nobody has changed are given up", () => {
  const smaps = [
    mapping("00400000-0082e000 r--p 00000000 fe:00 16040345       /usr/lib/kube-ts/node", 4_000, 0),
    mapping("0082e000-03489000 r-xp 0042e000 fe:00 16040345       /usr/lib/kube-ts/node", 20_000, 0),
    mapping("072a7000-072dc000 r--p 06ea7000 fe:00 16040345       /usr/lib/kube-ts/node", 212, 212),
    mapping("072dc000-07308000 rw-p 06edc000 fe:00 16040345       /usr/lib/kube-ts/node", 176, 0),
    mapping("08000000-09000000 r--s 00000000 fe:00 77             /var/cache/shared", 4_000, 0),
    mapping("09000000-0a000000 r-xp 00000000 fe:00 78             /usr/lib/old.so (deleted)", 4_000, 0),
    mapping("0a000000-0b000000 r-xp 00000000 00:00 0 ", 4_000, 0),
    mapping("7f0221427000-7f022144d000 r-xp 00001000 fe:00 338944 /usr/lib/ld.so", 60, 0),
    mapping("7ffd0d1c7000-7ffd0d1c9000 r-xp 00000000 00:00 0      [vdso]", 400, 0),
  ].join("");
  assert.deepEqual(unneededMappings(smaps), [
    { start: 0x400000n, end: 0x82e000n },
    { start: 0x82e000n, end: 0x3489000n },
  ]);
});

test("this process has less memory afterwards, and still works", () => {
  const rssKib = () => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1]);
  const release = memoryReleaser();
  release();
  const before = rssKib();
  release();
  assert.ok(rssKib() <= before + 1_024);
  assert.ok(unneededMappings(readFileSync("/proc/self/smaps", "utf8")).length > 0);
  assert.equal(JSON.stringify(structuredClone([..."works"])), '["w","o","r","k","s"]');
});

test("memory is released after the start and then every minute; not where that fails", async () => {
  const clock = new FakeClock();
  let count = 0;
  const timer = releaseRegularly(() => void (count += 1), clock, silentLogger);
  await clock.advance(29_999);
  assert.equal(count, 0);
  await clock.advance(1);
  assert.equal(count, 1);
  await clock.advance(9 * 60_000);
  assert.equal(count, 10);
  timer[Symbol.dispose]();
  assert.equal(clock.pendingTimers, 0);
  const fail = () => {
    throw new Error("no");
  };
  using _failing = releaseRegularly(fail, clock, silentLogger);
  await clock.advance(30_000);
  assert.equal(clock.pendingTimers, 0);
});
