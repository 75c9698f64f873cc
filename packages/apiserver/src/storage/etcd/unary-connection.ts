import { connect as connectPlain } from "node:net";
import type { Socket } from "node:net";
import { connect as connectTls, TLSSocket } from "node:tls";
import { ClientConnection } from "../http2/client-connection.ts";
import { encodeHeaders } from "../http2/hpack.ts";
import { framed } from "./framed-message.ts";
import { UnaryCall } from "./unary-call.ts";
import type { UnaryOptions } from "./unary-call.ts";

/** Credentials of a TLS connection to etcd, PEM. */
export interface EtcdTls {
  /** The authorities of the members' certificates; those of the system if left out. */
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

/** How often a connection is tested, and how long the answer may take before it counts as dead. */
const keepAliveMs = 30_000;
const keepAliveTimeoutMs = 10_000;
const maxTimeoutMs = 99_999_999;

/**
 * Unary gRPC calls to one member of etcd, over an HTTP/2 connection of our own (docs/adr/0002). The connection is made by
 * the first call, and again by the first call after a loss.
 */
export class UnaryConnection {
  readonly #url: URL;
  readonly #tls: EtcdTls | undefined;
  readonly #headers = new Map<string, { readonly timeoutMs: number; readonly block: Buffer }>();
  readonly #waiting = new Set<UnaryCall>();
  #connecting: Socket | undefined;
  #connection: ClientConnection | undefined;
  #closed = false;

  constructor(url: string, tls: EtcdTls | undefined) {
    this.#url = new URL(url);
    this.#tls = tls;
  }

  /**
   * Calls a method, such as `/etcdserverpb.KV/Range`, with an encoded message; resolves with the encoded answer.
   * Rejects with a `CallError` or the signal's reason.
   */
  call(path: string, message: Buffer, { signal, deadlineMs }: UnaryOptions): Promise<Buffer> {
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    const request = { path, body: framed(message), signal, deadlineMs };
    const call = new UnaryCall(request, () => this.#connecting?.destroy(new Error("timed out")));
    if (this.#closed) call.unconnected("the client is closed");
    else if (this.#connection?.open) call.start(this.#connection, this.#encodeHeaders);
    else this.#await(call);
    return call.answer;
  }

  /** Ends the connection and the calls on it. */
  close(): void {
    this.#closed = true;
    this.#connecting?.destroy(new Error("the client is closed"));
    this.#connection?.destroy("the client is closed");
  }

  #await(call: UnaryCall): void {
    this.#waiting.add(call);
    const settled = () => void this.#waiting.delete(call);
    call.answer.then(settled, settled);
    this.#connecting ??= this.#connect();
  }

  #connect(): Socket {
    const { protocol, hostname, port } = this.#url;
    const secure = protocol === "https:";
    const target = { host: hostname.replace(/^\[|\]$/g, ""), port: Number(port || (secure ? 443 : 80)), noDelay: true };
    const socket = secure ? connectTls({ ...target, ...this.#tls, ALPNProtocols: ["h2"] }) : connectPlain(target);
    let why = "the connection was closed";
    const onError = (error: Error) => void (why = error.message);
    const onClose = () => this.#failed(why);
    socket.on("error", onError);
    socket.once("close", onClose);
    socket.once(secure ? "secureConnect" : "connect", () => {
      if (socket instanceof TLSSocket && socket.alpnProtocol !== "h2") {
        socket.destroy(new Error("the server does not speak HTTP/2"));
        return;
      }
      socket.off("error", onError);
      socket.off("close", onClose);
      this.#connected(socket);
    });
    return socket;
  }

  #failed(why: string): void {
    this.#connecting = undefined;
    for (const call of this.#waiting) call.unconnected(why);
    this.#waiting.clear();
  }

  #connected(socket: Socket): void {
    this.#connecting = undefined;
    const keepAlive = setInterval(() => testConnection(connection), keepAliveMs).unref();
    const connection = new ClientConnection(socket, () => clearInterval(keepAlive));
    this.#connection = connection;
    for (const call of this.#waiting) call.start(connection, this.#encodeHeaders);
    this.#waiting.clear();
  }

  /** Most calls of a method may take equally long. */
  readonly #encodeHeaders = (path: string, wantedMs: number): Buffer => {
    const timeoutMs = Math.min(wantedMs, maxTimeoutMs);
    const known = this.#headers.get(path);
    if (known?.timeoutMs === timeoutMs) return known.block;
    const block = encodeHeaders([
      [":method", "POST"],
      [":scheme", this.#url.protocol.slice(0, -1)],
      [":path", path],
      [":authority", this.#url.host],
      ["content-type", "application/grpc"],
      ["te", "trailers"],
      ["grpc-timeout", `${timeoutMs}m`],
    ]);
    this.#headers.set(path, { timeoutMs, block });
    return block;
  };
}

/** Ends a connection whose peer no longer answers. */
function testConnection(connection: ClientConnection): void {
  const dead = setTimeout(() => connection.destroy("keepalive timed out"), keepAliveTimeoutMs).unref();
  connection.ping(() => clearTimeout(dead));
}
