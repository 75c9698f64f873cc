import { watch } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { isAbort } from "@kube-ts/std/abort";
import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";

export interface WatchedFileOptions {
  readonly path: string;
  /** The content that is in use already. */
  readonly content: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Takes new content. What it throws is logged; the old content then stays in use. */
  onChange(content: string): void | Promise<void>;
}

/** The file is read at least this often, whatever the file system says. */
const checkMs = 60_000;
/** Writers need a moment between the first and the last change of a file. */
const settleMs = 100;

/**
 * Follows a file, replaced or rewritten, until the signal aborts. The directory is watched, because what replaces a file
 * is another file.
 */
export async function followFile(options: WatchedFileOptions, signal: AbortSignal): Promise<void> {
  const { path, clock, log } = options;
  let content = options.content;
  const wakeup = new Wakeup();
  using _watcher = watchDirectory(path, () => wakeup.wake());
  try {
    for (;;) {
      await wakeup.wait(clock, checkMs, signal);
      await clock.sleep(settleMs, signal);
      const read = await readFile(path, "utf8").catch((error: unknown) => {
        log.warn("file could not be read again; what it held stays in use", { path, error });
        return undefined;
      });
      if (read === undefined || read === content) continue;
      content = read;
      await applyChange(options, read);
    }
  } catch (error) {
    if (!isAbort(error, signal)) throw error;
  }
}

async function applyChange({ path, log, onChange }: WatchedFileOptions, content: string): Promise<void> {
  try {
    await onChange(content);
    log.info("file was read again", { path });
  } catch (error) {
    log.error("file cannot be used; what it held before stays in use", { path, error });
  }
}

/** Files of a mounted config map are links into a directory `..data` that is replaced as a whole. */
function watchDirectory(path: string, onEvent: () => void): Disposable {
  try {
    const watcher = watch(dirname(path), { persistent: false }, (_event, name) => {
      if (name === null || name === basename(path) || name.startsWith("..")) onEvent();
    });
    watcher.on("error", () => watcher.close());
    return { [Symbol.dispose]: () => watcher.close() };
  } catch {
    // Without a directory to watch, looking now and then has to do.
    return { [Symbol.dispose]: () => undefined };
  }
}

/** Something happened since the last wait, or the time is up. */
class Wakeup {
  #isDue = false;
  #wake: (() => void) | undefined;

  wake(): void {
    this.#isDue = true;
    this.#wake?.();
  }

  async wait(clock: Clock, maxMs: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!this.#isDue) {
      await new Promise<void>((resolve, reject) => {
        const timer = clock.setTimer(maxMs, () => finish(resolve));
        const onAbort = () => finish(() => reject(signal.reason as Error));
        const finish = (settle: () => void) => {
          timer[Symbol.dispose]();
          signal.removeEventListener("abort", onAbort);
          this.#wake = undefined;
          settle();
        };
        this.#wake = () => finish(resolve);
        signal.addEventListener("abort", onAbort, { once: true });
      });
    }
    this.#isDue = false;
  }
}
