import { readFileSync } from "node:fs";
import type * as Ffi from "node:ffi";
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Clock } from "./clock.ts";
import type { Logger } from "./log.ts";
import { errorFields } from "./log.ts";
import { unchangedFileMappings } from "./memory-mappings.ts";

/** Gives memory back to the system that the process does not need now. */
export type ReleaseMemory = () => void;

/**
 * Pauses before each of the first releases, which give back what the start has left: an object that one collection finds
 * unreachable may keep memory outside of the heap until the next. Then it is a matter of what came since.
 */
const firstPausesMs = [10_000, 5_000, 15_000];
const periodMs = 60_000;

/** Releases memory soon after the start and then every minute, until disposed. */
export function releaseRegularly(release: ReleaseMemory, clock: Clock, log: Logger): Disposable {
  const attempt = () => {
    try {
      release();
    } catch (error) {
      log.debug("memory was not released", { error: errorFields(error) });
      return;
    }
    timer = next();
  };
  const pauses = [...firstPausesMs];
  const next = () => clock.setTimer(pauses.shift() ?? periodMs, attempt);
  let timer = next();
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
    for (const { start, end, residentKib } of unchangedFileMappings(readFileSync("/proc/self/smaps", "utf8"))) {
      if (residentKib >= worthwhileKib) calls.advise(start, end - start, dontNeed);
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
  const collect = globalThis.gc ?? newCollector();
  return () => {
    if (getHeapStatistics().total_heap_size > maxCollectedHeapBytes) return;
    collect?.({ type: "major", execution: "sync", flavor: "last-resort" });
  };
}

/** For a process that was started without `--expose-gc`: costs the memory of a JavaScript context. */
function newCollector(): typeof globalThis.gc {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as typeof globalThis.gc;
  setFlagsFromString("--no-expose-gc");
  return collect;
}

function trimOf(ffi: typeof Ffi): (() => void) | undefined {
  try {
    const { functions } = ffi.dlopen(null, { malloc_trim: { arguments: ["u64"], return: "i32" } });
    return () => void functions.malloc_trim(0n);
  } catch {
    return undefined;
  }
}
