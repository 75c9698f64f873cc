import type { EventWriter } from "../audit-backend.ts";
import type { AuditEvent } from "../audit-event.ts";

/** A file that takes lines. */
export interface LineFile extends AsyncDisposable {
  /** Throws when they could not be written. */
  append(lines: readonly string[]): void;
  appendLater(lines: readonly string[]): Promise<void>;
}

/** Writes events as lines: at once where requests wait for it, else without holding up the event loop. */
export class LogWriter implements EventWriter {
  readonly name = "log";
  readonly takesAnyBatch = true;
  readonly #file: LineFile;
  readonly #format: (event: AuditEvent) => string;
  readonly #blocks: boolean;

  constructor(file: LineFile, format: (event: AuditEvent) => string, blocks: boolean) {
    this.#file = file;
    this.#format = format;
    this.#blocks = blocks;
  }

  write(events: readonly AuditEvent[]): void | Promise<void> {
    const lines = events.map((event) => `${this.#format(event)}\n`);
    return this.#blocks ? this.#file.append(lines) : this.#file.appendLater(lines);
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#file[Symbol.asyncDispose]();
  }
}
