/** Bytes that are not a protobuf message of the expected shape. */
export class ProtobufError extends Error {}

/** Wire types of the format, as the low three bits of a tag have them. */
export const wireTypes = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** Reads a protobuf message, field by field, in the order in which they stand. */
export class WireReader {
  readonly #bytes: Buffer;
  #at = 0;
  /** Where the message ends that is being read: the outermost, or one that was entered. */
  #end: number;
  /** The halves of the last varint. */
  #low = 0;
  #high = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#end = bytes.length;
  }

  get done(): boolean {
    return this.#at >= this.#end;
  }

  /** The number and wire type of the next field as they stand: number times eight plus type. */
  key(): number {
    this.#varint();
    if (this.#high > 0 || this.#low < 8) throw new ProtobufError(`illegal tag ${this.#low}`);
    return this.#low;
  }

  /** The number of the next field. */
  tag(): { number: number; wireType: number } {
    const key = this.key();
    return { number: key >>> 3, wireType: key & 7 };
  }

  bool(): boolean {
    this.#varint();
    return this.#low !== 0 || this.#high !== 0;
  }

  /** A signed 64-bit number; throws when it is too large to be exact. */
  int64(): number {
    this.#varint();
    const value = (this.#high | 0) * 2 ** 32 + this.#low;
    if (!Number.isSafeInteger(value)) throw new ProtobufError(`integer ${value} is out of range`);
    return value;
  }

  int32(): number {
    this.#varint();
    return this.#low | 0;
  }

  double(): number {
    const at = this.#take(8);
    return this.#bytes.readDoubleLE(at);
  }

  /** A length-delimited value; shares memory with the message. */
  bytes(): Buffer {
    const length = this.#length();
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  string(): string {
    const length = this.#length();
    const at = this.#take(length);
    return length === 0 ? "" : this.#bytes.toString("utf8", at, at + length);
  }

  /** Goes on inside a length-delimited message; what comes back is for `leave`, once that message is done. */
  enter(): number {
    const outer = this.#end;
    const length = this.#length();
    if (length > outer - this.#at) throw new ProtobufError("unexpected EOF");
    this.#end = this.#at + length;
    return outer;
  }

  leave(outer: number): void {
    this.#end = outer;
  }

  /** Passes over a field of a wire type. Throws ProtobufError for groups and what is malformed. */
  skip(wireType: number): void {
    switch (wireType) {
      case wireTypes.varint:
        this.#varint();
        return;
      case wireTypes.bytes:
        this.#take(this.#length());
        return;
      case wireTypes.fixed64:
        this.#take(8);
        return;
      case wireTypes.fixed32:
        this.#take(4);
        return;
      default:
        throw new ProtobufError(`illegal wireType ${wireType}`);
    }
  }

  #length(): number {
    this.#varint();
    if (this.#high > 0 || this.#low > 0x7fff_ffff) throw new ProtobufError("negative length found during unmarshaling");
    return this.#low;
  }

  /** Where the next bytes begin, once it is known that they are there. */
  #take(size: number): number {
    const at = this.#at;
    if (size > this.#end - at) throw new ProtobufError("unexpected EOF");
    this.#at = at + size;
    return at;
  }

  #varint(): void {
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.#at >= this.#end) throw new ProtobufError("unexpected EOF");
      const byte = this.#bytes[this.#at] as number;
      this.#at += 1;
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high = bits >>> 4;
      } else high |= bits << (shift - 32);
      if (byte < 0x80) {
        this.#low = low >>> 0;
        this.#high = high >>> 0;
        return;
      }
    }
    throw new ProtobufError("integer overflow");
  }
}
