import { STATUS_CODES } from "@kube-ts/std/node-http";
import type { Client, RawResponse } from "@kube-ts/client/client";
import { apiErrorFromResponse } from "@kube-ts/client/server-error";
import { isRecord } from "@kube-ts/std/config-schema";
import { TransportError } from "@kube-ts/client/transport-error";
import { splitLines } from "@kube-ts/client/watch-stream";
import type { LoggedRequest, RequestLog } from "./request-log.ts";

export type JsonObject = Record<string, unknown>;
export type QueryValue = string | number | boolean | readonly string[] | undefined;
export type Query = Readonly<Record<string, QueryValue>>;

export interface ApiRequest {
  readonly method?: string;
  /** Without its query. */
  readonly path: string;
  readonly query?: Query;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly accept?: string;
  readonly signal?: AbortSignal;
}

export interface WatchedEvent {
  readonly type: string;
  readonly object: JsonObject;
}

/** Asks for a table where the server can make one. */
export const tableAccept =
  "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";

/** Where requests are logged, and what of them only the connection knows. */
export interface ApiLog {
  readonly requests: RequestLog;
  /** What comes before the path. */
  readonly server: string;
  /** The headers that the client adds. */
  readonly headers: LoggedRequest["headers"];
  readonly nowMs: () => number;
}

export interface ApiOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly onWarning: (text: string) => void;
  readonly log: ApiLog;
}

/**
 * Requests for objects whose kind is known only at run time. Failures are an `ApiError` (the server's Status) or a
 * `TransportError` (no answer).
 */
export class Api {
  readonly #client: Client;
  readonly #signal: AbortSignal;
  readonly #timeoutMs: number;
  readonly #onWarning: (text: string) => void;
  readonly #log: ApiLog;

  constructor(client: Client, options: ApiOptions) {
    this.#client = client;
    this.#signal = options.signal;
    this.#timeoutMs = options.timeoutMs;
    this.#onWarning = options.onWarning;
    this.#log = options.log;
  }

  /** The answer as a JSON object. */
  async json(request: ApiRequest): Promise<JsonObject> {
    const response = await this.#send(request);
    const text = await this.#read(response);
    try {
      const value: unknown = JSON.parse(text);
      if (isRecord(value)) return value;
    } catch (cause) {
      throw new TransportError(`the answer with status ${response.status} is not JSON`, "", { cause });
    }
    throw new TransportError(`the answer with status ${response.status} is not a JSON object`, "");
  }

  async text(request: ApiRequest): Promise<string> {
    return this.#read(await this.#send(request));
  }

  /** The answer in pieces, as it comes. */
  async stream(request: ApiRequest): Promise<AsyncIterable<Buffer>> {
    return (await this.#send(request)).body;
  }

  /** The events of a watch until the server, the signal or the request timeout ends it. */
  async *watch(request: ApiRequest): AsyncGenerator<WatchedEvent> {
    const own = request.signal ?? this.#signal;
    const deadline = this.#timeoutMs > 0 ? AbortSignal.timeout(this.#timeoutMs) : undefined;
    const signal = deadline ? AbortSignal.any([own, deadline]) : own;
    try {
      const body = await this.stream({ ...request, signal, query: { ...request.query, watch: true } });
      for await (const line of splitLines(body)) yield JSON.parse(line.toString("utf8")) as WatchedEvent;
    } catch (error) {
      if (!deadline?.aborted || own.aborted) throw error;
    }
  }

  async #send(request: ApiRequest): Promise<RawResponse> {
    const { method = "GET", path, query = {}, body, contentType = "application/json" } = request;
    const encoded = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
    const headers = {
      accept: request.accept ?? "application/json",
      ...(encoded !== undefined && { "content-type": contentType }),
    };
    const { requests, server, headers: added, nowMs } = this.#log;
    const logged = { method, url: server + path + queryString(query) };
    requests.request({ ...logged, headers: { ...headers, ...added }, body: encoded });
    const startMs = nowMs();
    const response = await this.#client.raw({
      method,
      path: path + queryString(query),
      headers,
      ...(encoded !== undefined && { body: encoded }),
      signal: request.signal ?? this.#signal,
      timeoutMs: this.#timeoutMs,
    });
    const { status } = response;
    requests.response(logged, {
      status: `${status} ${STATUS_CODES[status] ?? ""}`.trimEnd(),
      headers: response.headers,
      elapsedMs: nowMs() - startMs,
    });
    for (const warning of response.warnings) this.#onWarning(warning);
    if (status >= 400) {
      const subject = { verb: method, group: "", resource: "", name: "" };
      throw apiErrorFromResponse(status, await this.#read(response), undefined, subject);
    }
    return response;
  }

  async #read(response: RawResponse): Promise<string> {
    const text = await response.text();
    this.#log.requests.responseBody(text);
    return text;
  }
}

export function queryString(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const each of Array.isArray(value) ? value : [value]) parameters.append(name, String(each));
  }
  return parameters.size === 0 ? "" : `?${parameters.toString()}`;
}
