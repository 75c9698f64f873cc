import { type Dirent } from "node:fs";
import { lchown, lstat, chmod, opendir } from "node:fs/promises";
import { join } from "node:path";

const readWriteGroup = 0o660;
const readGroup = 0o440;
const searchGroup = 0o110;
const setGroup = 0o2000;

export type OwnershipChange = "Always" | "OnRootMismatch";

/**
 * Gives everything below a directory to a group that may do there what the owner may. With `OnRootMismatch` nothing is
 * done when the directory itself is the group's already.
 */
export async function giveToGroup(
  directory: string,
  group: number,
  change: OwnershipChange,
  readOnly: boolean,
  signal: AbortSignal,
): Promise<void> {
  const wanted = (readOnly ? readGroup : readWriteGroup) | searchGroup | setGroup;
  const root = await lstat(directory);
  if (change === "OnRootMismatch" && root.gid === group && (root.mode & wanted) === wanted) return;
  const pending = [directory];
  for (let current = pending.pop(); current !== undefined; current = pending.pop()) {
    signal.throwIfAborted();
    for await (const entry of await opendir(current)) {
      const path = join(current, entry.name);
      if (entry.isDirectory()) pending.push(path);
      else await give(path, entry, group, readOnly);
    }
    // The directory itself comes last of its files, so that what was interrupted is done again.
    if (current !== directory) await giveDirectory(current, group, wanted);
  }
  await giveDirectory(directory, group, wanted);
}

async function give(path: string, entry: Dirent, group: number, readOnly: boolean): Promise<void> {
  await lchown(path, (await lstat(path)).uid, group);
  if (entry.isSymbolicLink()) return;
  await chmod(path, (await lstat(path)).mode | (readOnly ? readGroup : readWriteGroup));
}

async function giveDirectory(path: string, group: number, wanted: number): Promise<void> {
  const info = await lstat(path);
  await lchown(path, info.uid, group);
  await chmod(path, info.mode | wanted);
}
