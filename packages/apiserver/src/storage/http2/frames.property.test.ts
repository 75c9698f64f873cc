import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import { encodeFrame, FrameReader } from "./frames.ts";
import type { Frame } from "./frames.ts";
import { decodeHeaders } from "./hpack.ts";

const frames = fc.array(
  fc.record(
    {
      type: fc.integer({ min: 0, max: 255 }),
      flags: fc.integer({ min: 0, max: 255 }),
      streamId: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
      payload: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    },
    { noNullPrototype: true },
  ),
  { maxLength: 8 },
);

describe("frames", () => {
  it("arrive as they were sent, wherever the bytes were cut", () => {
    checkProperty(
      fc.property(frames, fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }), (sent, cuts) => {
        const bytes = Buffer.concat(sent.map(encodeFrame));
        const arrived: Frame[] = [];
        const reader = new FrameReader((frame) => arrived.push({ ...frame, payload: Buffer.from(frame.payload) }));
        for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
          const size = cuts[turn % cuts.length] ?? 1;
          reader.add(bytes.subarray(at, at + size));
          at += size;
        }
        assert.deepEqual(arrived, sent);
      }),
    );
  });

  it("carry header blocks that are read or refused, whatever is in them", () => {
    checkProperty(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const fields = decodeHeaders(Buffer.from(bytes));
        assert.ok(fields === undefined || fields instanceof Map);
      }),
      { share: 10 },
    );
  });
});
