import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { test } from "node:test";
import { magicPacket, wakeOnLan } from "./wake-on-lan.ts";

test("a magic packet is six ones and sixteen times the address", () => {
  const packet = magicPacket("52:54:00:12:34:ab");
  assert.equal(packet.length, 102);
  assert.equal(packet.subarray(0, 6).toString("hex"), "ffffffffffff");
  assert.equal(packet.subarray(6).toString("hex"), "5254001234ab".repeat(16));
  assert.deepEqual(magicPacket("52-54-00-12-34-AB"), packet);
  for (const bad of ["", "52:54:00:12:34", "52:54:00:12:34:zz", "52:54:00:12:34:ab:cd"]) {
    assert.throws(() => magicPacket(bad), /is not a hardware address/);
  }
});

test("the packet arrives", async () => {
  const card = createSocket("udp4");
  try {
    card.bind(0, "127.0.0.1");
    await once(card, "listening");
    const heard = once(card, "message", { signal: AbortSignal.timeout(10_000) });
    await wakeOnLan("52:54:00:12:34:ab", "127.0.0.1", card.address().port);
    const [packet] = (await heard) as [Buffer];
    assert.deepEqual(packet, magicPacket("52:54:00:12:34:ab"));
  } finally {
    card.close();
  }
});
