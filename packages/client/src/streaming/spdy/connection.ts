import type { Duplex } from "node:stream";
import { abortable, withTimeout } from "@kube-ts/std/abort";
import { assertNever } from "@kube-ts/std/assert-never";
import { FrameReader, goAwayFrame, pingFrame, resetFrame, synReplyFrame, synStreamFrame } from "./frames.ts";
import type { Frame } from "./frames.ts";
import { HeaderCompressor, HeaderDecompressor } from "./header-block.ts";
import type { SpdyHeaders } from "./header-block.ts";
import { SpdyError, resetStatus } from "./spdy-error.ts";
import { SpdyStream } from "./stream.ts";

export interface SpdyOptions {
  readonly role: "client" | "server";
  /** Streams open at once; more are refused. */
  readonly maxStreams: number;
  /** Decides on a stream that the peer opens; false resets it. Without it every stream is refused. */
  readonly onStream?: (stream: SpdyStream) => boolean;
}

/** Unsent bytes, beyond those of stream writes that wait, at which a peer that does not read is cut off. */
const maxUnsentBytes = 4 * 1024 * 1024;
const replyTimeoutMs = 30_000;
const closeTimeoutMs = 5_000;

/**
 * A SPDY/3.1 connection over an upgraded socket or a tunnel, as the streaming protocols of Kubernetes use it:
 * no priorities, pushes or windows. A stream whose reader is behind pauses the whole connection, so memory is
 * bound by the number of streams.
 */
export class SpdyConnection {
  /** Resolves when the transport is closed. Never rejects. */
  readonly closed: Promise<void>;
  readonly #transport: Duplex;
  readonly #options: SpdyOptions;
  readonly #reader = new FrameReader();
  readonly #decompressor = new HeaderDecompressor();
  readonly #compressor = new HeaderCompressor();
  readonly #streams = new Map<number, SpdyStream>();
  readonly #behind = new Set<number>();
  readonly #waiting = new Map<number, PromiseWithResolvers<void>>();
  #nextId: number;
  #lastPeerId = 0;
  #goneAway = false;
  #ended = false;
  #closing = false;
  #failure: Error | undefined;

  constructor(transport: Duplex, options: SpdyOptions) {
    this.#transport = transport;
    this.#options = options;
    this.#nextId = options.role === "client" ? 1 : 2;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.closed = promise;
    transport.on("data", (chunk: Buffer) => this.#onData(chunk));
    transport.on("end", () => this.#end(undefined));
    transport.on("error", (error: Error) => this.#end(error));
    transport.on("close", () => {
      this.#end(undefined);
      resolve();
    });
  }

  /** Opens a stream and waits for the peer to accept it. Rejects with SpdyError when refused or too late. */
  async open(headers: SpdyHeaders, signal: AbortSignal): Promise<SpdyStream> {
    if (this.#ended || this.#goneAway) throw new SpdyError("connection closed", { cause: this.#failure });
    if (this.#streams.size >= this.#options.maxStreams) throw new SpdyError("too many streams");
    const stream = this.#addStream(this.#nextId, headers);
    this.#nextId += 2;
    const reply = Promise.withResolvers<void>();
    this.#waiting.set(stream.id, reply);
    this.#sendControl(synStreamFrame(stream.id, this.#compressor.compress(headers)));
    try {
      await abortable(reply.promise, withTimeout(signal, replyTimeoutMs));
      return stream;
    } catch (error) {
      stream.destroy();
      signal.throwIfAborted();
      if (error instanceof SpdyError) throw error;
      throw new SpdyError("peer did not accept the stream in time", { cause: error });
    } finally {
      this.#waiting.delete(stream.id);
    }
  }

  /** Says good-bye after what was written so far, and resolves when the transport is closed. */
  async close(): Promise<void> {
    this.#closing = true;
    if (!this.#ended && !this.#transport.destroyed) {
      if (this.#transport.writable) {
        this.#transport.write(goAwayFrame(this.#lastPeerId));
        this.#transport.end();
      }
      // What the peer still sends is dropped, but read, so that its end is seen.
      this.#behind.clear();
      this.#transport.resume();
    }
    const timer = setTimeout(() => this.#transport.destroy(), closeTimeoutMs);
    await this.closed;
    clearTimeout(timer);
  }

  /** Cuts the connection off at once. */
  destroy(error?: Error): void {
    this.#end(error);
    this.#transport.destroy();
  }

  #onData(chunk: Buffer): void {
    if (this.#ended) return;
    try {
      for (const frame of this.#reader.push(chunk)) {
        this.#handle(frame);
        if (this.#ended) return;
      }
    } catch (error) {
      this.destroy(error instanceof Error ? error : new SpdyError("unreadable frame", { cause: error }));
    }
  }

  #handle(frame: Frame): void {
    switch (frame.type) {
      case "data":
        return this.#handleData(frame.streamId, frame.data, frame.fin);
      case "synStream":
        return this.#handleSynStream(frame.streamId, frame.headerBlock, frame.fin);
      case "synReply":
        this.#decompressor.decompress(frame.headerBlock);
        this.#waiting.get(frame.streamId)?.resolve();
        if (frame.fin) this.#handleData(frame.streamId, Buffer.alloc(0), true);
        return;
      case "headers":
        this.#decompressor.decompress(frame.headerBlock);
        if (frame.fin) this.#handleData(frame.streamId, Buffer.alloc(0), true);
        return;
      case "reset":
        this.#waiting.get(frame.streamId)?.reject(new SpdyError(`stream refused by peer (status ${frame.status})`));
        this.#streams.get(frame.streamId)?.resetByPeer(frame.status);
        return;
      case "ping":
        // Answer the peer's pings only: its ids have the parity of its streams.
        if (frame.id % 2 !== this.#nextId % 2) this.#sendControl(pingFrame(frame.id));
        return;
      case "goAway":
        this.#goneAway = true;
        this.#endWhenIdle();
        return;
      default:
        assertNever(frame);
    }
  }

  #handleData(streamId: number, data: Buffer, fin: boolean): void {
    const stream = this.#streams.get(streamId);
    if (this.#closing) return;
    if (!stream) {
      // Data that was under way when the stream ended here is dropped; only a stream that never was is an error.
      const known = this.#isPeerId(streamId) ? streamId <= this.#lastPeerId : streamId < this.#nextId;
      if (!known) this.#sendControl(resetFrame(streamId, resetStatus.invalidStream));
      return;
    }
    if (!stream.deliver(data, fin)) {
      this.#behind.add(streamId);
      this.#transport.pause();
    }
  }

  #handleSynStream(streamId: number, headerBlock: Buffer, fin: boolean): void {
    // Every block passes the decompressor, also that of a refused stream: it carries state.
    const headers = this.#decompressor.decompress(headerBlock);
    if (!this.#isPeerId(streamId) || streamId <= this.#lastPeerId) throw new SpdyError("stream id out of order");
    this.#lastPeerId = streamId;
    if (this.#goneAway || this.#streams.size >= this.#options.maxStreams || !this.#options.onStream) {
      this.#sendControl(resetFrame(streamId, resetStatus.refusedStream));
      return;
    }
    const stream = this.#addStream(streamId, headers);
    if (!this.#options.onStream(stream)) {
      stream.destroy();
      return;
    }
    this.#sendControl(synReplyFrame(streamId, this.#compressor.compress({})));
    if (fin) stream.deliver(Buffer.alloc(0), true);
  }

  #isPeerId(streamId: number): boolean {
    return streamId % 2 !== this.#nextId % 2;
  }

  #addStream(streamId: number, headers: SpdyHeaders): SpdyStream {
    const stream = new SpdyStream(streamId, headers, {
      write: (frame, done) => this.#write(frame, done),
      drained: (id) => this.#unblock(id),
      released: (id, complete) => this.#release(id, complete),
    });
    this.#streams.set(streamId, stream);
    return stream;
  }

  #release(streamId: number, complete: boolean): void {
    this.#streams.delete(streamId);
    this.#unblock(streamId);
    if (!complete && !this.#ended) this.#sendControl(resetFrame(streamId, resetStatus.cancel));
    this.#endWhenIdle();
  }

  #unblock(streamId: number): void {
    if (this.#behind.delete(streamId) && this.#behind.size === 0) this.#transport.resume();
  }

  #endWhenIdle(): void {
    if (this.#goneAway && this.#streams.size === 0 && !this.#ended) this.#transport.end();
  }

  #sendControl(frame: Buffer): void {
    if (this.#transport.writableLength > maxUnsentBytes + this.#streams.size * 128 * 1024) {
      this.destroy(new SpdyError("peer does not read"));
      return;
    }
    this.#write(frame, () => {});
  }

  #write(frame: Buffer, done: (error?: Error | null) => void): void {
    if (this.#ended || !this.#transport.writable) done(new SpdyError("connection closed", { cause: this.#failure }));
    else this.#transport.write(frame, done);
  }

  #end(error: Error | undefined): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failure = error;
    for (const reply of this.#waiting.values()) reply.reject(new SpdyError("connection closed", { cause: error }));
    for (const stream of this.#streams.values()) stream.detach(error);
    this.#streams.clear();
    this.#behind.clear();
    if (!this.#transport.destroyed) this.#transport.end();
  }
}
