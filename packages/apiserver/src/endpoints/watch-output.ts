import { once } from "node:events";
import type { Writable } from "node:stream";
import type { Exchange } from "./exchange.ts";
import { writeHead } from "./respond.ts";

/** Where the frames of a watch go. */
export interface WatchOutput {
  /** Bytes that were written and that the client has not taken yet. */
  readonly backlogBytes: number;
  /** Tells the client that the watch stands. Resolves false when it was refused and there is nothing more to tell. */
  open(contentType: string): Promise<boolean>;
  /** Sends frames, in all of so many bytes. */
  write(frames: readonly Buffer[], sizeBytes: number): void;
  /** What to wait for before more is written; undefined while there is room. Rejects when the signal aborts. */
  drained(signal: AbortSignal): Promise<void> | undefined;
  onClose(listener: () => void): void;
  /** Ends in good order behind what was written. */
  end(): void;
  /** Ends at once. */
  cutOff(): void;
}

/** As `WatchOutput.drained`, for what is written to the stream. */
export function drainOf(stream: Writable, signal: AbortSignal): Promise<void> | undefined {
  return stream.writableNeedDrain ? once(stream, "drain", { signal }).then(() => undefined) : undefined;
}

/** An answer whose body is the frames, one behind the other. */
export class ResponseOutput implements WatchOutput {
  readonly #exchange: Exchange;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  get backlogBytes(): number {
    return this.#exchange.response.writableLength;
  }

  async open(contentType: string): Promise<boolean> {
    writeHead(this.#exchange, 200, { "Content-Type": contentType, "Cache-Control": "no-cache, private" });
    this.#exchange.response.flushHeaders();
    return true;
  }

  write(frames: readonly Buffer[], sizeBytes: number): void {
    const [only] = frames;
    this.#exchange.response.write(frames.length === 1 && only ? only : Buffer.concat(frames, sizeBytes));
  }

  drained(signal: AbortSignal): Promise<void> | undefined {
    return drainOf(this.#exchange.response, signal);
  }

  onClose(listener: () => void): void {
    this.#exchange.response.on("close", listener);
  }

  end(): void {
    this.#exchange.response.end();
  }

  cutOff(): void {
    this.#exchange.response.destroy();
  }
}
