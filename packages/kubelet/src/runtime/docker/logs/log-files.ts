import { constants } from "node:fs";
import { open, readdir, realpath, stat } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { RuntimeError } from "../../runtime-error.ts";

/** Most rotated files that are looked at. */
const maxRotated = 100;
const scanBytes = 64 * 1024;
const newline = 0x0a;

/** An open log file; the inode tells it from what takes its name later. */
export interface LogFile {
  readonly handle: FileHandle;
  readonly inode: number;
}

/** Refuses a log outside the engine's directory of containers, also by way of links. */
export async function checkLogPath(path: string, rootDirectory: string): Promise<void> {
  const directory = await realpath(dirname(path));
  const containers = join(await realpath(rootDirectory), "containers") + sep;
  if (!directory.startsWith(containers)) {
    throw new RuntimeError("Internal", `log file is outside the engine's directory: ${path}`);
  }
}

/** Undefined when there is no such file; a link in its place is refused. */
async function openLog(path: string): Promise<LogFile | undefined> {
  try {
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const info = await handle.stat();
    if (info.isFile()) return { handle, inode: info.ino };
    await handle.close();
    throw new RuntimeError("Internal", `log is not a file: ${path}`);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Opens the log and its rotated predecessors (`.1` is the youngest), oldest first. */
export async function openAllLogs(path: string): Promise<LogFile[]> {
  const files: LogFile[] = [];
  const newest = await openLog(path);
  if (newest) files.push(newest);
  for (const number of await rotatedNumbers(path)) {
    const file = await openLog(`${path}.${number}`);
    if (!file) continue;
    // A rotation in between gives a file that is already open its next name.
    if (files.some((known) => known.inode === file.inode)) await file.handle.close();
    else files.push(file);
  }
  return files.reverse();
}

/** The file written after the one with this inode; undefined while that one is still the newest. */
export async function openNextLog(path: string, inode: number): Promise<LogFile | undefined> {
  const current = await inodeOf(path);
  if (current === inode || current === undefined) return undefined;
  const rotated = await rotatedNumbers(path);
  for (const number of rotated) {
    if ((await inodeOf(`${path}.${number}`)) !== inode) continue;
    return (await openLog(number === 1 ? path : `${path}.${number - 1}`)) ?? (await openLog(path));
  }
  // It was rotated away altogether: the oldest that is left comes next.
  const oldest = rotated.at(-1);
  return (oldest === undefined ? undefined : await openLog(`${path}.${oldest}`)) ?? (await openLog(path));
}

/**
 * Where the last `lines` lines begin: an index into `files`, which are oldest first, and an offset in that file.
 * An unfinished line at the very end does not count.
 */
export async function tailPosition(
  files: readonly LogFile[],
  lines: number,
  signal: AbortSignal,
): Promise<{ readonly index: number; readonly offset: number }> {
  const block = Buffer.alloc(scanBytes);
  let missing = lines;
  for (let index = files.length - 1; index >= 0; index--) {
    const file = files[index];
    if (!file) break;
    const { size } = await file.handle.stat();
    if (index === files.length - 1 && lines <= 0) return { index, offset: size };
    for (let end = size; end > 0;) {
      signal.throwIfAborted();
      const start = Math.max(0, end - scanBytes);
      const { bytesRead } = await file.handle.read(block, 0, end - start, start);
      for (let at = bytesRead - 1; at >= 0; at--) {
        if (block[at] !== newline || start + at === size - 1) continue;
        missing--;
        if (missing === 0) return { index, offset: start + at + 1 };
      }
      end = start;
    }
    // The first line of a file has no line end before it.
    if (size > 0) missing--;
    if (missing <= 0) return { index, offset: 0 };
  }
  return { index: 0, offset: 0 };
}

async function rotatedNumbers(path: string): Promise<number[]> {
  const prefix = `${basename(path)}.`;
  const names = await readdir(dirname(path)).catch(() => []);
  return names
    .filter((name) => name.startsWith(prefix) && /^\d{1,3}$/.test(name.slice(prefix.length)))
    .map((name) => Number(name.slice(prefix.length)))
    .sort((left, right) => left - right)
    .slice(0, maxRotated);
}

async function inodeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).ino;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return (error as { code?: string }).code === "ENOENT";
}
