import type { Socket } from "node:net";
import { decodeHeaders } from "./hpack.ts";
import type { HeaderFields } from "./hpack.ts";
import {
  defaultWindowBytes,
  encodeFrame,
  errorCode,
  frameFlag,
  frameHeaderBytes,
  FrameReader,
  frameType,
  ProtocolError,
  readSettings,
  setting,
  settingsPayload,
  wordsPayload,
  writeFrameHeader,
} from "./frames.ts";
import type { Frame } from "./frames.ts";
import { SendWindow } from "./send-window.ts";

/** How a stream ended: as it should; or never looked at by the peer, so that it may be sent again; or cut off. */
export type StreamEnd = "complete" | { readonly refused: string } | { readonly lost: string };

/** Whoever waits for the answer to a request. Nothing is called after `onEnd`. */
export interface StreamListener {
  onHeaders(fields: HeaderFields): void;
  /** Shares memory with what arrived: copy what is to be kept. */
  onData(bytes: Buffer): void;
  onEnd(end: StreamEnd): void;
}

interface Stream {
  /** 0 as long as it waits to be sent. */
  id: number;
  readonly headers: Buffer;
  readonly body: Buffer;
  readonly listener: StreamListener;
  /** Of the answer, since the peer was last given room for more. */
  unacknowledgedBytes: number;
}

const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
/** How much of its answers a peer may have under way at a time, of a stream and in all. */
const windowBytes = 4 * 1024 * 1024;
const lastStreamId = 2 ** 31 - 1;
/** Answers to frequent calls begin and end alike. */
const maxKnownBlocks = 64;
const pingPayload = Buffer.from("kube-ts.");

/**
 * The client's side of an HTTP/2 connection (RFC 9113) for requests whose body is known whole. What is sent in one turn of
 * the event loop goes out together. Nothing is compressed with state, and nothing is pushed.
 */
export class ClientConnection {
  readonly #socket: Socket;
  readonly #onClose: () => void;
  readonly #streams = new Map<number, Stream>();
  readonly #window = new SendWindow((frame) => this.#send(frame));
  readonly #knownBlocks = new Map<string, HeaderFields>();
  /** Beyond what the peer looks at at a time. */
  readonly #waiting: Stream[] = [];
  #outgoing: Buffer[] = [];
  #nextId = 1;
  #maxStreams = Infinity;
  #unacknowledgedBytes = 0;
  /** The beginning of a header block that goes on in the next frame. */
  #block: { readonly streamId: number; readonly flags: number; readonly parts: Buffer[] } | undefined;
  #onPong: (() => void) | undefined;
  #open = true;
  #closed = false;

  /** Takes over a socket that is connected. `onClose` is called once, after the last stream has ended. */
  constructor(socket: Socket, onClose: () => void) {
    this.#socket = socket;
    this.#onClose = onClose;
    const reader = new FrameReader((frame) => this.#onFrame(frame));
    socket.on("data", (chunk: Buffer) => this.#guarded(() => reader.add(chunk)));
    socket.on("error", (error) => this.#close(error.message));
    socket.on("close", () => this.#close("the connection was closed"));
    const settings = settingsPayload([
      [setting.headerTableSize, 0],
      [setting.enablePush, 0],
      [setting.initialWindowSize, windowBytes],
    ]);
    this.#send(preface);
    this.#send(encodeFrame({ type: frameType.settings, flags: 0, streamId: 0, payload: settings }));
    this.#giveRoom(0, windowBytes - defaultWindowBytes);
  }

  /** Whether new requests are taken. */
  get open(): boolean {
    return this.#open;
  }

  /** Sends a request with encoded header fields; answers how to give it up. */
  request(headers: Buffer, body: Buffer, listener: StreamListener): Disposable {
    if (!this.#open) throw new Error("the connection takes no more requests");
    const stream: Stream = { id: 0, headers, body, listener, unacknowledgedBytes: 0 };
    if (this.#streams.size < this.#maxStreams) this.#start(stream);
    else this.#waiting.push(stream);
    return { [Symbol.dispose]: () => this.#giveUp(stream) };
  }

  /** Calls back when the peer answers; a later ping takes the place of an earlier one. */
  ping(onAnswer: () => void): void {
    this.#onPong = onAnswer;
    this.#send(encodeFrame({ type: frameType.ping, flags: 0, streamId: 0, payload: pingPayload }));
  }

  /** Ends the connection and every request on it. */
  destroy(why: string): void {
    this.#close(why);
  }

  #start(stream: Stream): void {
    const { headers, body } = stream;
    const id = this.#nextId;
    stream.id = id;
    this.#nextId += 2;
    if (this.#nextId > lastStreamId) this.#open = false;
    this.#streams.set(id, stream);
    if (this.#window.takeWhole(body.length)) {
      this.#send(wholeRequest(id, headers, body));
      return;
    }
    this.#send(encodeFrame({ type: frameType.headers, flags: frameFlag.endHeaders, streamId: id, payload: headers }));
    this.#window.send(id, body);
  }

  #giveUp(stream: Stream): void {
    const index = this.#waiting.indexOf(stream);
    if (index >= 0) this.#waiting.splice(index, 1);
    if (!this.#streams.has(stream.id)) return;
    this.#reset(stream.id, errorCode.cancel);
    this.#forget(stream.id);
  }

  #send(frame: Buffer): void {
    if (this.#closed) return;
    // After what has arrived was handled, all that it led to goes out at once.
    if (this.#outgoing.push(frame) === 1) setImmediate(() => this.#flush());
  }

  #flush(): void {
    const frames = this.#outgoing;
    this.#outgoing = [];
    const [first] = frames;
    if (this.#closed || first === undefined) return;
    this.#socket.write(frames.length === 1 ? first : Buffer.concat(frames));
  }

  /** Ends the connection when the peer does not keep to the protocol. */
  #guarded(work: () => void): void {
    if (this.#closed) return;
    try {
      work();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      const payload = wordsPayload(0, error.code);
      this.#socket.write(encodeFrame({ type: frameType.goAway, flags: 0, streamId: 0, payload }));
      this.#close(`HTTP/2: ${error.message}`);
    }
  }

  #onFrame(frame: Frame): void {
    if (this.#block && frame.type !== frameType.continuation) {
      throw new ProtocolError(errorCode.protocolError, "a header block was interrupted");
    }
    switch (frame.type) {
      case frameType.data:
        return this.#onData(frame);
      case frameType.headers:
        return this.#onHeaders(frame);
      case frameType.continuation:
        return this.#onContinuation(frame);
      case frameType.resetStream:
        return this.#onReset(frame);
      case frameType.settings:
        return this.#onSettings(frame);
      case frameType.ping:
        return this.#onPing(frame);
      case frameType.goAway:
        return this.#onGoAway(frame);
      case frameType.windowUpdate:
        return this.#window.grow(frame.streamId, word(frame.payload, 0) & 0x7fff_ffff);
      case frameType.pushPromise:
        throw new ProtocolError(errorCode.protocolError, "a push that was forbidden");
      default:
    }
  }

  #onData(frame: Frame): void {
    const stream = this.#streams.get(frame.streamId);
    this.#unacknowledgedBytes += frame.payload.length;
    if (this.#unacknowledgedBytes > windowBytes / 2) {
      this.#giveRoom(0, this.#unacknowledgedBytes);
      this.#unacknowledgedBytes = 0;
    }
    if (!stream) return;
    stream.listener.onData(withoutPadding(frame));
    if (frame.flags & frameFlag.endStream) return this.#complete(stream);
    stream.unacknowledgedBytes += frame.payload.length;
    if (stream.unacknowledgedBytes > windowBytes / 2) {
      this.#giveRoom(stream.id, stream.unacknowledgedBytes);
      stream.unacknowledgedBytes = 0;
    }
  }

  #onHeaders(frame: Frame): void {
    const { streamId, flags } = frame;
    const payload = withoutPadding(frame);
    const block = flags & frameFlag.priority ? payload.subarray(5) : payload;
    if (flags & frameFlag.endHeaders) this.#onBlock(streamId, flags, block);
    else this.#block = { streamId, flags, parts: [block] };
  }

  #onContinuation({ streamId, flags, payload }: Frame): void {
    const begun = this.#block;
    if (begun?.streamId !== streamId || begun.parts.length > maxContinuations) {
      throw new ProtocolError(errorCode.protocolError, "a continuation of no header block");
    }
    begun.parts.push(payload);
    if (!(flags & frameFlag.endHeaders)) return;
    this.#block = undefined;
    this.#onBlock(streamId, begun.flags, Buffer.concat(begun.parts));
  }

  #onBlock(streamId: number, flags: number, block: Buffer): void {
    const stream = this.#streams.get(streamId);
    if (!stream) return;
    stream.listener.onHeaders(this.#fields(block));
    if (flags & frameFlag.endStream) this.#complete(stream);
  }

  #fields(block: Buffer): HeaderFields {
    const key = block.toString("latin1");
    const known = this.#knownBlocks.get(key);
    if (known) return known;
    const fields = decodeHeaders(block);
    if (!fields) throw new ProtocolError(errorCode.compressionError, "an unreadable header block");
    if (this.#knownBlocks.size < maxKnownBlocks) this.#knownBlocks.set(key, fields);
    return fields;
  }

  #complete(stream: Stream): void {
    // The peer may answer before it has taken the whole body.
    if (this.#window.isWaiting(stream.id)) this.#reset(stream.id, errorCode.cancel);
    this.#forget(stream.id);
    stream.listener.onEnd("complete");
  }

  #onReset({ streamId, payload }: Frame): void {
    const stream = this.#streams.get(streamId);
    if (!stream) return;
    const code = word(payload, 0);
    this.#forget(streamId);
    const why = `the stream was reset with code ${code}`;
    stream.listener.onEnd(code === errorCode.refusedStream ? { refused: why } : { lost: why });
  }

  #onSettings({ flags, payload }: Frame): void {
    if (flags & frameFlag.ack) return;
    for (const [id, value] of readSettings(payload)) {
      if (id === setting.initialWindowSize) this.#window.setInitial(value);
      else if (id === setting.maxConcurrentStreams) this.#maxStreams = value;
    }
    this.#send(encodeFrame({ type: frameType.settings, flags: frameFlag.ack, streamId: 0, payload: Buffer.alloc(0) }));
    this.#startWaiting();
  }

  #onPing({ flags, payload }: Frame): void {
    if (!(flags & frameFlag.ack)) {
      this.#send(encodeFrame({ type: frameType.ping, flags: frameFlag.ack, streamId: 0, payload }));
      return;
    }
    this.#onPong?.();
    this.#onPong = undefined;
  }

  /** Requests above the last one that the peer will look at are told that it never did. */
  #onGoAway({ payload }: Frame): void {
    this.#open = false;
    const last = word(payload, 0) & 0x7fff_ffff;
    for (const stream of this.#streams.values()) {
      if (stream.id <= last) continue;
      this.#forget(stream.id);
      stream.listener.onEnd({ refused: "the peer is going away" });
    }
    for (const { listener } of this.#waiting.splice(0)) listener.onEnd({ refused: "the peer is going away" });
    if (this.#streams.size === 0) this.#close("the peer went away");
  }

  #startWaiting(): void {
    while (this.#open && this.#streams.size < this.#maxStreams) {
      const stream = this.#waiting.shift();
      if (!stream) return;
      this.#start(stream);
    }
  }

  #forget(streamId: number): void {
    this.#streams.delete(streamId);
    this.#window.drop(streamId);
    this.#startWaiting();
    if (!this.#open && this.#streams.size === 0) this.#close("the peer went away");
  }

  #reset(streamId: number, code: number): void {
    this.#send(encodeFrame({ type: frameType.resetStream, flags: 0, streamId, payload: wordsPayload(code) }));
  }

  #giveRoom(streamId: number, bytes: number): void {
    this.#send(encodeFrame({ type: frameType.windowUpdate, flags: 0, streamId, payload: wordsPayload(bytes) }));
  }

  #close(why: string): void {
    if (this.#closed) return;
    this.#flush();
    this.#closed = true;
    this.#open = false;
    this.#socket.destroy();
    for (const { listener } of this.#waiting.splice(0)) listener.onEnd({ refused: why });
    for (const { listener } of this.#streams.values()) listener.onEnd({ lost: why });
    this.#streams.clear();
    this.#onClose();
  }
}

/** A header block of the largest size that we read is in so many frames. */
const maxContinuations = 4;

/** Header fields and body in one piece. */
function wholeRequest(streamId: number, headers: Buffer, body: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(2 * frameHeaderBytes + headers.length + body.length);
  const fields = { type: frameType.headers, flags: frameFlag.endHeaders, streamId };
  let offset = writeFrameHeader(bytes, 0, fields, headers.length);
  offset += headers.copy(bytes, offset);
  const data = { type: frameType.data, flags: frameFlag.endStream, streamId };
  body.copy(bytes, writeFrameHeader(bytes, offset, data, body.length));
  return bytes;
}

function withoutPadding({ flags, payload }: Frame): Buffer {
  if (!(flags & frameFlag.padded)) return payload;
  const padding = payload[0] ?? 0;
  if (padding >= payload.length) throw new ProtocolError(errorCode.protocolError, "more padding than payload");
  return payload.subarray(1, payload.length - padding);
}

function word(payload: Buffer, index: number): number {
  if (payload.length < index * 4 + 4) throw new ProtocolError(errorCode.frameSizeError, "a frame that is too short");
  return payload.readUInt32BE(index * 4);
}
