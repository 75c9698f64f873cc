import { Duplex } from "node:stream";
import { dataFrame, maxDataBytes } from "./frames.ts";
import type { SpdyHeaders } from "./header-block.ts";
import { SpdyError } from "./spdy-error.ts";

/** Bytes that a stream holds for its reader before the whole connection is paused. */
const readBufferBytes = 128 * 1024;

/** What a stream needs of its connection. */
export interface StreamLink {
  write(frame: Buffer, done: (error?: Error | null) => void): void;
  /** The reader wants more after `deliver` was refused. */
  drained(streamId: number): void;
  /** The stream is over; `complete` when both directions were ended properly. */
  released(streamId: number, complete: boolean): void;
}

/**
 * One SPDY stream: half-closed by `end()`, reset by `destroy()`. A reset by the peer destroys it with a
 * SpdyError; the end of the connection ends it.
 */
export class SpdyStream extends Duplex {
  readonly id: number;
  /** Of the frame that opened it. */
  readonly headers: SpdyHeaders;
  readonly #link: StreamLink;
  #localEnded = false;
  #remoteEnded = false;
  #detached = false;

  constructor(id: number, headers: SpdyHeaders, link: StreamLink) {
    super({ allowHalfOpen: true, readableHighWaterMark: readBufferBytes, writableHighWaterMark: maxDataBytes });
    this.id = id;
    this.headers = headers;
    this.#link = link;
    // A reset that arrives while nobody listens must not end the process.
    this.on("error", () => {});
  }

  /** Takes a piece of data from the peer; false when the reader is behind. */
  deliver(data: Buffer, fin: boolean): boolean {
    if (this.destroyed || this.#remoteEnded) return true;
    const wantsMore = data.length === 0 || this.push(data);
    if (fin) {
      this.#remoteEnded = true;
      this.push(null);
    }
    return wantsMore || fin;
  }

  /** The connection is gone: ends the stream, or destroys it when there was an error. */
  detach(error: Error | undefined): void {
    this.#detached = true;
    if (error) {
      this.destroy(error);
      return;
    }
    if (!this.#remoteEnded) {
      this.#remoteEnded = true;
      this.push(null);
    }
    if (this.readableEnded) this.destroy();
    else this.once("end", () => this.destroy());
  }

  /** The peer reset the stream: nothing is sent back. */
  resetByPeer(status: number): void {
    this.#detached = true;
    this.destroy(new SpdyError(`stream reset by peer (status ${status})`));
  }

  override _read(): void {
    this.#link.drained(this.id);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.#writeFrom(chunk, 0, callback);
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#localEnded = true;
    if (this.#detached) callback();
    else this.#link.write(dataFrame(this.id, Buffer.alloc(0), true), callback);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#link.released(this.id, this.#detached || (this.#localEnded && this.#remoteEnded));
    callback(error);
  }

  #writeFrom(chunk: Buffer, offset: number, callback: (error?: Error | null) => void): void {
    if (this.#detached) {
      callback(new SpdyError("connection closed"));
      return;
    }
    const end = Math.min(chunk.length, offset + maxDataBytes);
    this.#link.write(dataFrame(this.id, chunk.subarray(offset, end), false), (error) => {
      if (error || end === chunk.length) callback(error);
      else this.#writeFrom(chunk, end, callback);
    });
  }
}
