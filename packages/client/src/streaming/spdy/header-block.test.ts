import assert from "node:assert/strict";
import { test } from "node:test";
import { constants, createDeflate, createInflate } from "node:zlib";
import { randomInt, seededRandom } from "@kube-ts/std/random";
import { headerDictionary, headerDictionaryId } from "./dictionary.ts";
import { HeaderCompressor, HeaderDecompressor } from "./header-block.ts";
import { SpdyError } from "./spdy-error.ts";

function plainBlock(headers: Record<string, string>): Buffer {
  const parts: Buffer[] = [];
  const number = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    parts.push(bytes);
  };
  number(Object.keys(headers).length);
  for (const text of Object.entries(headers).flat()) {
    number(Buffer.byteLength(text));
    parts.push(Buffer.from(text));
  }
  return Buffer.concat(parts);
}

/** Sends each part through one zlib stream with a flush behind it, as peers do. */
async function throughZlib(
  zlib: ReturnType<typeof createDeflate> | ReturnType<typeof createInflate>,
  parts: readonly Buffer[],
): Promise<Buffer[]> {
  const out: Buffer[] = [];
  for (const part of parts) {
    const chunks: Buffer[] = [];
    const onData = (chunk: Buffer) => chunks.push(chunk);
    zlib.on("data", onData);
    await new Promise<void>((resolve) => zlib.write(part, () => zlib.flush(constants.Z_SYNC_FLUSH, resolve)));
    zlib.off("data", onData);
    out.push(Buffer.concat(chunks));
  }
  return out;
}

test("the dictionary has the checksum that the protocol names", () => {
  let low = 1;
  let high = 0;
  for (const byte of headerDictionary) {
    low = (low + byte) % 65_521;
    high = (high + low) % 65_521;
  }
  assert.equal(((high << 16) | low) >>> 0, headerDictionaryId);
});

test("reads the blocks of a peer that compresses with a shared window", async () => {
  const sets = Array.from({ length: 300 }, (_, index) => ({
    streamtype: index % 2 ? "error" : "data",
    port: "8080",
    requestid: String(index),
    filler: "x".repeat(index * 3),
  }));
  const deflate = createDeflate({ dictionary: headerDictionary, level: 9 });
  const blocks = await throughZlib(deflate, sets.map(plainBlock));
  const decompressor = new HeaderDecompressor();
  for (const [index, block] of blocks.entries()) {
    assert.deepEqual({ ...decompressor.decompress(block) }, sets[index]);
  }
});

test("writes blocks that zlib reads one by one", async () => {
  const compressor = new HeaderCompressor();
  const sets: readonly Record<string, string>[] = [{ streamtype: "error" }, {}, { "x-a": "b", port: "1" }];
  const inflate = createInflate({ dictionary: headerDictionary });
  const plain = await throughZlib(
    inflate,
    sets.map((headers) => compressor.compress(headers)),
  );
  assert.deepEqual(
    plain,
    sets.map((headers) => plainBlock(headers)),
  );
});

test("a block that grows beyond the bound is refused", async () => {
  const deflate = createDeflate({ dictionary: headerDictionary });
  const [bomb] = await throughZlib(deflate, [plainBlock({ a: "0".repeat(1_000_000) })]);
  assert.throws(() => new HeaderDecompressor().decompress(bomb ?? Buffer.alloc(0)), SpdyError);
});

test("damaged blocks give a SpdyError, nothing else", async () => {
  const deflate = createDeflate({ dictionary: headerDictionary });
  const [block = Buffer.alloc(0)] = await throughZlib(deflate, [plainBlock({ streamtype: "stdin", port: "80" })]);
  const random = seededRandom(3);
  for (let round = 0; round < 500; round++) {
    const damaged = Buffer.from(block);
    damaged[randomInt(random, damaged.length)] = randomInt(random, 256);
    try {
      new HeaderDecompressor().decompress(damaged.subarray(0, 1 + randomInt(random, damaged.length)));
    } catch (error) {
      assert.ok(error instanceof SpdyError, String(error));
    }
  }
});
