import { type FileHandle, chmod, lstat, mkdir, realpath, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Mounts } from "./mounts.ts";
import { isMountPoint } from "./mounts.ts";
import {
  type HeldPath,
  OutsideError,
  entry,
  hasCode,
  openAsPath,
  openDirectory,
  resolveBeneath,
  walkFrom,
} from "./open-beneath.ts";

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
  // The descriptor, not the name: the name may be somebody else's by now.
  await mounts.bind(`/proc/${process.pid}/fd/${held.handle.fd}`, target, signal);
}

/**
 * Opens the path inside the volume, following no link while it does. Directories that are missing are made with the
 * volume's own mode, so that whoever may write to the volume may write to them.
 */
export async function openSubPath(volume: string, subPath: string): Promise<HeldPath> {
  const root = await realpath(volume);
  const parts = await resolveBeneath(root, subPath).catch((error: unknown) => {
    throw error instanceof OutsideError
      ? new Error(`subpath "${subPath}" not within volume path "${volume}"`, { cause: error })
      : error;
  });
  const { mode } = await stat(root);
  const orMade = (openIt: typeof openDirectory) => (parent: FileHandle, name: string) =>
    openIt(parent, name).catch(async (error: unknown) => {
      if (!hasCode(error, "ENOENT")) throw error;
      return make(parent, name, mode & 0o2777);
    });
  return walkFrom(root, parts, orMade(openNoLink), orMade(openDirectory));
}

/** Fails when somebody else was quicker: what is there then may be a link. */
async function make(parent: FileHandle, name: string, mode: number): Promise<FileHandle> {
  await mkdir(entry(parent, name), { mode: 0o750 });
  const handle = await openDirectory(parent, name);
  try {
    // Past the umask, and with the bit that hands the group on.
    await chmod(`/proc/self/fd/${handle.fd}`, mode);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openNoLink(parent: FileHandle, name: string): Promise<FileHandle> {
  const handle = await openAsPath(parent, name);
  if (!(await handle.stat()).isSymbolicLink()) return handle;
  await handle.close();
  throw new Error(`subpath component ${name} is a symbolic link`);
}
