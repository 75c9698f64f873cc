/** A byte that tells whether the message is compressed, and four of its size. */
const frameHeaderBytes = 5;

/** A gRPC message in its frame. */
export function framed(message: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(frameHeaderBytes + message.length);
  frame[0] = 0;
  frame.writeUInt32BE(message.length, 1);
  message.copy(frame, frameHeaderBytes);
  return frame;
}

/** One message in its frame. Large ones are put together as they come, so that no turn has to do it all. */
export class FramedMessage {
  /** What came first, until the size of the message is known. */
  #start: Buffer | undefined;
  #bytes: Buffer | undefined;
  #used = 0;
  /** Infinite as long as nothing says that one uncompressed message comes. */
  #sizeBytes = Infinity;

  add(chunk: Buffer): void {
    if (this.#bytes) return this.#append(chunk);
    const start = this.#start ? Buffer.concat([this.#start, chunk]) : chunk;
    this.#start = start;
    if (start.length < frameHeaderBytes) return;
    if (start[0] !== 0) return;
    this.#sizeBytes = start.readUInt32BE(1);
    if (start.length >= frameHeaderBytes + this.#sizeBytes) return;
    this.#bytes = Buffer.allocUnsafeSlow(this.#sizeBytes);
    this.#append(start.subarray(frameHeaderBytes));
    this.#start = undefined;
  }

  /** The message; undefined when what came is not exactly one uncompressed message. */
  whole(): Buffer | undefined {
    if (this.#bytes) return this.#used === this.#sizeBytes ? this.#bytes : undefined;
    if (!this.#start || this.#start.length !== frameHeaderBytes + this.#sizeBytes) return undefined;
    return this.#start.subarray(frameHeaderBytes);
  }

  #append(chunk: Buffer): void {
    this.#used += chunk.length;
    if (this.#bytes && this.#used <= this.#sizeBytes) chunk.copy(this.#bytes, this.#used - chunk.length);
  }
}
