import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { listenHost } from "./bind-address.ts";
import { type HealthCheck, pingCheck, reportHealth } from "./health.ts";
import { listen } from "./listen.ts";
import type { Logger } from "./log.ts";
import type { Registry } from "./metrics.ts";
import { createServer } from "./node-http.ts";
import { requestTarget } from "./request-target.ts";
import { type TlsProtocol, defaultTlsProtocol } from "./tls-protocol.ts";
import { type ZPages, zpagePaths } from "./zpages.ts";

/** PEM texts of a serving identity. */
export interface ServingTls {
  readonly cert: string;
  readonly key: string;
  /** Authorities of client certificates; clients are asked for one, and `authorize` decides what it means. */
  readonly clientCa?: string;
  /** What is spoken; strong ciphers of TLS 1.2 and 1.3 when left out. */
  readonly protocol?: TlsProtocol;
}

export interface AccessDenied {
  readonly status: 401 | 403;
  readonly message: string;
}

export interface ServingOptions {
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  /** Without it the listener speaks plain HTTP. */
  readonly tls?: ServingTls;
  /** What `/metrics` shows; without it there is no such path. */
  readonly registry?: Registry;
  /** Checks of `/healthz` and `/livez`; `ping` comes first by itself. */
  readonly liveness?: readonly HealthCheck[];
  /** Checks of `/readyz` in addition to those of liveness. */
  readonly readiness?: readonly HealthCheck[];
  /** Asked for every path except the health endpoints; undefined lets the request pass. */
  authorize?(request: IncomingMessage): Promise<AccessDenied | undefined>;
  /** Further paths, matched exactly. */
  readonly routes?: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => void>>;
  /** Pages about the process; without it there are none. */
  readonly zpages?: ZPages | undefined;
  readonly log: Logger;
}

/** A running listener; disposing it stops accepting and waits for what is in flight. */
export interface ServingHandle extends AsyncDisposable {
  readonly port: number;
  /** Serves new connections with another certificate. */
  setTls(tls: ServingTls): void;
}

/** Serves health endpoints and metrics. Rejects when the address cannot be bound. */
export async function startServing(options: ServingOptions): Promise<ServingHandle> {
  const handler = (request: IncomingMessage, response: ServerResponse) => {
    answer(options, request, response).catch((error: unknown) => {
      options.log.error("request failed", { path: request.url, error });
      response.destroy();
    });
  };
  const tlsServer = options.tls ? createTlsServer(tlsOptions(options.tls), handler) : undefined;
  const server: Server = tlsServer ?? createServer(handler);
  const port = await listen(server, { port: options.port, host: listenHost(options.host) });
  return {
    port,
    setTls: (tls) => tlsServer?.setSecureContext(tlsOptions(tls)),
    [Symbol.asyncDispose]: () => closeServer(server),
  };
}

function tlsOptions(tls: ServingTls) {
  return {
    cert: tls.cert,
    key: tls.key,
    ...(tls.protocol ?? defaultTlsProtocol),
    ...(tls.clientCa === undefined ? {} : { ca: tls.clientCa, requestCert: true, rejectUnauthorized: false }),
  };
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}

async function answer(options: ServingOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { path, query } = requestTarget(request);
  const health = /^\/(healthz|livez|readyz)(?:\/(.+))?$/.exec(path);
  if (health) {
    const [, endpoint = "", subject] = health;
    const report = await reportHealth(endpoint, checksOf(options, endpoint), subject, query, options.log);
    sendText(response, report.status, report.body);
    return;
  }
  const denied = await options.authorize?.(request);
  if (denied) {
    sendText(response, denied.status, `${denied.message}\n`);
    return;
  }
  if (options.registry && path === "/metrics") {
    sendText(response, 200, await options.registry.metrics(), options.registry.contentType);
    return;
  }
  const page = await options.zpages?.page(path, request.headers.accept, pathsOf(options));
  if (page) {
    if (page.warning !== undefined) response.setHeader("warning", page.warning);
    sendText(response, page.status, page.body, page.contentType);
    return;
  }
  const route = options.routes && Object.hasOwn(options.routes, path) ? options.routes[path] : undefined;
  if (route) route(request, response);
  else sendText(response, 404, "404 page not found\n");
}

function pathsOf({ registry, routes }: ServingOptions): readonly string[] {
  const own = ["/healthz", "/livez", "/readyz", ...zpagePaths, ...Object.keys(routes ?? {})];
  return registry ? [...own, "/metrics"] : own;
}

function checksOf(options: ServingOptions, endpoint: string): readonly HealthCheck[] {
  const live = [pingCheck, ...(options.liveness ?? [])];
  return endpoint === "readyz" ? [...live, ...(options.readiness ?? [])] : live;
}

function sendText(
  response: ServerResponse,
  status: number,
  body: string,
  contentType = "text/plain; charset=utf-8",
): void {
  response.writeHead(status, {
    "content-type": contentType,
    "content-length": Buffer.byteLength(body),
    "x-content-type-options": "nosniff",
    "cache-control": "no-cache, private",
  });
  response.end(response.req.method === "HEAD" ? undefined : body);
}
