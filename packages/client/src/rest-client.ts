import type { KubeObject } from "@kube-ts/api/object";
import type { ResourceType } from "@kube-ts/api/resource-type";
import { systemClock } from "@kube-ts/std/clock";
import { formatDuration } from "@kube-ts/std/duration";
import type { Client, RawRequest, RawResponse, ResourceClient } from "./client.ts";
import type { ClientConfig } from "./client-config.ts";
import { deadlineSlackMs, HttpClient, type HttpClientOptions } from "./http-client.ts";
import { readBody } from "./response-body.ts";
import { RestResource } from "./rest-resource.ts";
import { parseWarnings } from "./warning-header.ts";

export interface ClientOptions extends Omit<HttpClientOptions, "clock"> {
  readonly clock?: HttpClientOptions["clock"];
  /** Called with each warning that the server sends along with an answer to a typed request. */
  readonly onWarning?: (text: string) => void;
  /** Largest answer that is read into memory, in bytes. Default 256 MiB. */
  readonly maxBodyBytes?: number;
  /** Longest wait for a typed request that sets no deadline, in milliseconds. Default 60 s. */
  readonly requestTimeoutMs?: number;
}

const defaultMaxBodyBytes = 256 * 1024 * 1024;
const defaultRequestTimeoutMs = 60_000;

/** A client whose certificate may be exchanged while it is in use. */
export interface ReconnectingClient extends Client {
  /** Shows the certificate as it is now, on new connections. Streams are broken off; other requests end first. */
  reconnect(): Promise<void>;
}

/** A client of the configured API server. It connects when first used. */
export function createClient(config: ClientConfig, options: ClientOptions): ReconnectingClient {
  const http = new HttpClient(config, { ...options, clock: options.clock ?? systemClock });
  const settings = {
    maxBodyBytes: options.maxBodyBytes ?? defaultMaxBodyBytes,
    requestTimeoutMs: options.requestTimeoutMs ?? defaultRequestTimeoutMs,
    onWarning: options.onWarning ?? (() => {}),
  };
  return {
    resource: <T extends KubeObject>(type: ResourceType<T>): ResourceClient<T> =>
      new RestResource<T>(type, http, settings),
    raw: (request) => sendRaw(http, request, settings.maxBodyBytes),
    reconnect: () => http.reconnect(),
    [Symbol.asyncDispose]: () => http[Symbol.asyncDispose](),
  };
}

/** A raw answer may stream for as long as it likes; only a given `timeoutMs` bounds the wait for its headers. */
async function sendRaw(http: HttpClient, request: RawRequest, maxBodyBytes: number): Promise<RawResponse> {
  const { timeoutMs = 0 } = request;
  const response = await http.send({
    method: request.method,
    path: timeoutMs > 0 ? withTimeoutQuery(request.path, timeoutMs) : request.path,
    ...(request.headers && { headers: request.headers }),
    ...(request.body !== undefined && { body: request.body }),
    signal: request.signal,
    stream: true,
    headersTimeoutMs: timeoutMs > 0 ? timeoutMs + deadlineSlackMs : 0,
    idleTimeoutMs: 0,
  });
  return {
    status: response.status,
    headers: response.headers,
    warnings: parseWarnings(response.headers["warning"]),
    body: response.body,
    text: async () => (await readBody(response, maxBodyBytes)).toString("utf8"),
  };
}

function withTimeoutQuery(path: string, timeoutMs: number): string {
  return `${path}${path.includes("?") ? "&" : "?"}timeout=${formatDuration(timeoutMs)}`;
}
