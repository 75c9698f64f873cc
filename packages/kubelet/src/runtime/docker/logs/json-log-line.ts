import type { LogLine } from "../../logs.ts";

const newline = 0x0a;
/** The engine cuts output at 16 KiB, which escaping can make six times as long; anything longer is no log line. */
export const maxLineBytes = 1024 * 1024;

/** One record of a json-file log; undefined for a damaged or half-written one. */
export function parseLogLine(bytes: Buffer): LogLine | undefined {
  let record: { readonly log?: unknown; readonly stream?: unknown; readonly time?: unknown };
  try {
    record = JSON.parse(bytes.toString("utf8")) as typeof record;
  } catch {
    return undefined;
  }
  const { log, stream, time } = record ?? {};
  if (typeof log !== "string" || typeof time !== "string") return undefined;
  return { stream: stream === "stderr" ? "stderr" : "stdout", timestamp: time, content: Buffer.from(log) };
}

/** Cuts a byte stream into lines, without their ends; a line beyond the bound is dropped whole. */
export class LineSplitter {
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #skipping = false;

  *push(chunk: Buffer): Generator<Buffer> {
    let rest = chunk;
    for (let end = rest.indexOf(newline); end >= 0; end = rest.indexOf(newline)) {
      if (!this.#skipping) yield Buffer.concat([...this.#pending, rest.subarray(0, end)]);
      this.reset();
      rest = rest.subarray(end + 1);
    }
    if (rest.length === 0 || this.#skipping) return;
    if (this.#pendingBytes + rest.length > maxLineBytes) {
      this.reset();
      this.#skipping = true;
      return;
    }
    this.#pending.push(Buffer.from(rest));
    this.#pendingBytes += rest.length;
  }

  /** Forgets an unfinished line. */
  reset(): void {
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#skipping = false;
  }
}
