import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { FakeClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { RotatedFile, type RotatedFileOptions } from "./rotated-file.ts";

const startMs = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

function bench(t: TestContext, changes: Partial<RotatedFileOptions> = {}) {
  const directory = mkdtempSync(join(tmpdir(), "kube-ts-rotated-"));
  t.after(() => rmSync(directory, { recursive: true }));
  const clock = new FakeClock(startMs);
  const path = join(directory, "logs", "audit.log");
  const limits = { maxBytes: 10, maxAgeDays: 0, maxBackups: 0, compress: false };
  const open = () => new RotatedFile({ path, ...limits, clock, log: silentLogger, ...changes });
  return { clock, path, open, names: () => readdirSync(join(directory, "logs")).sort() };
}

test("a full file is put aside under the time, and only its owner may read it", async (t) => {
  const { path, open, names } = bench(t);
  {
    await using file = open();
    file.append(["12345\n", "678\n"]);
    await file.appendLater(["9\n"]);
  }
  assert.deepEqual(names(), ["audit-2026-01-02T03-04-05.678.log", "audit.log"]);
  assert.equal(readFileSync(path, "utf8"), "9\n");
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test("what was there is kept, and counts", async (t) => {
  const { path, open, names } = bench(t);
  await open()[Symbol.asyncDispose]();
  writeFileSync(path, "before\n");
  await using file = open();
  file.append(["after\n"]);
  assert.equal(names().length, 2);
});

test("backups that are too many or too old go", async (t) => {
  const { clock, open, names } = bench(t, { maxBackups: 2, maxAgeDays: 1 });
  {
    await using file = open();
    for (let turn = 0; turn < 5; turn += 1) {
      file.append(["123456789\n"]);
      await clock.advance(1_000);
    }
  }
  assert.equal(names().length, 3);
  await clock.advance(2 * 86_400_000);
  await open()[Symbol.asyncDispose]();
  assert.deepEqual(names(), ["audit.log"]);
});

test("backups are compressed", async (t) => {
  const { path, open, names } = bench(t, { compress: true });
  {
    await using file = open();
    file.append(["123456789\n", "x\n"]);
  }
  assert.deepEqual(names(), ["audit-2026-01-02T03-04-05.678.log.gz", "audit.log"]);
  const packed = readFileSync(path.replace("audit.log", names()[0] ?? ""));
  assert.equal(gunzipSync(packed).toString(), "123456789\n");
});

test("a file that somebody else has put aside is left there", async (t) => {
  const { path, open, names } = bench(t);
  await using file = open();
  file.append(["123456789\n"]);
  renameSync(path, `${path}.mine`);
  file.append(["x\n"]);
  assert.deepEqual(names(), ["audit.log", "audit.log.mine"]);
  assert.equal(readFileSync(path, "utf8"), "x\n");
});

test("a line that no file can hold is refused", async (t) => {
  const { open } = bench(t);
  await using file = open();
  assert.throws(() => file.append(["0123456789\n"]), /write length 11 exceeds maximum file size 10/);
});
