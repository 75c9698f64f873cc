import type * as Ffi from "node:ffi";
import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";

/** How often it is looked at how much memory there is to give back, and from how much on it is worth while. */
const checkIntervalMs = 5_000;
const worthwhileBytes = 32 * 1024 * 1024;

/** Memory of the process, in bytes. */
export interface MemoryUse {
  readonly rss: number;
  readonly heapTotal: number;
  readonly external: number;
}

export interface MemoryTrimParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly usage?: () => MemoryUse;
  /** Gives freed memory back to the system; undefined where that is not possible. */
  readonly trim?: (() => void) | undefined;
}

/**
 * Until the signal aborts, gives memory back to the system that many connections or large answers have left behind: what
 * is freed between what is in use stays with the process otherwise.
 */
export async function runMemoryTrim(parts: MemoryTrimParts, signal: AbortSignal): Promise<void> {
  const { clock, log, usage = process.memoryUsage, trim = mallocTrim(log) } = parts;
  if (!trim) return;
  /** What is neither JavaScript's nor known to be in use: in part that cannot be given back. */
  let slackBytes = slackOf(usage());
  while (!signal.aborted) {
    await clock.sleep(checkIntervalMs, signal).catch(() => undefined);
    if (signal.aborted) return;
    const beforeBytes = slackOf(usage());
    if (beforeBytes < slackBytes + worthwhileBytes) {
      slackBytes = Math.min(slackBytes, beforeBytes);
      continue;
    }
    trim();
    slackBytes = slackOf(usage());
    log.debug("memory was given back", { releasedBytes: beforeBytes - slackBytes });
  }
}

function slackOf({ rss, heapTotal, external }: MemoryUse): number {
  return rss - heapTotal - external;
}

/** glibc's way to give memory back; undefined with another C library. */
function mallocTrim(log: Logger): (() => void) | undefined {
  try {
    const ffi = process.getBuiltinModule("node:ffi") as typeof Ffi | undefined;
    const library = ffi?.dlopen("libc.so.6", { malloc_trim: { arguments: ["u64"], return: "i32" } });
    return library && (() => void library.functions.malloc_trim(0n));
  } catch (error) {
    log.debug("freed memory stays with the process", { error });
    return undefined;
  }
}
