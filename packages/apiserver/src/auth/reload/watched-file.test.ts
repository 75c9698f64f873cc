import assert from "node:assert/strict";
import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type Clock, systemClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { followFile } from "./watched-file.ts";

function follow(t: TestContext, path: string, onChange: (content: string) => void, clock: Clock = systemClock) {
  const stop = new AbortController();
  const running = followFile({ path, content: "one", clock, log: silentLogger, onChange }, stop.signal);
  t.after(async () => {
    stop.abort(new Error("the test is over"));
    await running;
  });
}

function directoryFor(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "kube-ts-watched-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!condition()) {
    assert.ok(performance.now() < deadline, "not in time");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test("a file that is rewritten or replaced is read again, once for each content", async (t) => {
  const path = join(directoryFor(t), "file");
  writeFileSync(path, "one");
  const seen: string[] = [];
  follow(t, path, (content) => void seen.push(content));
  writeFileSync(path, "two");
  await until(() => seen.length === 1);
  writeFileSync(`${path}.new`, "three");
  renameSync(`${path}.new`, path);
  await until(() => seen.length === 2);
  rmSync(path);
  writeFileSync(path, "three");
  writeFileSync(path, "four");
  await until(() => seen.length === 3);
  assert.deepEqual(seen, ["two", "three", "four"]);
});

test("a file of a mounted config map changes with its directory", async (t) => {
  const directory = directoryFor(t);
  const data = (name: string, content: string) => {
    const made = mkdtempSync(join(directory, `..${name}`));
    writeFileSync(join(made, "file"), content);
    symlinkSync(made, join(directory, "..data_tmp"));
    renameSync(join(directory, "..data_tmp"), join(directory, "..data"));
  };
  data("a", "one");
  symlinkSync(join("..data", "file"), join(directory, "file"));
  const seen: string[] = [];
  follow(t, join(directory, "file"), (content) => void seen.push(content));
  data("b", "two");
  await until(() => seen.length === 1);
  assert.deepEqual(seen, ["two"]);
});

test("what cannot be used is left, and what comes after it is used", async (t) => {
  const path = join(directoryFor(t), "file");
  writeFileSync(path, "one");
  const seen: string[] = [];
  follow(t, path, (content) => {
    seen.push(content);
    if (content === "bad") throw new Error("not this");
  });
  writeFileSync(path, "bad");
  await until(() => seen.length === 1);
  writeFileSync(path, "good");
  await until(() => seen.length === 2);
  assert.deepEqual(seen, ["bad", "good"]);
});
