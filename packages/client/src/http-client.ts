import { buildConnector, type Dispatcher, Pool } from "undici";
import type { Clock } from "@kube-ts/std/clock";
import type { Registry } from "@kube-ts/std/metrics";
import type { ClientConfig } from "./client-config.ts";
import { type ClientMetrics, clientMetrics } from "./client-metrics.ts";
import { createCredentials, type Credentials } from "./credentials.ts";
import { KubeconfigError } from "./kubeconfig.ts";
import { loadTlsMaterial } from "./tls-material.ts";
import { TokenBucket } from "./token-bucket.ts";
import { transportError } from "./transport-error.ts";

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
const keepAliveMs = 30_000;
const defaultMaxConnections = 100;

/** A connection is replaced after this time, so that rotated certificates come into use. */
const connectionTtlMs = 5 * 60_000;

/** How often a request is sent again because the server asked for patience. */
const maxRetries = 10;
const maxRetryAfterSeconds = 30;

/**
 * HTTP/1.1 exchanges with one server: connection reuse, credentials, rate limit, and retries that are safe: answers
 * 429 and 503 (for reads any 5xx) with `Retry-After`, refused credentials that can be renewed, and reads whose
 * kept-alive connection had died.
 */
export class HttpClient implements AsyncDisposable {
  readonly #options: HttpClientOptions;
  readonly #credentials: Credentials;
  readonly #limiter: TokenBucket | undefined;
  readonly #metrics: ClientMetrics;
  readonly #origin: string;
  readonly #prefix: string;
  readonly #connect: (connections?: number) => Pool;
  #requests: Pool;
  #streams: Pool;

  constructor(config: ClientConfig, options: HttpClientOptions) {
    const url = new URL(config.server);
    const { qps = 50, burst = 100, clock, maxConnections = defaultMaxConnections } = options;
    this.#options = options;
    this.#credentials = createCredentials(config, clock);
    this.#limiter = qps < 0 ? undefined : new TokenBucket(clock, qps, burst);
    this.#metrics = clientMetrics(options.registry, url.host);
    this.#origin = url.origin;
    this.#prefix = url.pathname.replace(/\/+$/, "");
    const pool = {
      connect: currentTlsConnector(config, this.#credentials),
      allowH2: false,
      keepAliveTimeout: keepAliveMs,
      clientTtl: connectionTtlMs,
      headersTimeout: 0,
      bodyTimeout: 0,
    };
    this.#connect = (connections) => new Pool(url.origin, connections === undefined ? pool : { ...pool, connections });
    this.#requests = this.#connect(maxConnections);
    this.#streams = this.#connect();
  }

  /** Uses new connections from now on. Streams are broken off; other requests end on the old connections. */
  async reconnect(): Promise<void> {
    const [requests, streams] = [this.#requests, this.#streams];
    this.#requests = this.#connect(this.#options.maxConnections ?? defaultMaxConnections);
    this.#streams = this.#connect();
    await Promise.all([requests.close(), streams.destroy()]);
  }

  /** Resolves with any answer; rejects with a TransportError, a KubeconfigError (credentials) or the signal's reason. */
  async send(request: HttpRequest): Promise<HttpResponse> {
    const signal = request.signal ?? neverAborted;
    await this.#waitForTurn(request, signal);
    let renewed = false;
    for (let attempt = 0; ; attempt += 1) {
      const response = await this.#sendReusing(request, signal);
      const waitSeconds = retryAfterSeconds(request.method, response);
      if (response.status === 401 && !renewed && this.#credentials.invalidate()) renewed = true;
      else if (waitSeconds === undefined || attempt >= maxRetries) return response;
      response.discard();
      if (waitSeconds !== undefined) await this.#options.clock.sleep(waitSeconds * 1_000, signal);
    }
  }

  /** Breaks off everything that is under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#requests.destroy(), this.#streams.destroy()]);
  }

  async #waitForTurn(request: HttpRequest, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!this.#limiter) return;
    const startMs = this.#options.clock.monotonicMs();
    await this.#limiter.take(signal);
    this.#metrics.rateLimited(request.method, (this.#options.clock.monotonicMs() - startMs) / 1_000);
  }

  /** A server may close an idle connection just as a read goes out on it: such a read is sent once more. */
  async #sendReusing(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    try {
      return await this.#sendOnce(request, signal);
    } catch (error) {
      const code = (error as { readonly code?: unknown }).code;
      const idle = code === "UND_ERR_SOCKET" || code === "ECONNRESET" || code === "EPIPE";
      if (!idle || signal.aborted || !isRead(request.method)) throw error;
      return this.#sendOnce(request, signal);
    }
  }

  async #sendOnce(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    const action = `${request.method} ${this.#origin}${this.#prefix}${request.path}`;
    const startMs = this.#options.clock.monotonicMs();
    const seconds = () => (this.#options.clock.monotonicMs() - startMs) / 1_000;
    const headers = await this.#headers(request, signal);
    try {
      const answer = await (request.stream ? this.#streams : this.#requests).request({
        method: request.method,
        path: `${this.#prefix}${request.path}`,
        headers,
        body: request.body ?? null,
        signal,
        headersTimeout: request.headersTimeoutMs,
        bodyTimeout: request.idleTimeoutMs,
      });
      this.#metrics.requestDone(String(answer.statusCode), request.method, seconds());
      return toResponse(answer, action, signal);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      this.#metrics.requestDone("<error>", request.method, seconds());
      throw failure(action, error);
    }
  }

  async #headers(request: HttpRequest, signal: AbortSignal): Promise<Record<string, string | string[]>> {
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

const neverAborted = new AbortController().signal;

/** Reads certificates and keys at each new connection, so that a rotated file needs no restart. */
function currentTlsConnector(config: ClientConfig, credentials: Credentials): buildConnector.connector {
  let current: { readonly fingerprint: string; readonly connect: buildConnector.connector } | undefined;
  return (options, connected) => {
    loadTlsMaterial(config.tls, credentials, AbortSignal.timeout(connectTimeoutMs)).then(
      (material) => {
        if (current?.fingerprint !== material.fingerprint) {
          const connect = buildConnector({ ...material.options, allowH2: false, timeout: connectTimeoutMs });
          current = { fingerprint: material.fingerprint, connect };
        }
        current.connect(options, connected);
      },
      (error: unknown) => connected(error instanceof Error ? error : new Error(String(error)), null),
    );
  };
}

function toResponse(answer: Dispatcher.ResponseData, action: string, signal: AbortSignal): HttpResponse {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value !== undefined) headers[name] = typeof value === "string" ? value : value.join(", ");
  }
  const { body } = answer;
  return {
    status: answer.statusCode,
    headers,
    body: { [Symbol.asyncIterator]: () => readChunks(body, action, signal) },
    // An ignored error listener: destroying a body that is under way makes it fail, and nobody reads it any more.
    discard: () => void body.on("error", () => {}).destroy(),
  };
}

async function* readChunks(body: AsyncIterable<unknown>, action: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of body) yield chunk as Buffer;
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw failure(action, error);
  }
}

function failure(action: string, error: unknown): Error {
  return error instanceof KubeconfigError ? error : transportError(action, error);
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
