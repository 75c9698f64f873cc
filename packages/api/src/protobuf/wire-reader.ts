/** Bytes that are not a protobuf message of the expected shape. */
export class ProtobufError extends Error {}

export type WireType = "varint" | "fixed64" | "bytes" | "fixed32";

const wireTypes: readonly (WireType | undefined)[] = ["varint", "fixed64", "bytes", undefined, undefined, "fixed32"];

/** Reads the fields of one protobuf message, in the order in which they stand. */
export class WireReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** The number and wire type of the next field. Throws ProtobufError for groups and what is malformed. */
  tag(): { number: number; wireType: WireType } {
    const key = Number(this.varint());
    const wireType = wireTypes[key & 7];
    const number = Math.floor(key / 8);
    if (!wireType || number === 0) throw new ProtobufError(`illegal tag ${key}`);
    return { number, wireType };
  }

  /** An unsigned 64-bit number. */
  varint(): bigint {
    let low = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#next();
      low += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return BigInt(low);
    }
    let value = BigInt(low);
    for (let shift = 28n; shift < 70n; shift += 7n) {
      const byte = this.#next();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new ProtobufError("integer overflow");
  }

  /** A signed 64-bit number; throws when it is too large to be exact. */
  int64(): number {
    const value = Number(BigInt.asIntN(64, this.varint()));
    if (!Number.isSafeInteger(value)) throw new ProtobufError(`integer ${value} is out of range`);
    return value;
  }

  int32(): number {
    return Number(BigInt.asIntN(32, this.varint()));
  }

  double(): number {
    const end = this.#at + 8;
    if (end > this.#bytes.length) throw new ProtobufError("unexpected EOF");
    const value = this.#bytes.readDoubleLE(this.#at);
    this.#at = end;
    return value;
  }

  /** A length-delimited value; shares memory with the message. */
  bytes(): Buffer {
    const length = Number(this.varint());
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new ProtobufError("unexpected EOF");
    const value = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return value;
  }

  string(): string {
    return this.bytes().toString("utf8");
  }

  skip(wireType: WireType): void {
    switch (wireType) {
      case "varint":
        this.varint();
        return;
      case "bytes":
        this.bytes();
        return;
      default:
        this.#at += wireType === "fixed64" ? 8 : 4;
        if (this.#at > this.#bytes.length) throw new ProtobufError("unexpected EOF");
    }
  }

  #next(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new ProtobufError("unexpected EOF");
    this.#at += 1;
    return byte;
  }
}
