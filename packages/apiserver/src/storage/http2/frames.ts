/** The frames of HTTP/2 (RFC 9113, section 6). */
export const frameType = {
  data: 0,
  headers: 1,
  priority: 2,
  resetStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

export const frameFlag = { endStream: 0x1, ack: 0x1, endHeaders: 0x4, padded: 0x8, priority: 0x20 } as const;

export const errorCode = {
  noError: 0,
  protocolError: 1,
  flowControlError: 3,
  frameSizeError: 6,
  refusedStream: 7,
  cancel: 8,
  compressionError: 9,
} as const;

export const setting = {
  headerTableSize: 1,
  enablePush: 2,
  maxConcurrentStreams: 3,
  initialWindowSize: 4,
  maxFrameSize: 5,
} as const;

export const frameHeaderBytes = 9;
/** The largest payload that a peer takes unless it says otherwise; we do not. */
export const defaultMaxFrameBytes = 16_384;
/** How much a stream, and a connection, may send unless the peer says otherwise. */
export const defaultWindowBytes = 65_535;

/** A peer that does not keep to the protocol: the connection cannot go on. */
export class ProtocolError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  readonly payload: Buffer;
}

/** Writes the header of a frame; answers where its payload begins. */
export function writeFrameHeader(
  target: Buffer,
  offset: number,
  { type, flags, streamId }: Omit<Frame, "payload">,
  payloadBytes: number,
): number {
  target.writeUIntBE(payloadBytes, offset, 3);
  target[offset + 3] = type;
  target[offset + 4] = flags;
  target.writeUInt32BE(streamId, offset + 5);
  return offset + frameHeaderBytes;
}

export function encodeFrame(frame: Frame): Buffer {
  const bytes = Buffer.allocUnsafe(frameHeaderBytes + frame.payload.length);
  frame.payload.copy(bytes, writeFrameHeader(bytes, 0, frame, frame.payload.length));
  return bytes;
}

/** A payload of 32-bit numbers, as several frames have it. */
export function wordsPayload(...words: readonly number[]): Buffer {
  const payload = Buffer.allocUnsafe(words.length * 4);
  for (const [index, word] of words.entries()) payload.writeUInt32BE(word, index * 4);
  return payload;
}

export function settingsPayload(values: readonly (readonly [id: number, value: number])[]): Buffer {
  const payload = Buffer.allocUnsafe(values.length * 6);
  for (const [index, [id, value]] of values.entries()) {
    payload.writeUInt16BE(id, index * 6);
    payload.writeUInt32BE(value, index * 6 + 2);
  }
  return payload;
}

export function* readSettings(payload: Buffer): Generator<readonly [id: number, value: number]> {
  if (payload.length % 6 !== 0) throw new ProtocolError(errorCode.frameSizeError, "SETTINGS of a wrong size");
  for (let at = 0; at < payload.length; at += 6) yield [payload.readUInt16BE(at), payload.readUInt32BE(at + 2)];
}

/** Cuts what arrives into frames. Payloads share the memory of what arrived. */
export class FrameReader {
  readonly #onFrame: (frame: Frame) => void;
  /** The beginning of a frame whose end has not arrived. */
  #partial: Buffer | undefined;

  constructor(onFrame: (frame: Frame) => void) {
    this.#onFrame = onFrame;
  }

  /** Throws a `ProtocolError` for a frame that is too large, and what `onFrame` throws. */
  add(chunk: Buffer): void {
    const rest = this.#partial ? this.#finishPartial(this.#partial, chunk) : chunk;
    if (rest === undefined) return;
    let offset = 0;
    for (;;) {
      const end = frameEnd(rest, offset);
      if (end === undefined || end > rest.length) break;
      this.#onFrame(frameAt(rest, offset, end));
      offset = end;
    }
    if (offset < rest.length) this.#partial = rest.subarray(offset);
  }

  /** Completes the frame that has begun; answers what follows it, or undefined when it is still not whole. */
  #finishPartial(partial: Buffer, chunk: Buffer): Buffer | undefined {
    const missingOfHeader = Math.max(0, frameHeaderBytes - partial.length);
    const start = missingOfHeader > 0 ? Buffer.concat([partial, chunk.subarray(0, missingOfHeader)]) : partial;
    const end = frameEnd(start, 0);
    this.#partial = start;
    if (end === undefined) return undefined;
    const rest = chunk.subarray(missingOfHeader);
    const missing = end - start.length;
    if (missing > rest.length) {
      this.#partial = Buffer.concat([start, rest]);
      return undefined;
    }
    this.#partial = undefined;
    this.#onFrame(frameAt(Buffer.concat([start, rest.subarray(0, missing)]), 0, end));
    return rest.subarray(missing);
  }
}

/** Where the frame that begins at the offset ends; undefined when its header is not whole. */
function frameEnd(bytes: Buffer, offset: number): number | undefined {
  if (bytes.length - offset < frameHeaderBytes) return undefined;
  const payloadBytes = bytes.readUIntBE(offset, 3);
  if (payloadBytes > defaultMaxFrameBytes) {
    throw new ProtocolError(errorCode.frameSizeError, `a frame of ${payloadBytes} bytes`);
  }
  return offset + frameHeaderBytes + payloadBytes;
}

function frameAt(bytes: Buffer, offset: number, end: number): Frame {
  return {
    type: bytes[offset + 3] ?? 0,
    flags: bytes[offset + 4] ?? 0,
    streamId: bytes.readUInt32BE(offset + 5) & 0x7fff_ffff,
    payload: bytes.subarray(offset + frameHeaderBytes, end),
  };
}
