import type { Duplex } from "node:stream";
import { createWebSocketStream } from "ws";
import type { WebSocket } from "ws";
import { systemClock } from "@kube-ts/std/clock";
import { remoteCommand } from "./protocols.ts";
import { SpdyConnection } from "./spdy/connection.ts";
import type { SpdyStream } from "./spdy/stream.ts";
import { WebSocketMultiplexer } from "./web-socket-multiplexer.ts";

/** Connects a client's stream with a port of the pod; what it throws is told to the client. */
export type Forward = (port: number, data: Duplex, signal: AbortSignal) => Promise<void>;

const maxStreams = 1024;
const pairTimeoutMs = 30_000;
/** Ports that one legacy WebSocket request may name. */
const maxPorts = 64;

interface Pair {
  readonly port: number;
  readonly timer: Disposable;
  data?: SpdyStream;
  error?: SpdyStream;
}

/**
 * Serves port forwarding over SPDY: each connection of the client is a data and an error stream with the same
 * `requestID`. Resolves when the connection is closed and every forward has ended.
 */
export async function servePortForward(transport: Duplex, forward: Forward): Promise<void> {
  const pairs = new Map<string, Pair>();
  const running = new Set<Promise<void>>();
  const controller = new AbortController();

  const begin = (stream: SpdyStream, requestId: string, port: number): Pair => {
    const pair = {
      port,
      timer: systemClock.setTimer(pairTimeoutMs, () => {
        pairs.delete(requestId);
        stream.destroy();
      }),
    };
    pairs.set(requestId, pair);
    return pair;
  };
  const onStream = (stream: SpdyStream): boolean => {
    const type = stream.headers["streamtype"];
    const port = parsePort(stream.headers["port"]);
    if (port === undefined || (type !== "data" && type !== "error")) return false;
    // Clients before request ids open the error stream right before its data stream.
    const requestId = stream.headers["requestid"] ?? `#${type === "error" ? stream.id : stream.id - 2}`;
    const pair = pairs.get(requestId) ?? begin(stream, requestId, port);
    if (pair[type] || pair.port !== port) return false;
    pair[type] = stream;
    if (pair.data && pair.error) {
      pair.timer[Symbol.dispose]();
      pairs.delete(requestId);
      const task = runForward(forward, port, pair.data, pair.error, controller.signal).finally(() =>
        running.delete(task),
      );
      running.add(task);
    }
    return true;
  };

  const connection = new SpdyConnection(transport, { role: "server", maxStreams, onStream });
  await connection.closed;
  controller.abort(new Error("client went away"));
  for (const pair of pairs.values()) pair.timer[Symbol.dispose]();
  await Promise.all(running);
}

/** Serves the same through the binary messages of a WebSocket. */
export function serveTunnelledPortForward(socket: WebSocket, forward: Forward): Promise<void> {
  const transport = createWebSocketStream(socket);
  socket.resume();
  return servePortForward(transport, forward);
}

/**
 * Serves the older WebSocket form: for the port number i in the request, channel 2i carries data and 2i+1
 * errors, each beginning with the port as two bytes, least significant first.
 */
export async function serveChannelPortForward(
  socket: WebSocket,
  protocol: string,
  ports: readonly number[],
  forward: Forward,
): Promise<void> {
  if (ports.length > maxPorts) throw new Error(`at most ${maxPorts} ports can be forwarded at once`);
  const multiplexer = new WebSocketMultiplexer(
    socket,
    protocol === "" ? remoteCommand.v1 : protocol,
    ports.flatMap((_, index) => [2 * index, 2 * index + 1]),
  );
  const controller = new AbortController();
  void multiplexer.closed.then(() => controller.abort(new Error("client went away")));
  const tasks = ports.map(async (port, index) => {
    const data = multiplexer.channel(2 * index);
    const error = multiplexer.channel(2 * index + 1);
    if (!data || !error) return;
    const number = Buffer.alloc(2);
    number.writeUInt16LE(port);
    data.write(number);
    error.write(number);
    await runForward(forward, port, data, error, controller.signal);
  });
  await Promise.all(tasks);
  await multiplexer.close();
}

/** The port in a header or query, if it is one. */
export function parsePort(text: string | undefined): number | undefined {
  const port = Number(text);
  return /^\d{1,5}$/.test(text ?? "") && port > 0 && port <= 65_535 ? port : undefined;
}

async function runForward(
  forward: Forward,
  port: number,
  data: Duplex,
  error: Duplex,
  signal: AbortSignal,
): Promise<void> {
  error.resume();
  try {
    await forward(port, data, signal);
  } catch (failure) {
    error.write(failure instanceof Error ? failure.message : String(failure));
  } finally {
    error.end();
    data.end();
    // The client may still be sending; nobody reads it any more.
    data.resume();
  }
}
