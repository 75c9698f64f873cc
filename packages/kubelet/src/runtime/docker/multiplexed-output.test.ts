import assert from "node:assert/strict";
import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { copyMultiplexed } from "./multiplexed-output.ts";

function part(stream: number, payload: string): Buffer {
  const head = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(Buffer.byteLength(payload), 4);
  return Buffer.concat([head, Buffer.from(payload)]);
}

test("output is split by stream, however it was cut", async () => {
  const wire = Buffer.concat([part(1, "out"), part(2, "err"), part(1, ""), part(1, "put"), part(2, "!")]);
  for (let size = 1; size <= wire.length; size++) {
    const chunks: Buffer[] = [];
    for (let at = 0; at < wire.length; at += size) chunks.push(wire.subarray(at, at + size));
    const stdout = new PassThrough();
    const stderr = new PassThrough();
    await copyMultiplexed(Readable.from(chunks), { stdout, stderr });
    stdout.end();
    stderr.end();
    assert.deepEqual(await Promise.all([text(stdout), text(stderr)]), ["output", "err!"]);
  }
});

test("a slow sink is waited for, a lost one is not", async () => {
  const big = "x".repeat(100_000);
  const slow = new PassThrough({ highWaterMark: 1024 });
  const reading = text(slow);
  await copyMultiplexed(Readable.from([part(1, big), part(1, big)]), { stdout: slow });
  slow.end();
  assert.equal((await reading).length, 200_000);

  const lost = new PassThrough({ highWaterMark: 1024 });
  const copying = copyMultiplexed(Readable.from([part(1, big), part(1, big)]), { stdout: lost });
  setImmediate(() => lost.destroy());
  await copying;
});
