import { constants, inflateRawSync } from "node:zlib";
import { headerDictionary, headerDictionaryId } from "./dictionary.ts";
import { SpdyError } from "./spdy-error.ts";

/** Header names are lowercase. */
export type SpdyHeaders = Readonly<Record<string, string>>;

/** Most bytes of one header block, uncompressed. */
const maxBlockBytes = 16 * 1024;
const maxHeaders = 64;
const windowBytes = 32 * 1024;

/**
 * Decompresses the header blocks of one direction of a connection. The blocks form one zlib stream that is
 * flushed to a byte boundary after each, so each is inflated alone against the output before it.
 */
export class HeaderDecompressor {
  #window: Buffer = headerDictionary;
  #started = false;

  /** Throws SpdyError; the connection is then beyond repair. */
  decompress(block: Buffer): SpdyHeaders {
    const deflated = this.#started ? block : withoutZlibHeader(block);
    this.#started = true;
    const plain = inflate(deflated, this.#window);
    this.#window = Buffer.concat([this.#window, plain]).subarray(-windowBytes);
    return decodeHeaders(plain);
  }
}

/** Writes header blocks as stored (uncompressed) deflate blocks: they are small, and this needs no state. */
export class HeaderCompressor {
  #started = false;

  compress(headers: SpdyHeaders): Buffer {
    const plain = encodeHeaders(headers);
    const stored = Buffer.concat([storedBlockHead(plain.length), plain, storedBlockHead(0)]);
    if (this.#started) return stored;
    this.#started = true;
    const zlibHeader = Buffer.from([0x78, 0x20, 0, 0, 0, 0]);
    zlibHeader.writeUInt32BE(headerDictionaryId, 2);
    return Buffer.concat([zlibHeader, stored]);
  }
}

function withoutZlibHeader(block: Buffer): Buffer {
  if (block.length < 6 || ((block[0] ?? 0) & 0x0f) !== 8) throw new SpdyError("header block is no zlib stream");
  const namesDictionary = ((block[1] ?? 0) & 0x20) !== 0;
  if (!namesDictionary) return block.subarray(2);
  if (block.readUInt32BE(2) !== headerDictionaryId) throw new SpdyError("header block names an unknown dictionary");
  return block.subarray(6);
}

function inflate(deflated: Buffer, dictionary: Buffer): Buffer {
  try {
    return inflateRawSync(deflated, {
      dictionary,
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: maxBlockBytes,
    });
  } catch (cause) {
    throw new SpdyError("header block cannot be decompressed", { cause });
  }
}

function storedBlockHead(length: number): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt16LE(length, 1);
  head.writeUInt16LE(length ^ 0xffff, 3);
  return head;
}

function encodeHeaders(headers: SpdyHeaders): Buffer {
  const parts: Buffer[] = [uint32(Object.keys(headers).length)];
  for (const [name, value] of Object.entries(headers)) {
    for (const text of [name.toLowerCase(), value]) {
      const bytes = Buffer.from(text);
      parts.push(uint32(bytes.length), bytes);
    }
  }
  const plain = Buffer.concat(parts);
  if (plain.length > maxBlockBytes) throw new SpdyError("headers are too large");
  return plain;
}

function decodeHeaders(plain: Buffer): SpdyHeaders {
  let at = 0;
  const readLength = () => {
    if (at + 4 > plain.length) throw new SpdyError("header block ends early");
    at += 4;
    return plain.readUInt32BE(at - 4);
  };
  const readText = () => {
    const length = readLength();
    if (at + length > plain.length) throw new SpdyError("header block ends early");
    at += length;
    return plain.toString("utf8", at - length, at);
  };
  const count = readLength();
  if (count > maxHeaders) throw new SpdyError("too many headers");
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  for (let index = 0; index < count; index++) {
    const name = readText().toLowerCase();
    headers[name] = firstValue(readText());
  }
  return headers;
}

/** Values of a repeated header are joined by NUL; no protocol here repeats one. */
function firstValue(value: string): string {
  const end = value.indexOf("\0");
  return end < 0 ? value : value.slice(0, end);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
