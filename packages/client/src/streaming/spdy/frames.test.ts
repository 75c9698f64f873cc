import assert from "node:assert/strict";
import { test } from "node:test";
import { randomInt, seededRandom } from "@kube-ts/std/random";
import { FrameReader, dataFrame, goAwayFrame, pingFrame, resetFrame, synReplyFrame, synStreamFrame } from "./frames.ts";
import type { Frame } from "./frames.ts";
import { SpdyError } from "./spdy-error.ts";

const block = Buffer.from("headers");
const wire = Buffer.concat([
  synStreamFrame(1, block),
  synReplyFrame(1, block),
  dataFrame(1, Buffer.from("hello"), false),
  pingFrame(2),
  dataFrame(1, Buffer.alloc(0), true),
  resetFrame(1, 5),
  // SETTINGS with one entry and WINDOW_UPDATE: read over.
  Buffer.from([0x80, 3, 0, 4, 0, 0, 0, 12, 0, 0, 0, 1, 0, 0, 0, 7, 0, 1, 0, 0]),
  Buffer.from([0x80, 3, 0, 9, 0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 1, 0]),
  goAwayFrame(1),
]);

/** Frames with adjacent pieces of data joined, so that the result does not depend on how the bytes were cut. */
function joined(frames: readonly Frame[]): unknown[] {
  const out: { type: string; data?: string; fin?: boolean }[] = [];
  for (const frame of frames) {
    const last = out.at(-1);
    if (frame.type !== "data") out.push(frame);
    else if (last?.type === "data" && last.fin === false) {
      last.data = `${last.data}${frame.data.toString()}`;
      last.fin = frame.fin;
    } else out.push({ ...frame, data: frame.data.toString() });
  }
  return out;
}

test("frames survive any cut of the byte stream", () => {
  const whole = joined([...new FrameReader().push(wire)]);
  assert.deepEqual(
    whole.map((frame) => (frame as Frame).type),
    ["synStream", "synReply", "data", "ping", "data", "reset", "goAway"],
  );
  const random = seededRandom(7);
  for (let round = 0; round < 200; round++) {
    const reader = new FrameReader();
    const frames: Frame[] = [];
    for (let at = 0; at < wire.length;) {
      const end = Math.min(wire.length, at + 1 + randomInt(random, 12));
      frames.push(...reader.push(wire.subarray(at, end)));
      at = end;
    }
    assert.deepEqual(joined(frames), whole);
  }
});

test("random bytes give frames or a SpdyError, nothing else", () => {
  const random = seededRandom(11);
  for (let round = 0; round < 2000; round++) {
    const bytes = Buffer.from(Array.from({ length: 64 }, () => randomInt(random, 256)));
    // Half of the rounds look like control frames, so that their bodies are reached too.
    if (round % 2 === 0) bytes.set([0x80, 3, 0, 1 + randomInt(random, 10), 0, 0, 0, randomInt(random, 40)]);
    try {
      for (const frame of new FrameReader().push(bytes)) assert.ok(frame.type);
    } catch (error) {
      assert.ok(error instanceof SpdyError, String(error));
    }
  }
});

test("a control frame beyond the bound is refused before its body arrives", () => {
  const head = Buffer.from([0x80, 3, 0, 1, 0, 0xff, 0xff, 0xff]);
  assert.throws(() => [...new FrameReader().push(head)], SpdyError);
});
