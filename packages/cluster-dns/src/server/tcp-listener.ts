import { createServer, isIPv6 } from "node:net";
import type { Socket } from "node:net";
import { isAbort } from "@kube-ts/std/abort";
import { listen } from "@kube-ts/std/listen";
import { errorFields } from "@kube-ts/std/log";
import type { Logger } from "@kube-ts/std/log";
import { withLength } from "../forward/exchange.ts";
import type { ListenAddress, Listener, MessageHandler } from "./listener.ts";

const maxConnections = 512;
/** A client that says nothing for this long is disconnected (RFC 7766). */
const idleTimeoutMs = 10_000;
/** Questions of one client under way at once; reading pauses meanwhile. */
const maxWaiting = 16;

/** Answers over TCP, several questions on one connection in any order. Rejects when the address cannot be bound. */
export async function listenTcp(
  address: ListenAddress,
  handle: MessageHandler,
  log: Logger,
  signal: AbortSignal,
): Promise<Listener> {
  const connections = new Set<Socket>();
  const onFailure = (error: unknown) => {
    if (!isAbort(error, signal)) log.error("a question could not be answered", { error: errorFields(error) });
  };
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    connections.add(socket);
    socket.on("close", () => connections.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.setTimeout(idleTimeoutMs, () => socket.destroy());
    socket.setNoDelay(true);
    new Conversation(socket, handle, onFailure).start();
  });
  server.maxConnections = maxConnections;
  const port = await listen(server, { port: address.port, host: address.host, ipv6Only: isIPv6(address.host) });
  return {
    port,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of connections) socket.destroy();
      }),
  };
}

/** The questions of one connection. */
class Conversation {
  readonly #socket: Socket;
  readonly #handle: MessageHandler;
  readonly #onFailure: (error: unknown) => void;
  #received: Buffer = Buffer.alloc(0);
  #waiting = 0;
  /** The client has said everything, but may still listen. */
  #ended = false;

  constructor(socket: Socket, handle: MessageHandler, onFailure: (error: unknown) => void) {
    this.#socket = socket;
    this.#handle = handle;
    this.#onFailure = onFailure;
  }

  start(): void {
    const socket = this.#socket;
    socket.on("drain", () => this.#proceed());
    socket.on("data", (chunk: Buffer) => {
      this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
      this.#proceed();
    });
    socket.on("end", () => {
      this.#ended = true;
      this.#proceed();
    });
  }

  #proceed(): void {
    for (let message = this.#takeMessage(); message; message = this.#takeMessage()) this.#answer(message);
    if (this.#ended && this.#waiting === 0) this.#socket.end();
    // A client that does not read its answers, or asks faster than it is answered, is not read from either.
    if (this.#waiting >= maxWaiting || this.#socket.writableNeedDrain) this.#socket.pause();
    else this.#socket.resume();
  }

  /** The next complete message, unless too many wait for their answers. */
  #takeMessage(): Buffer | undefined {
    if (this.#waiting >= maxWaiting || this.#received.length < 2) return undefined;
    const end = 2 + this.#received.readUInt16BE(0);
    if (this.#received.length < end) return undefined;
    const message = this.#received.subarray(2, end);
    this.#received = this.#received.subarray(end);
    return message;
  }

  #answer(message: Buffer): void {
    this.#waiting += 1;
    this.#handle(message, "tcp")
      .then((response) => {
        if (!response) this.#socket.destroy();
        else if (this.#socket.writable) this.#socket.write(withLength(response));
      })
      .catch((error: unknown) => {
        this.#socket.destroy();
        this.#onFailure(error);
      })
      .finally(() => {
        this.#waiting -= 1;
        this.#proceed();
      });
  }
}
