import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decodeRange, decodeWatch, encodeRange, encodeTxn } from "./messages.ts";
import { ProtoReader, ProtoWriter } from "./protobuf.ts";

function encode(write: (writer: ProtoWriter) => void): Buffer {
  const writer = new ProtoWriter(512);
  write(writer);
  return writer.finish();
}

function keyValue(writer: ProtoWriter, key: string, modRevision: bigint, value: string): void {
  writer.bytes(5, Buffer.from(value));
  writer.integer(3, modRevision);
  writer.bytes(1, Buffer.from(key));
}

describe("protobuf", () => {
  const integers = [
    1n,
    127n,
    128n,
    300n,
    2n ** 31n,
    2n ** 32n + 5n,
    2n ** 49n,
    2n ** 53n - 1n,
    2n ** 53n,
    2n ** 63n - 1n,
  ];
  for (const integer of integers) {
    it(`carries the integer ${integer}`, () => {
      const reader = new ProtoReader(encode((writer) => writer.integer(3, integer)));
      assert.ok(reader.next());
      assert.equal(reader.field, 3);
      assert.equal(reader.integer(), integer);
      assert.equal(reader.next(), false);
    });
  }

  it("writes the bytes that the format prescribes", () => {
    const message = encode((writer) => {
      writer.message(3, (inner) => inner.integer(1, 150));
      writer.flag(2, true);
      writer.bytes(1, Buffer.from("abc"));
    });
    assert.equal(message.toString("hex"), "0a0361626310011a03089601");
  });

  it("leaves out defaults, but not empty messages", () => {
    const message = encode((writer) => {
      writer.message(4, () => undefined);
      writer.integer(3, 0);
      writer.flag(2, false);
      writer.bytes(1, Buffer.alloc(0));
    });
    assert.equal(message.toString("hex"), "2200");
  });

  it("skips fields of every wire type", () => {
    const unknown = Buffer.from("90030599030102030405060708a20302ffffad0301020304", "hex");
    const reader = new ProtoReader(Buffer.concat([unknown, encode((writer) => writer.integer(1, 7))]));
    const fields: number[] = [];
    while (reader.next()) {
      fields.push(reader.field);
      if (reader.field === 1) assert.equal(reader.integer(), 7n);
      else reader.skip();
    }
    assert.deepEqual(fields, [50, 51, 52, 53, 1]);
  });

  it("rejects every message that was cut short", () => {
    const message = encode((writer) => writer.message(2, (inner) => keyValue(inner, "/a/b", 300n, "value")));
    for (let length = 1; length < message.length; length += 1) {
      assert.throws(() => decodeRange(message.subarray(0, length)), /truncated/, `${length} bytes`);
    }
  });
});

describe("messages", () => {
  it("reads a range with its keys, values and count", () => {
    const message = encode((writer) => {
      writer.integer(4, 12);
      writer.message(2, (inner) => keyValue(inner, "/b", 8n, ""));
      writer.message(2, (inner) => keyValue(inner, "/ä", 7n, "one"));
      writer.message(1, (header) => header.integer(3, 9));
    });
    const { values, count, revision } = decodeRange(message);
    assert.equal(count, 12);
    assert.equal(revision, 9n);
    assert.deepEqual(
      values.map((value) => [value.key, value.modRevision, value.value.toString()]),
      [
        ["/ä", 7n, "one"],
        ["/b", 8n, ""],
      ],
    );
  });

  it("reads why a watch was canceled", () => {
    const message = encode((writer) => {
      writer.bytes(6, Buffer.from("too old"));
      writer.integer(5, 44);
      writer.flag(4, true);
    });
    const { canceled, compactRevision, cancelReason, events } = decodeWatch(message);
    assert.deepEqual([canceled, compactRevision, cancelReason, events.length], [true, 44n, "too old", 0]);
  });

  it("fits requests of any size into their buffers", () => {
    const key = Buffer.alloc(1000, "k");
    const maximum = 2n ** 63n - 1n;
    const range = encodeRange({ key, rangeEnd: key, limit: 2 ** 40, revision: maximum, keysOnly: true });
    assert.ok(range.length > 2000);
    const value = Buffer.alloc(100_000);
    const txn = encodeTxn({ key, value, expect: { modRevision: maximum }, lease: maximum });
    assert.ok(txn.length > 103_000);
  });
});
