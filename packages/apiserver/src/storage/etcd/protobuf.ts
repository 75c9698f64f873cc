/** Protobuf wire types. */
const wireVarint = 0;
const wireFixed64 = 1;
const wireBytes = 2;
const wireFixed32 = 5;

/**
 * Encodes a protobuf message from its last byte to its first, so that a nested message's length is known when
 * it is written. Fields are therefore written in reverse order. A field with its default value is left out.
 */
export class ProtoWriter {
  readonly #buffer: Buffer;
  #position: number;

  /** `sizeBytes` is an upper bound of the message's size. */
  constructor(sizeBytes: number) {
    this.#buffer = Buffer.allocUnsafe(sizeBytes);
    this.#position = sizeBytes;
  }

  finish(): Buffer {
    return this.#buffer.subarray(this.#position);
  }

  bytes(field: number, value: Buffer): void {
    if (value.length === 0) return;
    this.#position -= value.length;
    value.copy(this.#buffer, this.#position);
    this.#lengthAndTag(field, value.length);
  }

  /** A non-negative integer. */
  integer(field: number, value: bigint | number): void {
    if (typeof value === "bigint" && value > BigInt(Number.MAX_SAFE_INTEGER)) this.#bigVarint(value);
    else if (Number(value) === 0) return;
    else this.#varint(Number(value));
    this.#varint(field * 8 + wireVarint);
  }

  flag(field: number, value: boolean): void {
    if (value) this.integer(field, 1);
  }

  /** A nested message, present even when it is empty; `write` writes its fields in reverse order. */
  message(field: number, write: (writer: ProtoWriter) => void): void {
    const end = this.#position;
    write(this);
    this.#lengthAndTag(field, end - this.#position);
  }

  #lengthAndTag(field: number, length: number): void {
    this.#varint(length);
    this.#varint(field * 8 + wireBytes);
  }

  #varint(value: number): void {
    let position = this.#position - varintSize(value);
    this.#position = position;
    let rest = value;
    while (rest >= 0x80) {
      this.#buffer[position++] = (rest % 0x80) + 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#buffer[position] = rest;
  }

  #bigVarint(value: bigint): void {
    const digits: number[] = [];
    for (let rest = value; rest > 0n; rest >>= 7n) digits.push(Number(rest & 0x7fn));
    for (const [index, digit] of digits.reverse().entries()) {
      this.#buffer[--this.#position] = index === 0 ? digit : digit + 0x80;
    }
  }
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size += 1;
  return size;
}

/** Walks the fields of a protobuf message: `next` moves to a field, then one of the readers takes its value. */
export class ProtoReader {
  /** The number of the field that `next` moved to. */
  field = 0;
  readonly #buffer: Buffer;
  #position: number;
  #end: number;
  #wireType = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
    this.#position = 0;
    this.#end = buffer.length;
  }

  next(): boolean {
    if (this.#position >= this.#end) return false;
    const tag = this.#varint();
    this.field = tag >>> 3;
    this.#wireType = tag & 7;
    return true;
  }

  integer(): bigint {
    return this.#bigVarint();
  }

  flag(): boolean {
    return this.#varint() !== 0;
  }

  /** A small non-negative integer, such as an enumeration's. */
  number(): number {
    return this.#varint();
  }

  /** Shares the message's memory. */
  bytes(): Buffer {
    const start = this.#start();
    return this.#buffer.subarray(start, this.#position);
  }

  text(): string {
    const start = this.#start();
    return this.#buffer.toString("utf8", start, this.#position);
  }

  /** Reads a nested message with `read`, which sees its fields only. */
  message<T>(read: (reader: ProtoReader) => T): T {
    const start = this.#start();
    const { field } = this;
    const outerEnd = this.#end;
    this.#end = this.#position;
    this.#position = start;
    const result = read(this);
    this.#position = this.#end;
    this.#end = outerEnd;
    this.field = field;
    return result;
  }

  skip(): void {
    if (this.#wireType === wireVarint) this.#bigVarint();
    else if (this.#wireType === wireBytes) this.#start();
    else if (this.#wireType === wireFixed64) this.#position += 8;
    else if (this.#wireType === wireFixed32) this.#position += 4;
    else throw new Error("malformed protobuf message");
  }

  /** Where the bytes at the position start; moves past them. */
  #start(): number {
    const length = this.#varint();
    const start = this.#position;
    this.#position += length;
    if (this.#position > this.#end) throw new Error("truncated protobuf message");
    return start;
  }

  #varint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.#byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
  }

  #bigVarint(): bigint {
    let low = 0;
    let scale = 1;
    for (let size = 0; size < 7; size += 1) {
      const byte = this.#byte();
      low += (byte & 0x7f) * scale;
      if (byte < 0x80) return BigInt(low);
      scale *= 0x80;
    }
    let value = BigInt(low);
    for (let shift = 49n; ; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  #byte(): number {
    const byte = this.#position < this.#end ? this.#buffer[this.#position] : undefined;
    if (byte === undefined) throw new Error("truncated protobuf message");
    this.#position += 1;
    return byte;
  }
}
