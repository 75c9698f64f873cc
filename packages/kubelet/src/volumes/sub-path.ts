import { type FileHandle, lstat, mkdir, open, realpath, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { constants } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Mounts } from "./mounts.ts";
import { isMountPoint } from "./mounts.ts";

/** Opens the file itself and gives no access to it; Node has no name for the flag. */
const openPath = 0o10000000;
const noFollowDirectory = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/**
 * Mounts what lies at `subPath` in a volume over `target`, so that no link that a container puts into the volume, then
 * or later, leads out of it. A path that does not exist is made as a directory. Does nothing when it is done already.
 */
export async function bindSubPath(
  mounts: Mounts,
  volume: string,
  subPath: string,
  target: string,
  signal: AbortSignal,
): Promise<void> {
  await using held = await openSubPath(volume, subPath);
  const info = await held.handle.stat();
  if (await isMountPoint(mounts, target)) {
    const mounted = await stat(target).catch(() => undefined);
    if (mounted?.dev === info.dev && mounted.ino === info.ino) return;
    // The volume's files were replaced since: what is mounted is a file that has no name any more.
    await mounts.unmount(target, signal);
    // Not recursively: should it be mounted twice, the files are the volume's.
    await ((await lstat(target)).isDirectory() ? rmdir(target) : rm(target));
  }
  await mkdir(dirname(target), { recursive: true, mode: 0o750 });
  if (info.isDirectory()) await mkdir(target, { recursive: true, mode: 0o750 });
  else await writeFile(target, "", { flag: "a", mode: 0o640 });
  await mounts.bind(`/proc/${process.pid}/fd/${held.handle.fd}`, target, signal);
}

interface HeldPath extends AsyncDisposable {
  readonly handle: FileHandle;
}

/** Opens the path inside the volume, step by step from the volume's own directory, following no link. */
export async function openSubPath(volume: string, subPath: string): Promise<HeldPath> {
  const root = await realpath(volume);
  const resolved = await resolveInside(root, subPath);
  const parts = relative(root, resolved)
    .split("/")
    .filter((part) => part !== "");
  if (parts.includes("..")) throw outside(subPath, volume);
  // Links were resolved above; should one appear meanwhile, the walk below fails on it.
  let handle = await open(root, noFollowDirectory);
  try {
    for (const [index, part] of parts.entries()) {
      const next = await step(handle, part, index === parts.length - 1);
      await handle.close();
      handle = next;
    }
  } catch (error) {
    await handle.close();
    throw error;
  }
  return { handle, [Symbol.asyncDispose]: () => handle.close() };
}

async function step(parent: FileHandle, name: string, last: boolean): Promise<FileHandle> {
  const path = `/proc/self/fd/${parent.fd}/${name}`;
  const flags = last ? openPath | constants.O_NOFOLLOW : noFollowDirectory;
  const handle = await open(path, flags).catch(async (error: unknown) => {
    if ((error as { code?: unknown }).code !== "ENOENT") throw error;
    await mkdir(path, { mode: 0o750 });
    return open(path, flags);
  });
  if (last && (await handle.stat()).isSymbolicLink()) {
    await handle.close();
    throw new Error(`subpath component ${name} is a symbolic link`);
  }
  return handle;
}

/** The real path as far as it exists, which must stay inside the volume, and the rest as written. */
async function resolveInside(root: string, subPath: string): Promise<string> {
  const missing: string[] = [];
  for (let path = join(root, subPath); ; path = dirname(path)) {
    const real = await realpath(path).catch((error: unknown) => {
      if ((error as { code?: unknown }).code !== "ENOENT") throw error;
      return undefined;
    });
    if (real !== undefined) {
      if (real !== root && !real.startsWith(`${root}/`)) throw outside(subPath, root);
      return join(real, ...missing);
    }
    missing.unshift(path.slice(path.lastIndexOf("/") + 1));
  }
}

function outside(subPath: string, volume: string): Error {
  return new Error(`subpath "${subPath}" not within volume path "${volume}"`);
}
