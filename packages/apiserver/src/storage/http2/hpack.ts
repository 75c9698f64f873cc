import { decodeHuffman } from "./huffman.ts";

/** Header fields by their lower-case names. */
export type HeaderFields = ReadonlyMap<string, string>;

/** Names, and values where they have one, of the static table (RFC 7541, appendix A); the first entry has index 1. */
const staticTable: readonly (readonly [name: string, value: string])[] = [
  [":authority", ""],
  [":method", "GET"],
  [":method", "POST"],
  [":path", "/"],
  [":path", "/index.html"],
  [":scheme", "http"],
  [":scheme", "https"],
  ...["200", "204", "206", "304", "400", "404", "500"].map((status) => [":status", status] as const),
  ["accept-charset", ""],
  ["accept-encoding", "gzip, deflate"],
  ...[
    "accept-language",
    "accept-ranges",
    "accept",
    "access-control-allow-origin",
    "age",
    "allow",
    "authorization",
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-length",
    "content-location",
    "content-range",
    "content-type",
    "cookie",
    "date",
    "etag",
    "expect",
    "expires",
    "from",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "last-modified",
    "link",
    "location",
    "max-forwards",
    "proxy-authenticate",
    "proxy-authorization",
    "range",
    "referer",
    "refresh",
    "retry-after",
    "server",
    "set-cookie",
    "strict-transport-security",
    "transfer-encoding",
    "user-agent",
    "vary",
    "via",
    "www-authenticate",
  ].map((name) => [name, ""] as const),
];

const indexedBit = 0x80;
const incrementalBit = 0x40;
const sizeUpdateBit = 0x20;
const huffmanBit = 0x80;
const maxIntegerBytes = 4;

/** Encodes fields without compression, which no decoder needs to remember. */
export function encodeHeaders(fields: Iterable<readonly [name: string, value: string]>): Buffer {
  const parts: Buffer[] = [];
  for (const [name, value] of fields) parts.push(Buffer.of(0), encodeText(name), encodeText(value));
  return Buffer.concat(parts);
}

function encodeText(text: string): Buffer {
  return Buffer.concat([encodeInteger(Buffer.byteLength(text), 7), Buffer.from(text)]);
}

function encodeInteger(value: number, prefixBits: number): Buffer {
  const limit = (1 << prefixBits) - 1;
  if (value < limit) return Buffer.of(value);
  const bytes = [limit];
  let rest = value - limit;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  return Buffer.from([...bytes, rest]);
}

/**
 * Decodes a block of a peer that was told to remember nothing (`SETTINGS_HEADER_TABLE_SIZE` 0). Undefined for a block
 * that is malformed, refers to what was to be remembered, or has other than printable ASCII in it.
 */
export function decodeHeaders(block: Buffer): HeaderFields | undefined {
  const fields = new Map<string, string>();
  const reader = new BlockReader(block);
  while (!reader.atEnd) {
    const field = reader.field();
    if (field === undefined) return undefined;
    if (field !== "size update") fields.set(field[0], field[1]);
  }
  return fields;
}

class BlockReader {
  readonly #block: Buffer;
  #position = 0;

  constructor(block: Buffer) {
    this.#block = block;
  }

  get atEnd(): boolean {
    return this.#position >= this.#block.length;
  }

  field(): readonly [name: string, value: string] | "size update" | undefined {
    const first = this.#block[this.#position] ?? 0;
    if (first & indexedBit) return this.#entry(this.#integer(7));
    if (first & incrementalBit) return this.#literal(6);
    if (first & sizeUpdateBit) return this.#integer(5) === 0 ? "size update" : undefined;
    return this.#literal(4);
  }

  #literal(prefixBits: number): readonly [string, string] | undefined {
    const index = this.#integer(prefixBits);
    const name = index === 0 ? this.#text() : this.#entry(index)?.[0];
    const value = this.#text();
    return name === undefined || value === undefined ? undefined : [name, value];
  }

  #entry(index: number | undefined): readonly [string, string] | undefined {
    return index === undefined ? undefined : staticTable[index - 1];
  }

  #text(): string | undefined {
    const huffman = ((this.#block[this.#position] ?? 0) & huffmanBit) !== 0;
    const length = this.#integer(7);
    if (length === undefined) return undefined;
    const start = this.#position;
    this.#position += length;
    if (this.#position > this.#block.length) return undefined;
    const bytes = this.#block.subarray(start, this.#position);
    return huffman ? decodeHuffman(bytes) : bytes.toString("latin1");
  }

  #integer(prefixBits: number): number | undefined {
    const limit = (1 << prefixBits) - 1;
    let value = (this.#block[this.#position++] ?? 0) & limit;
    if (value < limit) return value;
    for (let index = 0, scale = 1; index < maxIntegerBytes; index += 1, scale *= 0x80) {
      const byte = this.#block[this.#position++];
      if (byte === undefined) return undefined;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    return undefined;
  }
}
