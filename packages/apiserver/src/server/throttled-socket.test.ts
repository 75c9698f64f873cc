import assert from "node:assert/strict";
import { Duplex } from "node:stream";
import { test } from "node:test";
import { FakeClock } from "@kube-ts/std/clock";
import { ThrottledSocket } from "./throttled-socket.ts";

function setup() {
  const clock = new FakeClock();
  const [inner, peer] = duplexPair();
  const socket = new ThrottledSocket(inner, 1_000, clock);
  return { clock, inner, peer, socket };
}

/** Two ends of one connection. */
function duplexPair(): [Duplex, Duplex] {
  const ends: Duplex[] = [];
  const end = (other: () => Duplex | undefined) =>
    new Duplex({
      read: () => {},
      write: (chunk, _encoding, done) => {
        other()?.push(chunk);
        done();
      },
      final: (done) => {
        other()?.push(null);
        done();
      },
    });
  ends.push(end(() => ends[1]));
  ends.push(end(() => ends[0]));
  return [ends[0] as Duplex, ends[1] as Duplex];
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("what is written and what is read each wait for what went before", async () => {
  const { clock, peer, socket } = setup();
  const received: string[] = [];
  peer.on("data", (chunk: Buffer) => received.push(String(chunk)));
  socket.write("a".repeat(500));
  socket.write("b");
  await settled();
  assert.deepEqual(
    received.map((text) => text[0]),
    ["a"],
  );
  await clock.advance(499);
  await settled();
  assert.equal(received.length, 1);
  await clock.advance(1);
  await settled();
  assert.deepEqual(
    received.map((text) => text[0]),
    ["a", "b"],
  );

  const read: string[] = [];
  socket.on("data", (chunk: Buffer) => read.push(String(chunk)));
  peer.write("c".repeat(2_000));
  await settled();
  peer.write("d");
  await settled();
  assert.deepEqual(
    read.map((text) => text[0]),
    ["c"],
  );
  await clock.advance(2_000);
  await settled();
  assert.deepEqual(
    read.map((text) => text[0]),
    ["c", "d"],
  );
  socket.destroy();
});

test("the end of either side is the other's, and no pause is left behind", async () => {
  const { clock, inner, peer, socket } = setup();
  let hasEnded = false;
  peer.on("data", () => {}).on("end", () => (hasEnded = true));
  socket.end("last");
  await clock.advance(4);
  await settled();
  assert.ok(hasEnded);
  socket.destroy();
  await settled();
  assert.ok(inner.destroyed);
  const other = setup();
  other.socket.write("x");
  other.inner.destroy();
  await settled();
  assert.ok(other.socket.destroyed);
  assert.equal(other.clock.pendingTimers, 0);
});
