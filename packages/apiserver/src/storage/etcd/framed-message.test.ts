import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { framed, FramedMessage } from "./framed-message.ts";

function received(bytes: Buffer, chunkBytes: number): Buffer | undefined {
  const message = new FramedMessage();
  for (let at = 0; at < bytes.length; at += chunkBytes) message.add(bytes.subarray(at, at + chunkBytes));
  return message.whole();
}

describe("FramedMessage", () => {
  it("puts messages together, wherever they were cut", () => {
    for (const size of [0, 1, 4, 5, 6, 100, 1_000]) {
      const message = Buffer.from(Array.from({ length: size }, (_, index) => index & 0xff));
      for (const chunkBytes of [1, 2, 3, 5, 7, 64, 2_000])
        assert.deepEqual(received(framed(message), chunkBytes), message);
    }
  });

  it("takes nothing but one whole, uncompressed message", () => {
    const bytes = framed(Buffer.from("message"));
    for (const chunkBytes of [1, 4, 100]) {
      for (let size = 0; size < bytes.length; size += 1)
        assert.equal(received(bytes.subarray(0, size), chunkBytes), undefined);
      assert.equal(received(Buffer.concat([bytes, Buffer.from("x")]), chunkBytes), undefined);
      assert.equal(received(Buffer.concat([bytes, bytes]), chunkBytes), undefined);
      const compressed = Buffer.from(bytes);
      compressed[0] = 1;
      assert.equal(received(compressed, chunkBytes), undefined);
    }
  });
});
