import type { Dispatcher } from "undici";
import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import type { Registry } from "@kube-ts/std/metrics";
import type { ClientConfig } from "./client-config.ts";
import { type ClientMetrics, clientMetrics } from "./client-metrics.ts";
import { createCredentials, type Credentials } from "./credentials.ts";
import { KubeconfigError } from "./kubeconfig.ts";
import type { ServerChoice } from "./server-choice.ts";
import { ServerConnection } from "./server-connection.ts";
import { type Readiness, ServerWatch, type WatchedExchange } from "./server-watch.ts";
import { TokenBucket } from "./token-bucket.ts";
import { TransportError, transportError } from "./transport-error.ts";

export interface HttpClientOptions {
  /** Such as `kube-scheduler/v1.36.0`. */
  readonly userAgent: string;
  readonly clock: Clock;
  /** Requests a second in the long run; negative for no limit. Default 50. */
  readonly qps?: number;
  /** Requests at once before the limit counts. Default 100. */
  readonly burst?: number;
  /** Connections for requests that are not streams; further ones wait. Default 100. */
  readonly maxConnections?: number;
  readonly registry?: Registry;
  /** Told when one of several servers is left for another. */
  readonly log?: Logger;
}

export interface HttpRequest {
  readonly method: string;
  /** Path with its query, starting with a slash. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
  readonly signal?: AbortSignal | undefined;
  /** A stream gets a connection of its own, for as long as its body is read. */
  readonly stream: boolean;
  /** Longest wait for the headers of the answer, and between pieces of its body; 0 for no limit. */
  readonly headersTimeoutMs: number;
  readonly idleTimeoutMs: number;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Fails with a TransportError, or with the signal's reason. Must be read or destroyed. */
  readonly body: AsyncIterable<Buffer>;
  /** Gives up the body and its connection. */
  discard(): void;
}

/** Time that an answer may take beyond the deadline that the server was given. */
export const deadlineSlackMs = 5_000;

const connectTimeoutMs = 10_000;
/** With other servers to turn to. */
const impatientConnectTimeoutMs = 4_000;
const defaultMaxConnections = 100;

/** How often a request is sent again because the server asked for patience. */
const maxRetries = 10;
const maxRetryAfterSeconds = 30;

/**
 * HTTP/1.1 exchanges with an API server: connection reuse, credentials, rate limit, and retries that are safe: answers
 * 429 and 503 (for reads any 5xx) with `Retry-After`, refused credentials that can be renewed, and reads whose
 * kept-alive connection had died. Where the configuration names several servers, it stays with one and turns to
 * another when that one cannot be reached, hangs, is not ready or shuts down. What was certainly not sent, and reads,
 * are then sent to the other; a write whose outcome is unknown is its caller's.
 */
export class HttpClient implements AsyncDisposable {
  readonly #options: HttpClientOptions;
  readonly #credentials: Credentials;
  readonly #limiter: TokenBucket | undefined;
  readonly #servers: readonly Server[];
  readonly #choice: ServerChoice | undefined;
  readonly #watch: ServerWatch | undefined;

  constructor(config: ClientConfig, options: HttpClientOptions) {
    const { qps = 50, burst = 100, clock, maxConnections = defaultMaxConnections } = options;
    this.#options = options;
    this.#credentials = createCredentials(config, clock);
    this.#limiter = qps < 0 ? undefined : new TokenBucket(clock, qps, burst);
    this.#choice = config.servers;
    const limits = { maxConnections, connectTimeoutMs: this.#choice ? impatientConnectTimeoutMs : connectTimeoutMs };
    this.#servers = (this.#choice?.urls ?? [config.server]).map((url) => ({
      connection: new ServerConnection(url, config, this.#credentials, limits),
      metrics: clientMetrics(options.registry, new URL(url).host),
    }));
    if (this.#choice) {
      this.#watch = new ServerWatch(this.#servers.length, {
        clock,
        probe: (index, signal) => this.#probe(this.#at(index), signal),
        onLost: (...lost) => this.#leave(...lost),
      });
    }
  }

  /** Uses new connections from now on. Streams are broken off; other requests end on the old connections. */
  async reconnect(): Promise<void> {
    await Promise.all(this.#servers.map(({ connection }) => connection.reconnect()));
  }

  /** Resolves with any answer; rejects with a TransportError, a KubeconfigError (credentials) or the signal's reason. */
  async send(request: HttpRequest): Promise<HttpResponse> {
    const signal = request.signal ?? neverAborted;
    await this.#waitForTurn(request, signal);
    let renewed = false;
    for (let attempt = 0; ; attempt += 1) {
      const choice = this.#choice;
      const response = await (choice
        ? this.#sendToOneOf(choice, request, signal)
        : this.#sendReusing(0, request, signal));
      const waitSeconds = retryAfterSeconds(request.method, response);
      if (response.status === 401 && !renewed && this.#credentials.invalidate()) renewed = true;
      else if (waitSeconds === undefined || attempt >= maxRetries) return response;
      response.discard();
      if (waitSeconds !== undefined) await this.#options.clock.sleep(waitSeconds * 1_000, signal);
    }
  }

  /** Breaks off everything that is under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#watch?.[Symbol.dispose]();
    await Promise.all(this.#servers.map(({ connection }) => connection.destroy()));
  }

  #at(index: number): Server {
    const server = this.#servers[index];
    if (!server) throw new RangeError(`there is no server ${index}`);
    return server;
  }

  async #waitForTurn(request: HttpRequest, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!this.#limiter) return;
    const startMs = this.#options.clock.monotonicMs();
    await this.#limiter.take(signal);
    const { metrics } = this.#at(this.#choice?.current ?? 0);
    metrics.rateLimited(request.method, (this.#options.clock.monotonicMs() - startMs) / 1_000);
  }

  /** Sends to the server in use and, where that is safe, to the others in turn: to each of them once. */
  async #sendToOneOf(choice: ServerChoice, request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    const tried = new Set<number>();
    for (;;) {
      const index = choice.next(tried) ?? choice.current;
      tried.add(index);
      const isLast = tried.size === this.#servers.length;
      try {
        const response = await this.#sendReusing(index, request, signal);
        if (!isShuttingDown(response)) {
          choice.heard(index, this.#options.clock.monotonicMs());
          return response;
        }
        this.#turnAway(choice, index, "shutting down");
        if (isLast) return response;
        response.discard();
      } catch (error) {
        if (signal.aborted || !(error instanceof TransportError)) throw error;
        this.#turnAway(choice, index, error.message);
        if (isLast || !(error.wasNotSent || isRead(request.method))) throw error;
      }
    }
  }

  /** New requests go to another server. */
  #turnAway(choice: ServerChoice, index: number, reason: string): void {
    const wasInUse = choice.current === index;
    choice.failed(index, this.#options.clock.monotonicMs());
    if (!wasInUse) return;
    this.#options.log?.warn("API server left for another", {
      server: choice.url(index),
      other: choice.url(choice.current),
      reason,
    });
  }

  /** A server may close an idle connection just as a read goes out on it: such a read is sent once more. */
  async #sendReusing(index: number, request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    try {
      return await this.#sendOnce(index, request, signal);
    } catch (error) {
      const code = (error as { readonly code?: unknown }).code;
      const idle = code === "UND_ERR_SOCKET" || code === "ECONNRESET" || code === "EPIPE";
      if (!idle || signal.aborted || !isRead(request.method)) throw error;
      return this.#sendOnce(index, request, signal);
    }
  }

  async #sendOnce(index: number, request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    const { connection, metrics } = this.#at(index);
    const action = `${request.method} ${connection.origin}${connection.prefix}${request.path}`;
    const startMs = this.#options.clock.monotonicMs();
    const seconds = () => (this.#options.clock.monotonicMs() - startMs) / 1_000;
    const headers = await this.#headers(request, signal);
    const exchange = this.#watch?.begin(index, request.stream);
    try {
      const answer = await connection.send(
        {
          method: request.method,
          path: request.path,
          headers,
          body: request.body ?? null,
          signal,
          headersTimeout: request.headersTimeoutMs,
          bodyTimeout: request.idleTimeoutMs,
        },
        request.stream,
      );
      exchange?.heard();
      metrics.requestDone(String(answer.statusCode), request.method, seconds());
      return toResponse(answer, action, signal, exchange);
    } catch (error) {
      if (signal.aborted) this.#suspect(index, exchange);
      exchange?.end();
      if (signal.aborted) throw signal.reason;
      metrics.requestDone("<error>", request.method, seconds());
      if (error instanceof KubeconfigError) throw error;
      throw transportError(action, error, connection.wasNotSent(error));
    }
  }

  /** A caller has lost patience: where the server has been silent all the time, the next request goes elsewhere. */
  #suspect(index: number, exchange: WatchedExchange | undefined): void {
    if (!this.#choice || !exchange || exchange.silentMs() < suspiciousSilenceMs) return;
    this.#turnAway(this.#choice, index, "no answer before the caller's deadline");
  }

  /** Any answer but one that tells of trouble means that the server is ready: one may forbid the question. */
  async #probe({ connection }: Server, signal: AbortSignal): Promise<Readiness> {
    const headers = await this.#headers({}, signal);
    const options = { method: "GET", path: "/readyz", headers, signal } as const;
    const { statusCode, body } = await connection.send(options, true);
    await body.dump();
    return statusCode >= 500 || statusCode === 429 ? "notReady" : "ready";
  }

  #leave(index: number, other: number, reason: "silent" | "notReady"): void {
    const { connection } = this.#at(index);
    const lost = new Error(reason === "silent" ? "the server does not answer any more" : "the server is not ready");
    if (this.#choice?.current === index) {
      this.#turnAway(this.#choice, index, lost.message);
      this.#choice.use(other);
    }
    void connection.breakOff(lost, reason === "silent");
  }

  async #headers(
    request: Pick<HttpRequest, "headers">,
    signal: AbortSignal,
  ): Promise<Record<string, string | string[]>> {
    const headers: Record<string, string | string[]> = {
      accept: "application/json",
      "user-agent": this.#options.userAgent,
    };
    for (const [name, value] of Object.entries(await this.#credentials.headers(signal))) {
      headers[name] = typeof value === "string" ? value : [...value];
    }
    for (const [name, value] of Object.entries(request.headers ?? {})) headers[name.toLowerCase()] = value;
    return headers;
  }
}

interface Server {
  readonly connection: ServerConnection;
  readonly metrics: ClientMetrics;
}

/** From how much silence on a request that was given up counts against the server. */
const suspiciousSilenceMs = 2_000;

const neverAborted = new AbortController().signal;

function toResponse(
  answer: Dispatcher.ResponseData,
  action: string,
  signal: AbortSignal,
  exchange: WatchedExchange | undefined,
): HttpResponse {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value !== undefined) headers[name] = typeof value === "string" ? value : value.join(", ");
  }
  const { body } = answer;
  if (exchange) body.once("close", () => exchange.end());
  return {
    status: answer.statusCode,
    headers,
    body: { [Symbol.asyncIterator]: () => readChunks(body, action, signal, exchange) },
    // An ignored error listener: destroying a body that is under way makes it fail, and nobody reads it any more.
    discard: () => void body.on("error", () => {}).destroy(),
  };
}

async function* readChunks(
  body: AsyncIterable<unknown>,
  action: string,
  signal: AbortSignal,
  exchange: WatchedExchange | undefined,
): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of body) {
      exchange?.heard();
      yield chunk as Buffer;
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw error instanceof KubeconfigError ? error : transportError(action, error);
  }
}

/** The server serves no more, and says that it has not begun with the request. */
function isShuttingDown({ status, headers }: HttpResponse): boolean {
  return (status === 429 || status === 503) && headers["connection"]?.toLowerCase() === "close";
}

/** Seconds that the server asks to wait before the same request may be sent again; undefined when it does not ask. */
function retryAfterSeconds(method: string, { status, headers }: HttpResponse): number | undefined {
  const retriable = status === 429 || status === 503 || (status >= 500 && isRead(method));
  const seconds = Number(headers["retry-after"] || NaN);
  return retriable && seconds >= 0 ? Math.min(seconds, maxRetryAfterSeconds) : undefined;
}

function isRead(method: string): boolean {
  return method === "GET" || method === "HEAD";
}
