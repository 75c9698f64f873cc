import { lstat, opendir } from "node:fs/promises";
import { join } from "node:path";

export interface DirectoryUsage {
  readonly usedBytes: number;
  readonly inodes: number;
}

/** So that a volume with endless files costs no more than this to look at. */
const maxEntries = 200_000;
const blockBytes = 512;

/** What the files below a directory take up on its own filesystem. What vanishes meanwhile does not count. */
export async function directoryUsage(path: string, signal: AbortSignal): Promise<DirectoryUsage> {
  const root = await lstat(path);
  const counted = new Set<number>();
  const pending = [path];
  let usedBytes = root.blocks * blockBytes;
  let inodes = 1;
  for (let directory = pending.pop(); directory !== undefined && inodes < maxEntries; directory = pending.pop()) {
    signal.throwIfAborted();
    const entries = await opendir(directory).catch(() => undefined);
    if (!entries) continue;
    for await (const entry of entries) {
      const child = join(directory, entry.name);
      const info = await lstat(child).catch(() => undefined);
      if (!info || info.dev !== root.dev) continue;
      if (info.isDirectory()) pending.push(child);
      else if (info.nlink > 1) {
        if (counted.has(info.ino)) continue;
        counted.add(info.ino);
      }
      usedBytes += info.blocks * blockBytes;
      inodes += 1;
      if (inodes >= maxEntries) break;
    }
  }
  return { usedBytes, inodes };
}
