import { watch } from "node:fs";
import { dirname } from "node:path";
import type { Clock } from "@kube-ts/std/clock";
import type { LogLine, LogOptions } from "../../logs.ts";
import { LineSplitter, parseLogLine } from "./json-log-line.ts";
import { openAllLogs, openNextLog, tailPosition } from "./log-files.ts";
import type { LogFile } from "./log-files.ts";

export interface LogSource {
  /** The newest file; it need not exist yet. */
  readonly path: string;
  /** Whether the container may still write. */
  isRunning(signal: AbortSignal): Promise<boolean>;
  readonly clock: Clock;
}

const chunkBytes = 64 * 1024;
/** Changes are watched for; this is how often they are looked for all the same. */
const pollMs = 1000;

/** Lines in the order of the files, from the oldest or from the tail, filtered by the options. */
export async function* readLogs(source: LogSource, options: LogOptions, signal: AbortSignal): AsyncGenerator<LogLine> {
  const reader = new LogReader(source, options);
  try {
    yield* reader.lines(signal);
  } finally {
    await reader.close();
  }
}

class LogReader {
  readonly #source: LogSource;
  readonly #options: LogOptions;
  readonly #splitter = new LineSplitter();
  readonly #block = Buffer.alloc(chunkBytes);
  /** Open files that are still to be read, the one being read first. */
  #files: LogFile[] = [];
  #offset = 0;

  constructor(source: LogSource, options: LogOptions) {
    this.#source = source;
    this.#options = options;
  }

  async *lines(signal: AbortSignal): AsyncGenerator<LogLine> {
    this.#files = await openAllLogs(this.#source.path);
    await this.#seekTail(signal);
    while (this.#files.length > 1) {
      yield* this.#readToEnd(signal);
      await this.#nextFile(undefined);
    }
    yield* this.#readToEnd(signal);
    if (this.#options.follow) yield* this.#follow(signal);
  }

  async close(): Promise<void> {
    const files = this.#files;
    this.#files = [];
    for (const file of files) await file.handle.close();
  }

  async #seekTail(signal: AbortSignal): Promise<void> {
    if (this.#options.tailLines === undefined || this.#files.length === 0) return;
    const { index, offset } = await tailPosition(this.#files, this.#options.tailLines, signal);
    for (const skipped of this.#files.splice(0, index)) await skipped.handle.close();
    this.#offset = offset;
  }

  async *#follow(signal: AbortSignal): AsyncGenerator<LogLine> {
    using changes = new ChangeWatch(dirname(this.#source.path), this.#source.clock);
    for (;;) {
      signal.throwIfAborted();
      const changed = changes.next(signal);
      // Asked before reading: what is written before the end is then read in this round.
      const running = await this.#source.isRunning(signal);
      yield* this.#readToEnd(signal);
      for (let next = await this.#openNewer(); next; next = await this.#openNewer()) {
        // The old file may have been written to between its end and its rotation.
        yield* this.#readToEnd(signal);
        await this.#nextFile(next);
        yield* this.#readToEnd(signal);
      }
      if (!running) return;
      await changed;
    }
  }

  async #openNewer(): Promise<LogFile | undefined> {
    const current = this.#files[0];
    return current ? await openNextLog(this.#source.path, current.inode) : (await openAllLogs(this.#source.path)).at(0);
  }

  async #nextFile(next: LogFile | undefined): Promise<void> {
    const done = this.#files.shift();
    await done?.handle.close();
    if (next) this.#files.unshift(next);
    this.#offset = 0;
    this.#splitter.reset();
  }

  async *#readToEnd(signal: AbortSignal): AsyncGenerator<LogLine> {
    const handle = this.#files[0]?.handle;
    if (!handle) return;
    const { size } = await handle.stat();
    if (size < this.#offset) {
      // With a single file the engine empties it instead of rotating.
      this.#offset = 0;
      this.#splitter.reset();
    }
    for (;;) {
      signal.throwIfAborted();
      const { bytesRead } = await handle.read(this.#block, 0, chunkBytes, this.#offset);
      if (bytesRead === 0) return;
      this.#offset += bytesRead;
      for (const bytes of this.#splitter.push(this.#block.subarray(0, bytesRead))) {
        const line = parseLogLine(bytes);
        if (line && this.#wanted(line)) yield line;
      }
    }
  }

  #wanted(line: LogLine): boolean {
    const { sinceMs, stream } = this.#options;
    if (stream !== undefined && line.stream !== stream) return false;
    return sinceMs === undefined || Date.parse(line.timestamp) >= sinceMs;
  }
}

/** Tells when a directory changes, or at the latest after the poll interval. */
class ChangeWatch implements Disposable {
  readonly #clock: Clock;
  readonly #close: () => void;
  #wake: (() => void) | undefined;

  constructor(directory: string, clock: Clock) {
    this.#clock = clock;
    this.#close = this.#watch(directory);
  }

  /** Resolves on the next change after this call. */
  next(signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    const changed = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    const late = this.#clock.sleep(pollMs, AbortSignal.any([signal, stop.signal])).catch(() => undefined);
    return Promise.race([changed, late]).finally(() => stop.abort());
  }

  [Symbol.dispose](): void {
    this.#close();
  }

  /** Watching can be refused (out of watches, odd file systems): then polling does it alone. */
  #watch(directory: string): () => void {
    try {
      const watcher = watch(directory, { persistent: false }, () => this.#wake?.());
      watcher.on("error", () => watcher.close());
      return () => watcher.close();
    } catch {
      return () => {};
    }
  }
}
