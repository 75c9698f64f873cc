import assert from "node:assert/strict";
import { once } from "node:events";
import { duplexPair } from "node:stream";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { SpdyConnection } from "./connection.ts";
import type { SpdyOptions } from "./connection.ts";
import { randomInt, seededRandom } from "@kube-ts/std/random";
import { dataFrame, pingFrame, resetFrame, synStreamFrame } from "./frames.ts";
import { HeaderCompressor } from "./header-block.ts";
import { SpdyError } from "./spdy-error.ts";
import type { SpdyStream } from "./stream.ts";

const signal = AbortSignal.timeout(10_000);

/** Reads to the end without destroying the other direction, as iteration would. */
async function readAll(stream: SpdyStream): Promise<string> {
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(stream, "end");
  return Buffer.concat(chunks).toString();
}

function connect(onStream: (stream: SpdyStream) => boolean, options: Partial<SpdyOptions> = {}) {
  const [near, far] = duplexPair();
  const client = new SpdyConnection(near, { role: "client", maxStreams: 8 });
  const server = new SpdyConnection(far, { role: "server", maxStreams: 8, onStream, ...options });
  return { client, server };
}

test("streams carry bytes both ways and close each direction alone", async () => {
  const seen: string[] = [];
  const { client, server } = connect((stream) => {
    seen.push(stream.headers["streamtype"] ?? "");
    void readAll(stream).then((got) => stream.end(`echo:${got}`));
    return true;
  });
  const first = await client.open({ streamtype: "one" }, signal);
  const second = await client.open({ streamtype: "two" }, signal);
  second.end("b".repeat(300_000));
  first.end("a");
  assert.equal(await text(first), "echo:a");
  assert.equal((await text(second)).length, 300_005);
  assert.deepEqual(seen, ["one", "two"]);
  await Promise.all([client.close(), server.closed]);
});

test("a refused stream rejects and leaves the connection usable", async () => {
  const { client } = connect((stream) => {
    if (stream.headers["streamtype"] !== "good") return false;
    stream.end("fine");
    return true;
  });
  await assert.rejects(client.open({ streamtype: "bad" }, signal), SpdyError);
  assert.equal(await text(await client.open({ streamtype: "good" }, signal)), "fine");
  await client.close();
});

test("streams beyond the bound are refused", async () => {
  const { client } = connect(() => true, { maxStreams: 1 });
  await client.open({ streamtype: "a" }, signal);
  await assert.rejects(client.open({ streamtype: "b" }, signal), /refused/);
  client.destroy();
});

test("a reader that is behind holds the sender back", async () => {
  const accepted = Promise.withResolvers<SpdyStream>();
  const { client } = connect((stream) => {
    accepted.resolve(stream);
    return true;
  });
  const stream = await client.open({ streamtype: "stdin" }, signal);
  let written = 0;
  const chunk = Buffer.alloc(64 * 1024);
  const total = 200;
  const sending = (async () => {
    for (let index = 0; index < total; index++) {
      await new Promise<void>((resolve) => stream.write(chunk, () => resolve()));
      written++;
    }
    stream.end();
  })();
  const reader = await accepted.promise;
  // Until nothing more is taken: the state must not change over a few turns of the event loop.
  for (let last = -1, same = 0; same < 20; same = written === last ? same + 1 : 0) {
    last = written;
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(written < 20, `${written} chunks were taken without a reader`);
  let received = 0;
  for await (const data of reader as AsyncIterable<Buffer>) received += data.length;
  await sending;
  assert.equal(received, total * chunk.length);
  client.destroy();
});

test("a reset destroys the peer's stream with an error", async () => {
  const accepted = Promise.withResolvers<SpdyStream>();
  const { client } = connect((stream) => {
    accepted.resolve(stream);
    return true;
  });
  const stream = await client.open({ streamtype: "data" }, signal);
  stream.destroy();
  await assert.rejects(text(await accepted.promise), /reset by peer/);
  client.destroy();
});

test("the end of the connection ends its streams", async () => {
  const accepted = Promise.withResolvers<SpdyStream>();
  const { client, server } = connect((stream) => {
    accepted.resolve(stream);
    return true;
  });
  const stream = await client.open({ streamtype: "data" }, signal);
  stream.write("last words");
  const reading = text(await accepted.promise);
  await client.close();
  assert.equal(await reading, "last words");
  await server.closed;
  await assert.rejects(client.open({ streamtype: "data" }, signal), SpdyError);
});

test("a peer that breaks the protocol is cut off", async () => {
  const compressor = new HeaderCompressor();
  const syn = synStreamFrame(1, compressor.compress({ streamtype: "x" }));
  const cases: Buffer[] = [
    Buffer.from([0x80, 2, 0, 1, 0, 0, 0, 0]),
    dataFrame(0, Buffer.from("x"), false),
    Buffer.concat([syn, synStreamFrame(1, compressor.compress({}))]),
    Buffer.concat([syn, synStreamFrame(2, compressor.compress({}))]),
    synStreamFrame(1, Buffer.from("not zlib at all")),
  ];
  for (const bytes of cases) {
    const [near, far] = duplexPair();
    const server = new SpdyConnection(far, { role: "server", maxStreams: 8, onStream: () => true });
    near.resume();
    near.on("error", () => {});
    near.write(bytes);
    await server.closed;
    near.destroy();
  }
});

test("damaged traffic ends in a closed connection, never in an exception", async () => {
  const random = seededRandom(5);
  for (let round = 0; round < 300; round++) {
    const compressor = new HeaderCompressor();
    const wire = Buffer.concat([
      synStreamFrame(1, compressor.compress({ streamtype: "error" })),
      synStreamFrame(3, compressor.compress({ streamtype: "data", port: "80" })),
      dataFrame(3, Buffer.from("payload"), false),
      pingFrame(1),
      resetFrame(1, 5),
      dataFrame(3, Buffer.alloc(0), true),
    ]);
    for (let flips = randomInt(random, 6); flips >= 0; flips--) {
      wire[randomInt(random, wire.length)] = randomInt(random, 256);
    }
    const [near, far] = duplexPair();
    const server = new SpdyConnection(far, {
      role: "server",
      maxStreams: 4,
      onStream: (stream) => {
        stream.resume();
        stream.end("answer");
        return true;
      },
    });
    near.on("error", () => {});
    near.resume();
    near.end(wire);
    await server.closed;
    near.destroy();
  }
});
