import { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { remoteCommand } from "./protocols.ts";

/** v5: the peer writes no more on the channel that the next byte names. */
const closeSignal = 255;
const readBufferBytes = 128 * 1024;
const maxMessageBytes = 32 * 1024;
const closeTimeoutMs = 5_000;

/** Most bytes of a message that servers and clients accept; longer ones end the connection. */
export const maxWebSocketPayloadBytes = 1024 * 1024;

/**
 * Numbered byte streams over WebSocket messages, the first byte of each naming its channel. A channel whose
 * reader is behind pauses the whole connection. The socket must be paused until this is constructed.
 */
export class WebSocketMultiplexer {
  /** Resolves when the connection is closed. Never rejects. */
  readonly closed: Promise<void>;
  readonly #socket: WebSocket;
  readonly #channels = new Map<number, WebSocketChannel>();
  readonly #behind = new Set<number>();
  readonly #base64: boolean;
  readonly #halfClose: boolean;
  /** Only clients say that a channel ends: theirs know nothing of such a message from a server. */
  readonly #sendsClose: boolean;

  /** `protocol` may be empty: the first version. */
  constructor(socket: WebSocket, protocol: string, channelNumbers: readonly number[]) {
    this.#socket = socket;
    this.#base64 = protocol === remoteCommand.base64 || protocol === remoteCommand.base64v4;
    this.#halfClose = protocol === remoteCommand.v5;
    // A socket that a server accepted has no URL.
    this.#sendsClose = this.#halfClose && Boolean(socket.url);
    for (const number of channelNumbers) this.#addChannel(number);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.closed = promise;
    socket.on("message", (message: Buffer, isBinary: boolean) => this.#onMessage(message, isBinary));
    socket.on("error", () => socket.terminate());
    const onClose = () => {
      for (const channel of this.#channels.values()) channel.detach();
      resolve();
    };
    socket.on("close", onClose);
    if (socket.readyState === socket.CLOSED) onClose();
    else socket.resume();
  }

  channel(number: number): Duplex | undefined {
    return this.#channels.get(number);
  }

  /** Closes after what was written; resolves when the connection is closed. */
  async close(): Promise<void> {
    this.#behind.clear();
    this.#socket.resume();
    this.#socket.close(1000);
    const timer = setTimeout(() => this.#socket.terminate(), closeTimeoutMs);
    await this.closed;
    clearTimeout(timer);
  }

  destroy(): void {
    this.#socket.terminate();
  }

  #addChannel(number: number): void {
    const channel = new WebSocketChannel({
      send: (data, done) => this.#send(number, data, done),
      finish: (done) => this.#sendClose(number, done),
      drained: () => {
        if (this.#behind.delete(number) && this.#behind.size === 0) this.#socket.resume();
      },
    });
    this.#channels.set(number, channel);
  }

  #onMessage(message: Buffer, isBinary: boolean): void {
    if (message.length === 0) return;
    const first = message[0] ?? 0;
    const number = this.#base64 ? first - 0x30 : first;
    if (isBinary && number === closeSignal && this.#halfClose) {
      this.#channels.get(message[1] ?? closeSignal)?.endByPeer();
      return;
    }
    const payload = this.#base64 ? Buffer.from(message.toString("latin1", 1), "base64") : message.subarray(1);
    const channel = this.#channels.get(number);
    if (!channel || payload.length === 0) return;
    if (!channel.deliver(payload)) {
      this.#behind.add(number);
      this.#socket.pause();
    }
  }

  #send(number: number, data: Buffer, done: (error?: Error | null) => void): void {
    if (this.#socket.readyState !== this.#socket.OPEN) {
      done(new Error("connection closed"));
      return;
    }
    const part = data.subarray(0, maxMessageBytes);
    const next = (error?: Error | null) => {
      if (error || part.length === data.length) done(error);
      else this.#send(number, data.subarray(part.length), done);
    };
    if (this.#base64) this.#socket.send(`${number}${part.toString("base64")}`, next);
    else this.#socket.send(Buffer.concat([Buffer.from([number]), part]), { binary: true }, next);
  }

  #sendClose(number: number, done: (error?: Error | null) => void): void {
    if (this.#sendsClose && this.#socket.readyState === this.#socket.OPEN) {
      this.#socket.send(Buffer.from([closeSignal, number]), done);
    } else {
      done();
    }
  }
}

interface ChannelLink {
  send(data: Buffer, done: (error?: Error | null) => void): void;
  finish(done: (error?: Error | null) => void): void;
  drained(): void;
}

class WebSocketChannel extends Duplex {
  readonly #link: ChannelLink;
  #ended = false;

  constructor(link: ChannelLink) {
    super({ allowHalfOpen: true, readableHighWaterMark: readBufferBytes, writableHighWaterMark: maxMessageBytes });
    this.#link = link;
    // A connection that is lost while nobody listens must not end the process.
    this.on("error", () => {});
  }

  /** False when the reader is behind. */
  deliver(data: Buffer): boolean {
    return this.#ended || this.destroyed || this.push(data);
  }

  endByPeer(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.push(null);
  }

  detach(): void {
    this.endByPeer();
    if (this.readableEnded) this.destroy();
    else this.once("end", () => this.destroy());
  }

  override _read(): void {
    this.#link.drained();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.#link.send(chunk, callback);
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#link.finish(callback);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#link.drained();
    callback(error);
  }
}
