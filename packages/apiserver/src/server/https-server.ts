import { createServer } from "node:https";
import type { Server } from "node:https";
import { Server as TcpServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { listenHost } from "@kube-ts/std/bind-address";
import { listen } from "@kube-ts/std/listen";
import { IncomingMessage, ServerResponse } from "@kube-ts/std/node-http";
import { Counter } from "@kube-ts/std/metrics";
import type { Duplex } from "node:stream";
import express from "express";
import type { ApiServerConfig } from "../config/server-config.ts";
import type { BrowserConfig } from "../config/browsers.ts";
import type { ServingConfig } from "../config/serving.ts";
import { browserHeaders } from "./browser-headers.ts";
import type { ServerEnvironment } from "./environment.ts";
import { frontFilters } from "./front-filters.ts";
import type { RequestChain } from "./request-chain.ts";
import { ThrottledSocket } from "./throttled-socket.ts";
import type { ServingTls } from "./serving-tls.ts";
import type { Shutdown } from "./shutdown.ts";

const idleCheckMs = 50;
/** How long idle connections stay open at the end. */
const lingerMs = 1_000;
/** How long connections get to close after the last request that had a deadline. */
const closeMs = 5_000;

/** Listens for requests; resolves when clients can connect. */
export async function openHttpsServer(
  config: ApiServerConfig,
  tls: ServingTls,
  chain: RequestChain,
  shutdown: Shutdown,
  environment: ServerEnvironment,
): Promise<HttpsServer> {
  const { serving, requests, lifecycle } = config;
  const app = applicationOf(config, chain, shutdown, environment);
  const options = {
    ...messagesOf(app, config.browsers),
    ...tls.options,
    keepAliveTimeout: 120_000,
    handshakeTimeout: 10_000,
    headersTimeout: 30_000,
    connectionsCheckingInterval: 5_000,
    requestTimeout: 0,
    shouldUpgradeCallback: (request: IncomingMessage) => chain.upgrades.takes(request),
  } as const;
  const server = createServer(options, app);
  server.on("connection", (socket: Socket) => chain.unknown.add(socket));
  tls.onChange(() => server.setSecureContext(tls.options));
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    void chain.upgrades.handle(request, boundedSocket(socket, serving, environment), head);
  });
  const failedHandshakes = new Counter({
    name: "apiserver_tls_handshake_errors_total",
    help: "Connections dropped because their TLS handshake failed.",
    registers: [environment.metrics],
  });
  server.on("tlsClientError", (_error, socket) => {
    failedHandshakes.inc();
    socket.destroy();
  });
  await listen(server, {
    host: listenHost(serving.host),
    port: serving.port,
    backlog: 1024,
    reusePort: serving.sharesPort,
  });
  return new HttpsServer(server, chain, requests.timeoutMs + lifecycle.watchGraceMs + closeMs);
}

function boundedSocket(socket: Duplex, { maxConnectionBytesPerSecond }: ServingConfig, { clock }: ServerEnvironment) {
  return maxConnectionBytesPerSecond > 0 ? new ThrottledSocket(socket, maxConnectionBytesPerSecond, clock) : socket;
}

function applicationOf(
  config: ApiServerConfig,
  { requests }: RequestChain,
  shutdown: Shutdown,
  { random }: ServerEnvironment,
): ReturnType<typeof express> {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.disable("query parser");
  const filters = frontFilters(config, shutdown, random);
  app.use((request, response) => {
    if (shutdown.isDismissing) response.shouldKeepAlive = false;
    for (const filter of filters) if (filter(request, response)) return;
    void requests.handle(request, response);
  });
  return app;
}

/** The HTTPS listener; hands every request and upgrade to the chain. */
export class HttpsServer {
  readonly #server: Server;
  readonly #chain: RequestChain;
  readonly #drainMs: number;

  constructor(server: Server, chain: RequestChain, drainMs: number) {
    this.#server = server;
    this.#chain = chain;
    this.#drainMs = drainMs;
  }

  /** Where it listens. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Resolves when no request with a deadline is being answered any more, or when all deadlines have passed. */
  async drained(): Promise<void> {
    const endMs = performance.now() + this.#drainMs;
    while (this.#chain.requests.shortRequests > 0 && performance.now() < endMs) {
      await new Promise((resolve) => setTimeout(resolve, idleCheckMs));
    }
  }

  /**
   * Stops to listen and waits for open requests, for a bounded time. Idle connections are left open for a while: a
   * request may be on its way on them, and its answer closes the connection. Those that never get as far as a request
   * hold nobody up.
   */
  async close(): Promise<void> {
    // An HTTP server's own way would close idle connections at once.
    const closed = new Promise<void>((resolve) => void TcpServer.prototype.close.call(this.#server, () => resolve()));
    const closesIdleMs = performance.now() + lingerMs;
    // Connections become idle one after another, as their last answers end.
    const idle = setInterval(() => {
      if (performance.now() < closesIdleMs) return;
      this.#server.closeIdleConnections();
      // Half a request, or half a handshake.
      this.#server.headersTimeout = lingerMs;
      if (this.#chain.requests.shortRequests === 0) this.#chain.unknown.closeAll();
    }, idleCheckMs);
    const force = setTimeout(() => this.#server.closeAllConnections(), this.#drainMs);
    await closed;
    clearTimeout(force);
    clearInterval(idle);
  }
}

/**
 * Classes of messages that have express's prototypes from the start: express sets the prototypes of every message
 * to its own, which makes objects slow to use unless they have them already.
 */
function messagesOf(app: ReturnType<typeof express>, browsers: BrowserConfig) {
  class Request extends IncomingMessage {}
  const headersFor = browserHeaders(browsers);
  class Plain extends ServerResponse {}
  const Response = headersFor ? withHeaders(headersFor) : Plain;
  Object.setPrototypeOf(Request.prototype, app.request);
  Object.setPrototypeOf(Response.prototype, app.response);
  Object.assign(app, { request: Request.prototype, response: Response.prototype });
  return { IncomingMessage: Request, ServerResponse: Response };
}

/** Answers that get further headers at the last moment, whatever was done to those they had before. */
function withHeaders(headersFor: (request: IncomingMessage) => Iterable<readonly [string, string]>) {
  const writeHead = ServerResponse.prototype.writeHead as (...parts: unknown[]) => ServerResponse;
  return class Response extends ServerResponse {
    override writeHead(...parts: unknown[]): this {
      for (const [name, value] of headersFor(this.req)) this.setHeader(name, value);
      writeHead.apply(this, parts);
      return this;
    }
  };
}
