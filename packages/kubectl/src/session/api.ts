import type { Client, RawResponse } from "@kube-ts/client/client";
import { apiErrorFromResponse } from "@kube-ts/client/server-error";
import { isRecord } from "@kube-ts/std/config-schema";
import { TransportError } from "@kube-ts/client/transport-error";
import { splitLines } from "@kube-ts/client/watch-stream";

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

/**
 * Requests for objects whose kind is known only at run time. Failures are an `ApiError` (the server's Status) or a
 * `TransportError` (no answer).
 */
export class Api {
  readonly #client: Client;
  readonly #signal: AbortSignal;
  readonly #timeoutMs: number;
  readonly #onWarning: (text: string) => void;

  constructor(client: Client, options: { signal: AbortSignal; timeoutMs: number; onWarning: (text: string) => void }) {
    this.#client = client;
    this.#signal = options.signal;
    this.#timeoutMs = options.timeoutMs;
    this.#onWarning = options.onWarning;
  }

  /** The answer as a JSON object. */
  async json(request: ApiRequest): Promise<JsonObject> {
    const response = await this.#send(request);
    const text = await response.text();
    try {
      const value: unknown = JSON.parse(text);
      if (isRecord(value)) return value;
    } catch (cause) {
      throw new TransportError(`the answer with status ${response.status} is not JSON`, "", { cause });
    }
    throw new TransportError(`the answer with status ${response.status} is not a JSON object`, "");
  }

  async text(request: ApiRequest): Promise<string> {
    return (await this.#send(request)).text();
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
    const response = await this.#client.raw({
      method,
      path: path + queryString(query),
      headers: {
        accept: request.accept ?? "application/json",
        ...(encoded !== undefined && { "content-type": contentType }),
      },
      ...(encoded !== undefined && { body: encoded }),
      signal: request.signal ?? this.#signal,
      timeoutMs: this.#timeoutMs,
    });
    for (const warning of response.warnings) this.#onWarning(warning);
    if (response.status >= 400) {
      const subject = { verb: method, group: "", resource: "", name: "" };
      throw apiErrorFromResponse(response.status, await response.text(), undefined, subject);
    }
    return response;
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
