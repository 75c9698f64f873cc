import { readFileSync } from "node:fs";
import type * as Ffi from "node:ffi";
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Clock } from "./clock.ts";
import type { Logger } from "./log.ts";
import { errorFields } from "./log.ts";

/** Gives memory back to the system that the process does not need now. */
export type ReleaseMemory = () => void;

/** When what the start has left is given back, and how often what came since. */
const settleMs = 30_000;
const periodMs = 60_000;

/** Releases memory some time after the start and then every minute, until disposed. */
export function releaseRegularly(release: ReleaseMemory, clock: Clock, log: Logger): Disposable {
  const attempt = () => {
    try {
      release();
    } catch (error) {
      log.debug("memory was not released", { error: errorFields(error) });
      return;
    }
    timer = clock.setTimer(periodMs, attempt);
  };
  let timer = clock.setTimer(settleMs, attempt);
  return { [Symbol.dispose]: () => timer[Symbol.dispose]() };
}

/** Of `madvise`: the pages of the range need not stay mapped. Those of a file are found again when they are used. */
const dontNeed = 4;
/** Smaller mappings are not worth a call. */
const worthwhileKib = 128;

/** Above this heap the collection of garbage would stop the process for too long: it takes about 1 ms a MiB. */
const maxCollectedHeapBytes = 48 * 1024 * 1024;

interface NativeCalls {
  readonly collect: () => void;
  /** With glibc only. */
  readonly trim: (() => void) | undefined;
  readonly advise: (address: bigint, sizeBytes: bigint, advice: number) => number;
}

/**
 * A function that releases what this process holds without needing it: JavaScript's garbage, what
 * the C library has freed but kept, and those pages of the Node.js binary and its libraries that only the start has
 * used, 20 MB and more. Throws where this Node.js cannot call native functions.
 */
export function memoryReleaser(): ReleaseMemory {
  let calls: NativeCalls | undefined;
  return () => {
    calls ??= nativeCalls();
    calls.collect();
    calls.trim?.();
    for (const { start, end } of unneededMappings(readFileSync("/proc/self/smaps", "utf8"))) {
      calls.advise(start, end - start, dontNeed);
    }
  };
}

function nativeCalls(): NativeCalls {
  const ffi = process.getBuiltinModule("node:ffi") as typeof Ffi | undefined;
  if (!ffi) throw new Error("this Node.js cannot call native functions");
  const { functions } = ffi.dlopen(null, { madvise: { arguments: ["u64", "u64", "i32"], return: "i32" } });
  return { collect: garbageCollector(), trim: trimOf(ffi), advise: functions.madvise };
}

/** Collects JavaScript's garbage thoroughly. V8 itself does so only when memory runs out. */
function garbageCollector(): () => void {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as typeof globalThis.gc;
  setFlagsFromString("--no-expose-gc");
  return () => {
    if (getHeapStatistics().total_heap_size > maxCollectedHeapBytes) return;
    gc?.({ type: "major", execution: "sync", flavor: "last-resort" });
  };
}

function trimOf(ffi: typeof Ffi): (() => void) | undefined {
  try {
    const { functions } = ffi.dlopen(null, { malloc_trim: { arguments: ["u64"], return: "i32" } });
    return () => void functions.malloc_trim(0n);
  } catch {
    return undefined;
  }
}

interface Mapping {
  readonly start: bigint;
  readonly end: bigint;
}

const header = /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) \S+ \S+ (\d+)\s*(.*)$/;

/**
 * The mappings of files that cannot be written and of which no page was ever changed (a page that was, such as a
 * relocated one, could not be read from the file again). `smaps` is the text of `/proc/self/smaps`.
 */
export function unneededMappings(smaps: string): Mapping[] {
  const found: Mapping[] = [];
  for (const entry of smaps.split(/\n(?=[0-9a-f]+-[0-9a-f]+ )/)) {
    const [, start = "", end = "", permissions = "", inode = "", path = ""] =
      header.exec(entry.split("\n", 1)[0] ?? "") ?? [];
    const isFile = inode !== "0" && path.startsWith("/") && !path.endsWith("(deleted)");
    if (!isFile || permissions.includes("w") || !permissions.endsWith("p")) continue;
    if (kib(entry, "Anonymous") !== 0 || !((kib(entry, "Rss") ?? 0) >= worthwhileKib)) continue;
    found.push({ start: BigInt(`0x${start}`), end: BigInt(`0x${end}`) });
  }
  return found;
}

function kib(entry: string, field: string): number | undefined {
  const match = new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(entry);
  return match ? Number(match[1]) : undefined;
}
