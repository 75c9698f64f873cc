import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { ensureFile, replaceFile } from "./replace-file.ts";

test("a file is replaced as a whole, and only when its text is another", async () => {
  const directory = await mkdtemp(join(tmpdir(), "replace-file-"));
  try {
    const path = join(directory, "state");
    assert.equal(await ensureFile(path, ""), true);
    assert.equal(await ensureFile(path, ""), false);
    assert.equal(await ensureFile(path, "one"), true);
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    const { ino } = await stat(path);
    assert.equal(await ensureFile(path, "one"), false);
    assert.equal((await stat(path)).ino, ino);
    await replaceFile(path, "one", 0o644);
    assert.notEqual((await stat(path)).ino, ino);
    assert.equal((await stat(path)).mode & 0o777, 0o644);
    assert.deepEqual([await readFile(path, "utf8"), await readdir(directory)], ["one", ["state"]]);
    await assert.rejects(ensureFile(join(path, "below"), "two"), { code: "ENOTDIR" });
  } finally {
    await rm(directory, { recursive: true });
  }
});

test("what an interrupted write has left is in nobody's way", async () => {
  const directory = await mkdtemp(join(tmpdir(), "replace-file-"));
  try {
    const path = join(directory, "state");
    await writeFile(`${path}.tmp`, "half of it and more");
    await replaceFile(path, "whole");
    assert.deepEqual([await readFile(path, "utf8"), await readdir(directory)], ["whole", ["state"]]);
  } finally {
    await rm(directory, { recursive: true });
  }
});
