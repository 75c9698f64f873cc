import { connect, constants } from "node:http2";
import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders, IncomingHttpStatusHeader } from "node:http2";
import { CallError, grpcStatus } from "./errors.ts";
import { FramedMessage, framed } from "./framed-message.ts";

/** Credentials of a TLS connection to etcd, PEM. */
export interface EtcdTls {
  /** The authorities of the members' certificates; those of the system if left out. */
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

export interface UnaryOptions {
  readonly signal: AbortSignal;
  /** Wall-clock milliseconds at which the call fails. */
  readonly deadlineMs: number;
}

/** How often a connection is tested, and how long the answer may take before it counts as dead. */
const keepAliveMs = 30_000;
const keepAliveTimeoutMs = 10_000;
/** How much of its answers a member may have under way at a time. */
const windowBytes = 4 * 1024 * 1024;
/** Node.js refuses new streams of a connection beyond this. */
const sessionMemoryMiB = 4096;

/**
 * Unary gRPC calls to one member of etcd, straight over HTTP/2: half of what such a call costs through a gRPC library
 * is the library (docs/adr/0002). The connection is made by the first call, and again by the first call after a loss.
 */
export class UnaryConnection {
  readonly #url: string;
  readonly #tls: EtcdTls | undefined;
  #session: ClientHttp2Session | undefined;
  #closed = false;

  constructor(url: string, tls: EtcdTls | undefined) {
    this.#url = url;
    this.#tls = tls;
  }

  /**
   * Calls a method, such as `/etcdserverpb.KV/Range`, with an encoded message; resolves with the encoded answer.
   * Rejects with a `CallError` or the signal's reason.
   */
  call(path: string, message: Buffer, { signal, deadlineMs }: UnaryOptions): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const session = this.#connected();
      const timeoutMs = Math.max(1, Math.ceil(deadlineMs - Date.now()));
      const stream = session.request({
        ":method": "POST",
        ":path": path,
        "content-type": "application/grpc",
        te: "trailers",
        "grpc-timeout": `${Math.min(timeoutMs, 99_999_999)}m`,
      });
      const cancel = (error: Error) => {
        reject(error);
        stream.close(constants.NGHTTP2_CANCEL);
      };
      const onAbort = () => cancel(signal.reason as Error);
      const timer = setTimeout(() => {
        cancel(
          session.connecting ? neverConnected("timed out") : new CallError(grpcStatus.deadlineExceeded, "timed out"),
        );
        if (session.connecting) session.destroy();
      }, timeoutMs);
      signal.addEventListener("abort", onAbort);
      const answer = new Answer(stream);
      stream.once("close", () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", onAbort);
        const outcome = answer.outcome();
        if (outcome instanceof Buffer) resolve(outcome);
        else reject(outcome);
      });
      stream.end(framed(message));
    });
  }

  /** Ends the connection and the calls on it. */
  close(): void {
    this.#closed = true;
    this.#session?.destroy();
  }

  #connected(): ClientHttp2Session {
    if (this.#closed) throw neverConnected("the client is closed");
    this.#session ??= this.#connect();
    return this.#session;
  }

  #connect(): ClientHttp2Session {
    const session = connect(this.#url, {
      ...this.#tls,
      settings: { enablePush: false, initialWindowSize: windowBytes },
      maxSessionMemory: sessionMemoryMiB,
    });
    const forget = () => {
      if (this.#session === session) this.#session = undefined;
    };
    let keepAlive: NodeJS.Timeout | undefined;
    session.once("connect", () => {
      session.setLocalWindowSize(windowBytes);
      keepAlive = setInterval(() => testConnection(session), keepAliveMs).unref();
    });
    session.once("goaway", forget);
    // The streams of the connection tell their callers.
    session.on("error", forget);
    session.once("close", () => {
      clearInterval(keepAlive);
      forget();
    });
    return session;
  }
}

/** What arrives on the stream of one call. */
class Answer {
  readonly #stream: ClientHttp2Stream;
  readonly #message = new FramedMessage();
  #headers: (IncomingHttpHeaders & IncomingHttpStatusHeader) | undefined;
  #trailers: IncomingHttpHeaders | undefined;
  #error: Error | undefined;

  constructor(stream: ClientHttp2Stream) {
    this.#stream = stream;
    stream.on("response", (headers) => {
      this.#headers = headers;
    });
    stream.on("data", (chunk: Buffer) => this.#message.add(chunk));
    stream.on("trailers", (headers) => {
      this.#trailers = headers;
    });
    stream.on("error", (error) => {
      this.#error = error;
    });
  }

  /** The answer's message, or why there is none; for a stream that has closed. */
  outcome(): Buffer | CallError {
    const status = this.#trailers?.["grpc-status"] ?? this.#headers?.["grpc-status"];
    if (status === undefined) return this.#lost();
    const code = Number(status);
    if (code === grpcStatus.ok) return this.#message.whole() ?? notOneMessage();
    const text = this.#trailers?.["grpc-message"] ?? this.#headers?.["grpc-message"] ?? "";
    return new CallError(code, decodeText(String(text)));
  }

  #lost(): CallError {
    const why = this.#error?.message ?? "the stream ended without a status";
    // A stream gets its id when it is sent.
    if (this.#stream.id === undefined) return neverConnected(why);
    const httpStatus = this.#headers?.[":status"];
    if (httpStatus !== undefined && httpStatus !== 200) {
      return new CallError(grpcStatus.unavailable, `HTTP status ${httpStatus} instead of an answer`);
    }
    return new CallError(grpcStatus.unavailable, `Connection dropped: ${why}`);
  }
}

function notOneMessage(): CallError {
  return new CallError(grpcStatus.internal, "the answer is not one uncompressed message");
}

function neverConnected(why: string): CallError {
  return new CallError(grpcStatus.unavailable, `No connection established: ${why}`);
}

/** Ends a connection whose peer no longer answers. */
function testConnection(session: ClientHttp2Session): void {
  if (session.closed || session.destroyed) return;
  const dead = setTimeout(() => session.destroy(new Error("keepalive timed out")), keepAliveTimeoutMs).unref();
  session.ping(() => clearTimeout(dead));
}

/** gRPC escapes its messages as URLs do. */
function decodeText(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
