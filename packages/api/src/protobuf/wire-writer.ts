const firstSizeBytes = 16 * 1024;
/** A writer keeps a buffer up to this size between messages. */
const keptSizeBytes = 1024 * 1024;
/** Up to this length a loop over the characters is cheaper than a call into the runtime. */
const shortText = 48;

/**
 * Writes the fields of protobuf messages from the last to the first, so that a message's length is known when its
 * turn comes. Memory grows as needed and is used again for the next message.
 */
export class WireWriter {
  #buffer: Buffer = Buffer.allocUnsafeSlow(firstSizeBytes);
  #start = firstSizeBytes;

  /** How many bytes were written since the last `take`. */
  get length(): number {
    return this.#buffer.length - this.#start;
  }

  /** The bytes written, in memory of their own. The writer starts anew. */
  take(): Buffer {
    const bytes = Buffer.allocUnsafeSlow(this.length);
    this.#buffer.copy(bytes, 0, this.#start);
    this.clear();
    return bytes;
  }

  /** Forgets what was written. */
  clear(): void {
    if (this.#buffer.length > keptSizeBytes) this.#buffer = Buffer.allocUnsafeSlow(firstSizeBytes);
    this.#start = this.#buffer.length;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#start -= 1;
    this.#buffer[this.#start] = value;
  }

  /** An unsigned number below 2^53. */
  varint(value: number): void {
    if (value < 0x80) {
      this.byte(value);
      return;
    }
    this.#reserve(8);
    const at = this.#start - varintSize(value);
    this.#start = at;
    putVarint(this.#buffer, at, value);
  }

  /** A signed number, as two's complement of 64 bits. */
  signed(value: number): void {
    if (value >= 0) {
      this.varint(value);
      return;
    }
    let rest = BigInt.asUintN(64, BigInt(value));
    const bytes: number[] = [];
    for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
    bytes.push(Number(rest));
    for (const byte of bytes.toReversed()) this.byte(byte);
  }

  double(value: number): void {
    this.#reserve(8);
    this.#start -= 8;
    this.#buffer.writeDoubleLE(value, this.#start);
  }

  /** Bytes without a length before them. */
  raw(bytes: Buffer): void {
    this.#reserve(bytes.length);
    this.#start -= bytes.length;
    bytes.copy(this.#buffer, this.#start);
  }

  /** Bytes with their length before them. */
  bytes(bytes: Buffer): void {
    this.raw(bytes);
    this.varint(bytes.length);
  }

  /** A text with its length before it. */
  string(text: string): void {
    const { length } = text;
    this.#reserve(length * 3 + 8);
    if (length > shortText || !this.#shortAscii(text)) {
      const size = Buffer.byteLength(text);
      this.#start -= size;
      this.#buffer.write(text, this.#start, size, "utf8");
      this.varint(size);
      return;
    }
    this.#start -= length + 1;
    this.#buffer[this.#start] = length;
  }

  /** Puts a text of ASCII before what is written; false when the text has other characters. */
  #shortAscii(text: string): boolean {
    const buffer = this.#buffer;
    const at = this.#start - text.length;
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      if (code > 0x7f) return false;
      buffer[at + index] = code;
    }
    return true;
  }

  #reserve(size: number): void {
    if (this.#start >= size) return;
    const { length } = this;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, length + size));
    this.#buffer.copy(grown, grown.length - length, this.#start);
    this.#buffer = grown;
    this.#start = grown.length - length;
  }
}

/** How many bytes a number takes as a varint. */
export function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size += 1;
  return size;
}

/** Writes a varint at a place in a buffer and answers where it ends. */
export function putVarint(buffer: Buffer, at: number, value: number): number {
  let rest = value;
  let end = at;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) {
    buffer[end] = (rest % 0x80) | 0x80;
    end += 1;
  }
  buffer[end] = rest;
  return end + 1;
}
