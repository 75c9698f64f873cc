import {
  defaultMaxFrameBytes,
  defaultWindowBytes,
  encodeFrame,
  errorCode,
  frameFlag,
  frameType,
  ProtocolError,
} from "./frames.ts";

const maxWindowBytes = 2 ** 31 - 1;

/** What remains to be sent of a request's body. */
interface Body {
  readonly streamId: number;
  rest: Buffer;
}

/** How much the peer takes: bodies are sent as far as it does, in the order in which they came. */
export class SendWindow {
  readonly #send: (frame: Buffer) => void;
  readonly #streams = new Map<number, number>();
  readonly #waiting: Body[] = [];
  #connectionBytes = defaultWindowBytes;
  #initialBytes = defaultWindowBytes;

  constructor(send: (frame: Buffer) => void) {
    this.#send = send;
  }

  /** Whether a body of a new stream would go out at once, in one frame; takes its room if so. */
  takeWhole(sizeBytes: number): boolean {
    const room = Math.min(this.#connectionBytes, this.#initialBytes, defaultMaxFrameBytes);
    if (this.#waiting.length > 0 || sizeBytes > room) return false;
    this.#connectionBytes -= sizeBytes;
    return true;
  }

  /** Sends the body of a new stream, which then ends on our side. */
  send(streamId: number, body: Buffer): void {
    this.#streams.set(streamId, this.#initialBytes);
    this.#waiting.push({ streamId, rest: body });
    this.#pump();
  }

  /** Whether part of the stream's body waits for room. */
  isWaiting(streamId: number): boolean {
    return this.#streams.has(streamId);
  }

  /** Forgets what is left to send of a stream. */
  drop(streamId: number): void {
    if (!this.#streams.delete(streamId)) return;
    const index = this.#waiting.findIndex((body) => body.streamId === streamId);
    if (index >= 0) this.#waiting.splice(index, 1);
  }

  /** The peer takes more of a stream, or, with stream 0, of all of them. */
  grow(streamId: number, bytes: number): void {
    if (bytes === 0) throw new ProtocolError(errorCode.protocolError, "WINDOW_UPDATE of 0 bytes");
    if (streamId === 0) this.#connectionBytes = grown(this.#connectionBytes, bytes);
    const window = this.#streams.get(streamId);
    if (window !== undefined) this.#streams.set(streamId, grown(window, bytes));
    this.#pump();
  }

  /** The peer changes how much it takes of each stream. */
  setInitial(bytes: number): void {
    if (bytes > maxWindowBytes) throw new ProtocolError(errorCode.flowControlError, `a window of ${bytes} bytes`);
    const change = bytes - this.#initialBytes;
    this.#initialBytes = bytes;
    for (const [streamId, window] of this.#streams) this.#streams.set(streamId, window + change);
    this.#pump();
  }

  #pump(): void {
    for (let index = 0; index < this.#waiting.length && this.#connectionBytes > 0;) {
      const body = this.#waiting[index];
      if (body && this.#sendSome(body)) this.#waiting.splice(index, 1);
      else index += 1;
    }
  }

  /** Whether the body has been sent whole. */
  #sendSome(body: Body): boolean {
    for (;;) {
      const window = this.#streams.get(body.streamId) ?? 0;
      const bytes = Math.min(body.rest.length, window, this.#connectionBytes, defaultMaxFrameBytes);
      if (bytes <= 0) return false;
      const payload = body.rest.subarray(0, bytes);
      body.rest = body.rest.subarray(bytes);
      const last = body.rest.length === 0;
      const flags = last ? frameFlag.endStream : 0;
      this.#send(encodeFrame({ type: frameType.data, flags, streamId: body.streamId, payload }));
      this.#connectionBytes -= bytes;
      this.#streams.set(body.streamId, window - bytes);
      if (!last) continue;
      this.#streams.delete(body.streamId);
      return true;
    }
  }
}

function grown(window: number, bytes: number): number {
  if (window + bytes > maxWindowBytes)
    throw new ProtocolError(errorCode.flowControlError, "a window that is too large");
  return window + bytes;
}
