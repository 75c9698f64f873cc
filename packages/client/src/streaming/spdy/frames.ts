import { SpdyError } from "./spdy-error.ts";

/** A frame as read. Data comes in pieces as it arrives, never gathered; only the last piece carries `fin`. */
export type Frame =
  | { readonly type: "data"; readonly streamId: number; readonly data: Buffer; readonly fin: boolean }
  | { readonly type: "synStream"; readonly streamId: number; readonly headerBlock: Buffer; readonly fin: boolean }
  | { readonly type: "synReply"; readonly streamId: number; readonly headerBlock: Buffer; readonly fin: boolean }
  | { readonly type: "headers"; readonly streamId: number; readonly headerBlock: Buffer; readonly fin: boolean }
  | { readonly type: "reset"; readonly streamId: number; readonly status: number }
  | { readonly type: "ping"; readonly id: number }
  | { readonly type: "goAway"; readonly lastStreamId: number; readonly status: number };

const version = 3;
const controlBit = 0x8000;
const finFlag = 0x01;
const controlTypes = { synStream: 1, synReply: 2, reset: 3, settings: 4, ping: 6, goAway: 7, headers: 8, window: 9 };
const frameHeadBytes = 8;
/** Most bytes of a control frame's body. */
const maxControlBytes = 16 * 1024;
/** Most bytes of data in one frame that we write. */
export const maxDataBytes = 64 * 1024;

/**
 * Splits a byte stream into frames, keeping at most one control frame. SETTINGS and WINDOW_UPDATE are read
 * over: like the peers that speak this protocol, nobody here keeps windows; TCP is the flow control.
 */
export class FrameReader {
  #pending: Buffer = Buffer.alloc(0);
  #dataStream: { readonly streamId: number; remaining: number; readonly fin: boolean } | undefined;

  /** The frames that `chunk` completes. Throws SpdyError. */
  *push(chunk: Buffer): Generator<Frame> {
    let rest = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    this.#pending = Buffer.alloc(0);
    for (;;) {
      if (this.#dataStream) {
        if (rest.length === 0) return;
        const { streamId, remaining, fin } = this.#dataStream;
        const data = rest.subarray(0, remaining);
        rest = rest.subarray(data.length);
        this.#dataStream.remaining -= data.length;
        const last = this.#dataStream.remaining === 0;
        if (last) this.#dataStream = undefined;
        yield { type: "data", streamId, data, fin: fin && last };
        continue;
      }
      if (rest.length < frameHeadBytes) break;
      const length = rest.readUIntBE(5, 3);
      if ((rest.readUInt16BE(0) & controlBit) === 0) {
        const frame = this.#beginData(rest, length);
        rest = rest.subarray(frameHeadBytes);
        if (frame) yield frame;
        continue;
      }
      if (length > maxControlBytes) throw new SpdyError("control frame is too large");
      if (rest.length < frameHeadBytes + length) break;
      const frame = controlFrame(rest.subarray(0, frameHeadBytes + length));
      rest = rest.subarray(frameHeadBytes + length);
      if (frame) yield frame;
    }
    // A copy, so that a few bytes do not hold on to the whole chunk.
    this.#pending = Buffer.from(rest);
  }

  #beginData(head: Buffer, length: number): Frame | undefined {
    const streamId = head.readUInt32BE(0) & 0x7fffffff;
    if (streamId === 0) throw new SpdyError("data for stream 0");
    const fin = ((head[4] ?? 0) & finFlag) !== 0;
    if (length === 0) return { type: "data", streamId, data: Buffer.alloc(0), fin };
    this.#dataStream = { streamId, remaining: length, fin };
    return undefined;
  }
}

function controlFrame(bytes: Buffer): Frame | undefined {
  if ((bytes.readUInt16BE(0) & ~controlBit) !== version) throw new SpdyError("unsupported SPDY version");
  const fin = ((bytes[4] ?? 0) & finFlag) !== 0;
  const body = bytes.subarray(frameHeadBytes);
  switch (bytes.readUInt16BE(2)) {
    case controlTypes.synStream:
      needs(body, 10);
      return { type: "synStream", streamId: streamIdOf(body), headerBlock: body.subarray(10), fin };
    case controlTypes.synReply:
      needs(body, 4);
      return { type: "synReply", streamId: streamIdOf(body), headerBlock: body.subarray(4), fin };
    case controlTypes.headers:
      needs(body, 4);
      return { type: "headers", streamId: streamIdOf(body), headerBlock: body.subarray(4), fin };
    case controlTypes.reset:
      needs(body, 8);
      return { type: "reset", streamId: streamIdOf(body), status: body.readUInt32BE(4) };
    case controlTypes.ping:
      needs(body, 4);
      return { type: "ping", id: body.readUInt32BE(0) };
    case controlTypes.goAway:
      needs(body, 8);
      return { type: "goAway", lastStreamId: body.readUInt32BE(0) & 0x7fffffff, status: body.readUInt32BE(4) };
    default:
      return undefined;
  }
}

function needs(body: Buffer, length: number): void {
  if (body.length < length) throw new SpdyError("control frame is too short");
}

function streamIdOf(body: Buffer): number {
  const streamId = body.readUInt32BE(0) & 0x7fffffff;
  if (streamId === 0) throw new SpdyError("control frame for stream 0");
  return streamId;
}

export function dataFrame(streamId: number, data: Buffer, fin: boolean): Buffer {
  const head = Buffer.alloc(frameHeadBytes);
  head.writeUInt32BE(streamId, 0);
  head[4] = fin ? finFlag : 0;
  head.writeUIntBE(data.length, 5, 3);
  return data.length === 0 ? head : Buffer.concat([head, data]);
}

export function synStreamFrame(streamId: number, headerBlock: Buffer): Buffer {
  const body = Buffer.alloc(10);
  body.writeUInt32BE(streamId, 0);
  return control(controlTypes.synStream, 0, Buffer.concat([body, headerBlock]));
}

export function synReplyFrame(streamId: number, headerBlock: Buffer): Buffer {
  return control(controlTypes.synReply, 0, Buffer.concat([uint32s(streamId), headerBlock]));
}

export function resetFrame(streamId: number, status: number): Buffer {
  return control(controlTypes.reset, 0, uint32s(streamId, status));
}

export function pingFrame(id: number): Buffer {
  return control(controlTypes.ping, 0, uint32s(id));
}

export function goAwayFrame(lastStreamId: number): Buffer {
  return control(controlTypes.goAway, 0, uint32s(lastStreamId, 0));
}

function control(type: number, flags: number, body: Buffer): Buffer {
  const head = Buffer.alloc(frameHeadBytes);
  head.writeUInt16BE(controlBit | version, 0);
  head.writeUInt16BE(type, 2);
  head[4] = flags;
  head.writeUIntBE(body.length, 5, 3);
  return Buffer.concat([head, body]);
}

function uint32s(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => bytes.writeUInt32BE(value, index * 4));
  return bytes;
}
