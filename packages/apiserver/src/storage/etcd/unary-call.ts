import type { ClientConnection, StreamEnd, StreamListener } from "../http2/client-connection.ts";
import type { HeaderFields } from "../http2/hpack.ts";
import { CallError, grpcStatus } from "./errors.ts";
import { FramedMessage } from "./framed-message.ts";

export interface UnaryOptions {
  readonly signal: AbortSignal;
  /** Wall-clock milliseconds at which the call fails. */
  readonly deadlineMs: number;
}

/** A call as it is sent. */
export interface UnaryRequest extends UnaryOptions {
  /** Such as `/etcdserverpb.KV/Range`. */
  readonly path: string;
  /** In its frame. */
  readonly body: Buffer;
}

/** Encodes the header fields of a call that may take so long. */
export type EncodeCallHeaders = (path: string, timeoutMs: number) => Buffer;

/** One call: waits for a connection, then for the answer, and for no longer than it may. */
export class UnaryCall implements StreamListener {
  /** Resolves with the encoded answer; rejects with a `CallError` or the signal's reason. */
  readonly answer: Promise<Buffer>;
  readonly #request: UnaryRequest;
  readonly #settled = Promise.withResolvers<Buffer>();
  readonly #message = new FramedMessage();
  readonly #timer: NodeJS.Timeout;
  readonly #timeoutMs: number;
  readonly #onAbort = () => this.#giveUp(this.#request.signal.reason as Error);
  #stream: Disposable | undefined;
  #headers: HeaderFields | undefined;
  #trailers: HeaderFields | undefined;

  /** `onUnconnected` is called when time runs out before there is a connection. */
  constructor(request: UnaryRequest, onUnconnected: () => void) {
    this.#request = request;
    this.answer = this.#settled.promise;
    this.#timeoutMs = Math.max(1, Math.ceil(request.deadlineMs - Date.now()));
    this.#timer = setTimeout(() => {
      if (this.#stream) return this.#giveUp(new CallError(grpcStatus.deadlineExceeded, "timed out"));
      this.#giveUp(neverConnected("timed out"));
      onUnconnected();
    }, this.#timeoutMs);
    request.signal.addEventListener("abort", this.#onAbort);
  }

  start(connection: ClientConnection, encodeHeaders: EncodeCallHeaders): void {
    const { path, body, signal } = this.#request;
    if (signal.aborted) return;
    this.#stream = connection.request(encodeHeaders(path, this.#timeoutMs), body, this);
  }

  /** Ends a call that was never sent. */
  unconnected(why: string): void {
    this.#giveUp(neverConnected(why));
  }

  onHeaders(fields: HeaderFields): void {
    if (this.#headers) this.#trailers = fields;
    else this.#headers = fields;
  }

  onData(bytes: Buffer): void {
    this.#message.add(bytes);
  }

  onEnd(end: StreamEnd): void {
    this.#settle();
    const outcome = this.#outcome(end);
    if (outcome instanceof Buffer) this.#settled.resolve(outcome);
    else this.#settled.reject(outcome);
  }

  #giveUp(error: Error): void {
    this.#settle();
    this.#settled.reject(error);
    this.#stream?.[Symbol.dispose]();
  }

  #settle(): void {
    clearTimeout(this.#timer);
    this.#request.signal.removeEventListener("abort", this.#onAbort);
  }

  #outcome(end: StreamEnd): Buffer | CallError {
    const field = (name: string) => this.#trailers?.get(name) ?? this.#headers?.get(name);
    const status = field("grpc-status");
    if (status === undefined) return this.#lost(end);
    const code = Number(status);
    if (code === grpcStatus.ok) return this.#message.whole() ?? notOneMessage();
    return new CallError(code, decodeText(field("grpc-message") ?? ""));
  }

  #lost(end: StreamEnd): CallError {
    if (end !== "complete" && "refused" in end) return neverConnected(end.refused);
    const httpStatus = this.#headers?.get(":status");
    if (httpStatus !== undefined && httpStatus !== "200") {
      return new CallError(grpcStatus.unavailable, `HTTP status ${httpStatus} instead of an answer`);
    }
    const why = end === "complete" ? "the stream ended without a status" : end.lost;
    return new CallError(grpcStatus.unavailable, `Connection dropped: ${why}`);
  }
}

function notOneMessage(): CallError {
  return new CallError(grpcStatus.internal, "the answer is not one uncompressed message");
}

function neverConnected(why: string): CallError {
  return new CallError(grpcStatus.unavailable, `No connection established: ${why}`);
}

/** gRPC escapes its messages as URLs do. */
function decodeText(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
