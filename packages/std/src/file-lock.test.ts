import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { tryLockFile } from "./file-lock.ts";

const directory = mkdtempSync(join(tmpdir(), "kube-ts-lock-"));
after(() => rmSync(directory, { recursive: true }));

test("one at a time has the lock of a file, and others learn who", () => {
  const path = join(directory, "lock");
  const { lock } = tryLockFile(path, "the first and longest");
  assert.ok(lock);
  assert.deepEqual(tryLockFile(path, "the second"), { holder: "the first and longest" });
  lock[Symbol.dispose]();
  using again = tryLockFile(path, "the second").lock;
  assert.ok(again);
  assert.deepEqual(tryLockFile(path, "the third"), { holder: "the second" });
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test("the lock of a process that is killed is free", async () => {
  const path = join(directory, "killed");
  const module = new URL("./file-lock.ts", import.meta.url).href;
  const script = `
    import { tryLockFile } from ${JSON.stringify(module)};
    const { lock } = tryLockFile(${JSON.stringify(path)}, "a process");
    setInterval(() => lock, 60_000);
    console.log("locked");`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await once(child.stdout, "data");
    assert.equal(tryLockFile(path, "another").holder, "a process");
  } finally {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  using lock = tryLockFile(path, "another").lock;
  assert.ok(lock);
});
