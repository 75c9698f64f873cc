import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { constants, createDeflate } from "node:zlib";
import fc from "fast-check";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import { headerDictionary } from "./dictionary.ts";
import {
  type Frame,
  FrameReader,
  dataFrame,
  goAwayFrame,
  pingFrame,
  resetFrame,
  synReplyFrame,
  synStreamFrame,
} from "./frames.ts";
import { HeaderCompressor, HeaderDecompressor } from "./header-block.ts";
import { SpdyError } from "./spdy-error.ts";

const streamId = fc.integer({ min: 1, max: 0x7fffffff });
const bytes = fc.uint8Array({ maxLength: 40 }).map((each) => Buffer.from(each));

/** A frame as it is written, and as it is to be read. */
interface Written {
  readonly written: Buffer;
  readonly frame: Frame;
}

const anyFrame: fc.Arbitrary<Written> = fc.oneof(
  fc.tuple(streamId, bytes, fc.boolean()).map(([id, data, fin]) => ({
    written: dataFrame(id, data, fin),
    frame: { type: "data", streamId: id, data, fin } as const,
  })),
  fc.tuple(streamId, bytes).map(([id, headerBlock]) => ({
    written: synStreamFrame(id, headerBlock),
    frame: { type: "synStream", streamId: id, headerBlock, fin: false } as const,
  })),
  fc.tuple(streamId, bytes).map(([id, headerBlock]) => ({
    written: synReplyFrame(id, headerBlock),
    frame: { type: "synReply", streamId: id, headerBlock, fin: false } as const,
  })),
  fc.tuple(streamId, fc.nat()).map(([id, status]) => ({
    written: resetFrame(id, status),
    frame: { type: "reset", streamId: id, status } as const,
  })),
  fc.nat().map((id) => ({ written: pingFrame(id), frame: { type: "ping", id } as const })),
  fc.nat().map((id) => ({ written: goAwayFrame(id), frame: { type: "goAway", lastStreamId: id, status: 0 } as const })),
);

/** Data of one stream that comes in pieces is one frame again, if nothing came in between. */
function joined(frames: readonly Frame[]): Frame[] {
  const result: Frame[] = [];
  let open: Extract<Frame, { type: "data" }> | undefined;
  for (const frame of frames) {
    const last = result.at(-1);
    if (frame.type === "data" && last?.type === "data" && open && last.streamId === frame.streamId) {
      result[result.length - 1] = open = { ...last, data: Buffer.concat([last.data, frame.data]), fin: frame.fin };
    } else {
      open = frame.type === "data" ? frame : undefined;
      result.push(frame);
    }
  }
  return result;
}

suite("frames", () => {
  test("are read as they were written, however they arrive in pieces", () => {
    checkProperty(
      fc.property(
        fc.array(anyFrame, { maxLength: 6 }),
        fc.array(fc.nat({ max: 30 }), { minLength: 1 }),
        (frames, sizes) => {
          const whole = Buffer.concat(frames.map(({ written }) => written));
          const reader = new FrameReader();
          const found: Frame[] = [];
          let at = 0;
          for (let index = 0; at < whole.length; index += 1) {
            const end = at + 1 + (sizes[index % sizes.length] ?? 0);
            found.push(...reader.push(whole.subarray(at, end)));
            at = end;
          }
          assert.deepEqual(joined(found), joined(frames.map(({ frame }) => frame)));
        },
      ),
      { share: 5 },
    );
  });

  test("of any bytes are read or refused in a SpdyError", () => {
    const changed = fc
      .tuple(
        fc.array(anyFrame, { minLength: 1, maxLength: 4 }),
        fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 4 }),
      )
      .map(([frames, changes]) => {
        const whole = Buffer.concat(frames.map(({ written }) => written));
        for (const [at, byte] of changes) whole[at % whole.length] = byte;
        return whole;
      });
    checkProperty(
      fc.property(fc.oneof(changed, bytes), (input) => {
        try {
          for (const frame of new FrameReader().push(input))
            assert.ok(frame.type !== "data" || frame.data.length <= input.length);
        } catch (error) {
          assert.ok(error instanceof SpdyError, String(error));
        }
      }),
      { share: 10 },
    );
  });
});

const headerName = fc.oneof(
  fc.stringMatching(/^[a-z-]{1,10}$/),
  fc.constantFrom("__proto__", "constructor", "streamtype"),
);
const headers = fc
  .array(
    fc.tuple(
      headerName,
      fc.string({ maxLength: 20 }).map((text) => text.replaceAll("\0", "").toWellFormed()),
    ),
    { maxLength: 6 },
  )
  .map((entries) => new Map(entries));

suite("header blocks", () => {
  test("are read as they were written, one after the other", () => {
    checkProperty(
      fc.property(fc.array(headers, { minLength: 1, maxLength: 4 }), (blocks) => {
        const [compressor, decompressor] = [new HeaderCompressor(), new HeaderDecompressor()];
        for (const block of blocks) {
          const read = decompressor.decompress(compressor.compress(Object.fromEntries(block)));
          assert.deepEqual(new Map(Object.entries(read)), block);
        }
      }),
      { share: 2 },
    );
  });

  test("that another deflater compressed are read", async () => {
    const deflated = async (plains: readonly Buffer[]): Promise<Buffer[]> => {
      const stream = createDeflate({ dictionary: headerDictionary });
      const parts: Buffer[] = [];
      for (const plain of plains) {
        const chunks: Buffer[] = [];
        const take = (chunk: Buffer) => void chunks.push(chunk);
        stream.on("data", take);
        stream.write(plain);
        await new Promise<void>((resolve) => stream.flush(constants.Z_SYNC_FLUSH, () => resolve()));
        stream.off("data", take);
        parts.push(Buffer.concat(chunks));
      }
      stream.destroy();
      return parts;
    };
    const plainOf = (block: ReadonlyMap<string, string>) => {
      const texts = [...block].flat().map((text) => Buffer.from(text));
      const length = (value: number) => Buffer.from([value >>> 24, value >>> 16, value >>> 8, value]);
      return Buffer.concat([length(block.size), ...texts.flatMap((text) => [length(text.length), text])]);
    };
    await checkProperty(
      fc.asyncProperty(fc.array(headers, { minLength: 1, maxLength: 3 }), async (blocks) => {
        const decompressor = new HeaderDecompressor();
        for (const [index, part] of (await deflated(blocks.map(plainOf))).entries()) {
          assert.deepEqual(new Map(Object.entries(decompressor.decompress(part))), blocks[index]);
        }
      }),
      { share: 0.5 },
    );
  });

  test("of any bytes are read or refused in a SpdyError", () => {
    const changed = fc
      .tuple(headers, fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 4 }))
      .map(([block, changes]) => {
        const written = new HeaderCompressor().compress(Object.fromEntries(block));
        for (const [at, byte] of changes) written[at % written.length] = byte;
        return written;
      });
    checkProperty(
      fc.property(fc.oneof(changed, bytes), (input) => {
        try {
          new HeaderDecompressor().decompress(input);
        } catch (error) {
          assert.ok(error instanceof SpdyError, String(error));
        }
      }),
      { share: 5 },
    );
  });
});
