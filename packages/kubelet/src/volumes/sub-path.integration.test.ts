import assert from "node:assert/strict";
import { chmod, chown, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { isMountPoint, mountsBelow, systemMounts } from "./mounts.ts";
import { bindSubPath } from "./sub-path.ts";

const signal = new AbortController().signal;

async function scratch() {
  const path = await mkdtemp(join(tmpdir(), "mounts-"));
  const cleanUp = async () => {
    for (const mountPoint of await mountsBelow(systemMounts, path)) await systemMounts.unmount(mountPoint, signal);
    await rm(path, { recursive: true, force: true });
  };
  return { path, [Symbol.asyncDispose]: cleanUp };
}

test("a file below a volume is mounted, once, and anew when it was replaced", async () => {
  await using dir = await scratch();
  const volume = join(dir.path, "volume");
  const target = join(dir.path, "target/0");
  await mkdir(join(volume, "sub"), { recursive: true });
  await writeFile(join(volume, "sub/file"), "one");
  await bindSubPath(systemMounts, volume, "sub/file", target, signal);
  await bindSubPath(systemMounts, volume, "sub/file", target, signal);
  assert.equal(await readFile(target, "utf8"), "one");
  assert.equal((await mountsBelow(systemMounts, target)).length, 1);
  await writeFile(join(volume, "sub/next"), "two");
  await rename(join(volume, "sub/next"), join(volume, "sub/file"));
  assert.equal(await readFile(target, "utf8"), "one", "whoever has it mounted keeps what it has");
  await bindSubPath(systemMounts, volume, "sub/file", target, signal);
  assert.equal(await readFile(target, "utf8"), "two");
});

test("a directory below a volume is mounted, and made with the volume's mode when it is missing", async () => {
  await using dir = await scratch();
  const volume = join(dir.path, "volume");
  const target = join(dir.path, "target/1");
  await mkdir(volume);
  await chown(volume, 0, 4321);
  await chmod(volume, 0o2777);
  await bindSubPath(systemMounts, volume, "made/here", target, signal);
  for (const made of ["made", "made/here"]) {
    const { mode, gid } = await stat(join(volume, made));
    assert.deepEqual([mode & 0o7777, gid], [0o2777, 4321], made);
  }
  await writeFile(join(target, "file"), "x");
  assert.equal(await readFile(join(volume, "made/here/file"), "utf8"), "x");
});

test("memory is mounted with its size, and unmounting twice succeeds", async () => {
  await using dir = await scratch();
  await systemMounts.mountTmpfs(dir.path, 1024 * 1024, 0o1777, signal);
  assert.equal(await isMountPoint(systemMounts, dir.path), true);
  await assert.rejects(writeFile(join(dir.path, "large"), Buffer.alloc(2 * 1024 * 1024)), { code: "ENOSPC" });
  await systemMounts.unmount(dir.path, signal);
  await systemMounts.unmount(dir.path, signal);
  assert.equal(await isMountPoint(systemMounts, dir.path), false);
});
