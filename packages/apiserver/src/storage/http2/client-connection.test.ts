import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer as createHttp2Server } from "node:http2";
import type { Http2Server, IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { describe, it } from "node:test";
import { ClientConnection } from "./client-connection.ts";
import type { StreamEnd, StreamListener } from "./client-connection.ts";
import { encodeFrame, errorCode, frameFlag, frameType, setting, settingsPayload, wordsPayload } from "./frames.ts";
import { encodeHeaders } from "./hpack.ts";
import type { HeaderFields } from "./hpack.ts";

const deadlineMs = 10_000;

/** What came back for one request. */
class Answer implements StreamListener {
  readonly headers: HeaderFields[] = [];
  readonly end: Promise<StreamEnd>;
  readonly #chunks: Buffer[] = [];
  readonly #ended = Promise.withResolvers<StreamEnd>();

  constructor() {
    this.end = this.#ended.promise;
  }

  get body(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  onHeaders(fields: HeaderFields): void {
    this.headers.push(fields);
  }

  onData(bytes: Buffer): void {
    this.#chunks.push(Buffer.from(bytes));
  }

  onEnd(end: StreamEnd): void {
    this.#ended.resolve(end);
  }
}

/** A connection to a server of the test's own making; both end with the test. */
class Peer implements AsyncDisposable {
  readonly connection: ClientConnection;
  readonly closed: Promise<unknown>;
  readonly #server: Server | Http2Server;
  readonly #socket: Socket;

  private constructor(server: Server | Http2Server, socket: Socket) {
    this.#server = server;
    this.#socket = socket;
    const closed = Promise.withResolvers<void>();
    this.closed = closed.promise;
    this.connection = new ClientConnection(socket, closed.resolve);
  }

  static async to(server: Server | Http2Server): Promise<Peer> {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
    await once(socket, "connect");
    return new Peer(server, socket);
  }

  ask(path: string, body: Buffer | string = ""): Answer {
    const answer = new Answer();
    this.connection.request(headersOf(path), Buffer.from(body), answer);
    return answer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.connection.destroy("the test ends");
    this.#socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }
}

function headersOf(path: string): Buffer {
  return encodeHeaders([
    [":method", "POST"],
    [":scheme", "http"],
    [":path", path],
    [":authority", "localhost"],
  ]);
}

/** A server of Node.js: an implementation that is not ours. */
function http2Server(
  onStream: (stream: ServerHttp2Stream, path: string, body: Buffer) => void,
  settings = {},
): Http2Server {
  const server = createHttp2Server({ settings });
  server.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    const chunks: Buffer[] = [];
    stream.on("error", () => {});
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => onStream(stream, String(headers[":path"]), Buffer.concat(chunks)));
  });
  return server;
}

/** A server that says what it likes once the first bytes have come. */
function rawServer(say: (socket: Socket) => void): Server {
  return createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => {
      socket.write(encodeFrame({ type: frameType.settings, flags: 0, streamId: 0, payload: Buffer.alloc(0) }));
      say(socket);
    });
  });
}

const echo = () =>
  http2Server((stream, path, body) => {
    stream.respond({ ":status": 200, "x-path": path, "x-text": "<`{Huffman}^\\~>" }, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    stream.end(body);
  });

describe("ClientConnection", { timeout: deadlineMs * 3 }, () => {
  it("sends header fields and bodies, and gets those of the answer, trailers included", async () => {
    await using peer = await Peer.to(echo());
    const answer = peer.ask("/a/b", "hello");
    assert.equal(await answer.end, "complete");
    assert.equal(answer.body.toString(), "hello");
    const [headers, trailers] = answer.headers;
    assert.equal(headers?.get(":status"), "200");
    assert.equal(headers?.get("x-path"), "/a/b");
    assert.equal(headers?.get("x-text"), "<`{Huffman}^\\~>");
    assert.equal(trailers?.get("grpc-status"), "0");
  });

  it("keeps to windows of both sides with bodies far above them", async () => {
    await using peer = await Peer.to(echo());
    const sizes = [0, 1, 16_384, 65_535, 65_536, 300_000, 9_000_000];
    const bodies = sizes.map((size, index) => Buffer.alloc(size, `${index}`));
    const answers = bodies.map((body, index) => peer.ask(`/${index}`, body));
    for (const [index, answer] of answers.entries()) {
      assert.equal(await answer.end, "complete");
      assert.ok(answer.body.equals(bodies[index] ?? Buffer.alloc(0)), `body ${index}`);
      assert.equal(answer.headers[0]?.get("x-path"), `/${index}`);
    }
  });

  it("follows windows that the peer makes smaller and larger", async () => {
    await using peer = await Peer.to(
      http2Server((stream, _path, body) => {
        stream.respond({ ":status": 200 });
        stream.end(String(body.length));
        stream.session?.settings({ initialWindowSize: body.length === 1_000 ? 70 : 100_000 });
      }),
    );
    for (const size of [1_000, 1_001, 200_000]) {
      const answer = peer.ask("/", Buffer.alloc(size));
      assert.equal(await answer.end, "complete");
      assert.equal(answer.body.toString(), String(size));
    }
  });

  it("has no more streams open than the peer looks at", async () => {
    let open = 0;
    let most = 0;
    const server = http2Server(
      (stream) => {
        open += 1;
        most = Math.max(most, open);
        setImmediate(() => {
          open -= 1;
          stream.respond({ ":status": 200 });
          stream.end();
        });
      },
      { maxConcurrentStreams: 3 },
    );
    await using peer = await Peer.to(server);
    assert.equal(await peer.ask("/first").end, "complete");
    const ends = await Promise.all(Array.from({ length: 50 }, () => peer.ask("/").end));
    assert.deepEqual(new Set(ends), new Set(["complete"]));
    assert.ok(most <= 3, `${most} at a time`);
  });

  it("gives requests up, sent or not, and goes on with others", async () => {
    const reset = Promise.withResolvers<number>();
    const server = http2Server(
      (stream, path) => {
        if (path === "/kept") stream.respond({ ":status": 204 }, { endStream: true });
        else stream.on("close", () => reset.resolve(stream.rstCode));
      },
      { maxConcurrentStreams: 1 },
    );
    await using peer = await Peer.to(server);
    assert.equal(await peer.ask("/kept").end, "complete");
    const sent = peer.connection.request(headersOf("/hangs"), Buffer.alloc(0), new Answer());
    const waits = peer.connection.request(headersOf("/hangs"), Buffer.alloc(0), new Answer());
    waits[Symbol.dispose]();
    sent[Symbol.dispose]();
    assert.equal(await reset.promise, errorCode.cancel);
    assert.equal(await peer.ask("/kept").end, "complete");
  });

  it("tells requests that a peer that goes away has not looked at from those it has", async () => {
    await using peer = await Peer.to(
      rawServer((socket) => {
        const goAway = wordsPayload(1, errorCode.noError);
        socket.write(encodeFrame({ type: frameType.goAway, flags: 0, streamId: 0, payload: goAway }));
        setImmediate(() => socket.destroy());
      }),
    );
    const [first, second] = [peer.ask("/1"), peer.ask("/2")];
    assert.deepEqual(await second.end, { refused: "the peer is going away" });
    assert.ok("lost" in ((await first.end) as object));
    assert.equal(peer.connection.open, false);
    await peer.closed;
  });

  it("tells a refused stream from one that was reset", async () => {
    await using peer = await Peer.to(
      rawServer((socket) => {
        const reset = (streamId: number, code: number) =>
          socket.write(encodeFrame({ type: frameType.resetStream, flags: 0, streamId, payload: wordsPayload(code) }));
        reset(1, errorCode.refusedStream);
        reset(3, errorCode.cancel);
      }),
    );
    const [first, second] = [peer.ask("/1"), peer.ask("/2")];
    assert.deepEqual(await first.end, { refused: "the stream was reset with code 7" });
    assert.deepEqual(await second.end, { lost: "the stream was reset with code 8" });
  });

  it("answers pings, and is answered", async () => {
    const answered = Promise.withResolvers<Buffer>();
    const server = createHttp2Server();
    server.on("session", (session) =>
      session.ping(Buffer.from("12345678"), (_error, _ms, payload) => answered.resolve(payload)),
    );
    await using peer = await Peer.to(server);
    await new Promise<void>((resolve) => peer.connection.ping(resolve));
    assert.equal((await answered.promise).toString(), "12345678");
  });

  const broken: readonly (readonly [what: string, bytes: Buffer])[] = [
    ["a frame that is too large", Buffer.from([0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 1])],
    ["a push", encodeFrame({ type: frameType.pushPromise, flags: frameFlag.endHeaders, streamId: 1, payload: wordsPayload(2) })],
    ["an unreadable header block", encodeFrame({ type: frameType.headers, flags: frameFlag.endHeaders, streamId: 1, payload: Buffer.of(0xff, 0xff) })],
    ["an entry of a table that we do not keep", encodeFrame({ type: frameType.headers, flags: frameFlag.endHeaders, streamId: 1, payload: Buffer.of(0xbe) })],
    ["more padding than payload", encodeFrame({ type: frameType.data, flags: frameFlag.padded, streamId: 1, payload: Buffer.of(9, 0) })],
    ["an interrupted header block", Buffer.concat([
      encodeFrame({ type: frameType.headers, flags: 0, streamId: 1, payload: Buffer.of(0x88) }),
      encodeFrame({ type: frameType.data, flags: 0, streamId: 1, payload: Buffer.of(1) }),
    ])],
    ["a continuation of nothing", encodeFrame({ type: frameType.continuation, flags: 0, streamId: 1, payload: Buffer.of(0x88) })],
    ["a window of nothing", encodeFrame({ type: frameType.windowUpdate, flags: 0, streamId: 0, payload: wordsPayload(0) })],
    ["a window that is too large", encodeFrame({ type: frameType.settings, flags: 0, streamId: 0, payload: settingsPayload([[setting.initialWindowSize, 2 ** 31]]) })],
    ["settings of a wrong size", encodeFrame({ type: frameType.settings, flags: 0, streamId: 0, payload: Buffer.alloc(5) })],
    ["a reset that is too short", encodeFrame({ type: frameType.resetStream, flags: 0, streamId: 1, payload: Buffer.alloc(3) })],
  ]; // prettier-ignore
  for (const [what, bytes] of broken) {
    it(`ends the connection for ${what}`, async () => {
      await using peer = await Peer.to(rawServer((socket) => socket.write(bytes)));
      const end = await peer.ask("/").end;
      assert.ok(typeof end === "object" && "lost" in end && end.lost.startsWith("HTTP/2: "), JSON.stringify(end));
      await peer.closed;
      assert.throws(() => peer.ask("/"), /takes no more requests/);
    });
  }
});
