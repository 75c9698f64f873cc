import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { systemClock } from "@kube-ts/std/clock";
import type { LogOptions } from "../../logs.ts";
import { checkLogPath } from "./log-files.ts";
import { readLogs } from "./read-logs.ts";

let directory: string;
let path: string;
let running: boolean;
const signal = AbortSignal.timeout(20_000);
const startMs = Date.parse("2026-01-01T00:00:00Z");

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "kube-ts-logs-"));
  path = join(directory, "c-json.log");
  running = false;
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

function record(index: number, text = `line ${index}`): string {
  const stream = index % 2 ? "stderr" : "stdout";
  return `${JSON.stringify({ log: `${text}\n`, stream, time: new Date(startMs + index * 1000).toISOString() })}\n`;
}

function records(from: number, to: number): string {
  return Array.from({ length: to - from }, (_, index) => record(from + index)).join("");
}

function read(options: Partial<LogOptions> = {}) {
  const source = { path, isRunning: () => Promise.resolve(running), clock: systemClock };
  return readLogs(source, { follow: false, ...options }, signal);
}

async function numbers(options: Partial<LogOptions> = {}): Promise<number[]> {
  const seen: number[] = [];
  for await (const line of read(options)) seen.push(Number(/line (\d+)\n/.exec(line.content.toString())?.[1]));
  return seen;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

test("rotated files are read before the newest", async () => {
  writeFileSync(`${path}.2`, records(0, 3));
  writeFileSync(`${path}.1`, records(3, 6));
  writeFileSync(path, records(6, 8));
  assert.deepEqual(await numbers(), range(0, 8));
});

test("the tail reaches back over rotated files", async () => {
  writeFileSync(`${path}.1`, records(0, 5000));
  writeFileSync(path, records(5000, 5004));
  for (const tailLines of [0, 1, 4, 5, 3000, 5004, 9999]) {
    assert.deepEqual(await numbers({ tailLines }), range(Math.max(0, 5004 - tailLines), 5004), `tail ${tailLines}`);
  }
});

test("lines are selected by time and stream", async () => {
  writeFileSync(path, records(0, 10));
  assert.deepEqual(await numbers({ sinceMs: startMs + 7000 }), [7, 8, 9]);
  assert.deepEqual(await numbers({ stream: "stderr" }), [1, 3, 5, 7, 9]);
});

test("damaged, half-written and monstrous lines are passed over", async () => {
  writeFileSync(path, `${record(0)}garbage\n${record(1, "x".repeat(2_000_000))}${record(2)}{"log":"half`);
  const seen: string[] = [];
  for await (const line of read()) seen.push(line.content.toString());
  assert.deepEqual(seen, ["line 0\n", "line 2\n"]);
});

test("no file means no lines", async () => {
  assert.deepEqual(await numbers(), []);
});

test("following sees appended lines, rotation and truncation, and ends with the container", async () => {
  running = true;
  writeFileSync(path, records(0, 2));
  const iterator = read({ follow: true });
  const take = async (count: number) => {
    const seen: string[] = [];
    for (let index = 0; index < count; index++)
      seen.push((await iterator.next()).value?.content.toString().trim() ?? "");
    return seen;
  };
  assert.deepEqual(await take(2), ["line 0", "line 1"]);
  appendFileSync(path, records(2, 4));
  assert.deepEqual(await take(2), ["line 2", "line 3"]);
  // Written to after it was read and rotated twice before it is looked at again.
  appendFileSync(path, record(4));
  renameSync(path, `${path}.1`);
  writeFileSync(path, record(5));
  renameSync(`${path}.1`, `${path}.2`);
  renameSync(path, `${path}.1`);
  writeFileSync(path, record(6));
  assert.deepEqual(await take(3), ["line 4", "line 5", "line 6"]);
  writeFileSync(path, "");
  const next = take(1);
  appendFileSync(path, record(7, "seven"));
  assert.deepEqual(await next, ["seven"]);
  appendFileSync(path, record(8));
  running = false;
  assert.deepEqual(await take(1), ["line 8"]);
  assert.equal((await iterator.next()).done, true);
});

test("a follower can leave at any time", async () => {
  running = true;
  const stop = new AbortController();
  const source = { path, isRunning: () => Promise.resolve(true), clock: systemClock };
  const iterator = readLogs(source, { follow: true }, stop.signal);
  const next = iterator.next();
  stop.abort(new Error("left"));
  await assert.rejects(next, /left/);
});

test("links are not followed", async () => {
  const outside = join(directory, "outside");
  writeFileSync(outside, records(0, 1));
  symlinkSync(outside, path);
  await assert.rejects(numbers(), { code: "ELOOP" });
  mkdirSync(join(directory, "root/containers/c"), { recursive: true });
  symlinkSync(directory, join(directory, "root/containers/evil"));
  await checkLogPath(join(directory, "root/containers/c/c-json.log"), join(directory, "root"));
  await assert.rejects(checkLogPath(join(directory, "root/containers/evil/c-json.log"), join(directory, "root")));
  await assert.rejects(checkLogPath(join(directory, "c-json.log"), join(directory, "root")));
});
