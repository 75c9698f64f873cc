import { constants } from "node:crypto";
import { createServer } from "node:https";
import type { Server } from "node:https";
import type { AddressInfo } from "node:net";
import { IncomingMessage, ServerResponse } from "@kube-ts/std/node-http";
import type { Duplex } from "node:stream";
import express from "express";
import { loadServingTls } from "@kube-ts/std/serving-flags";
import type { ApiServerConfig } from "../config/server-config.ts";
import type { ServingConfig } from "../config/serving.ts";
import type { ServerEnvironment } from "./environment.ts";
import type { RequestChain } from "./request-chain.ts";

/** How long open requests get to end when the server stops. */
const drainMs = 10_000;
const idleCheckMs = 50;

/** Listens for requests; resolves when clients can connect. */
export async function openHttpsServer(
  { serving, authentication: { clientCaPem, requestHeader } }: Pick<ApiServerConfig, "serving" | "authentication">,
  chain: RequestChain,
  { clock }: ServerEnvironment,
): Promise<HttpsServer> {
  const authorities = [clientCaPem, requestHeader?.caPem ?? ""].filter((pem) => pem !== "");
  const server = await HttpsServer.create(serving, chain, clock.now(), authorities);
  await server.listen();
  return server;
}

/** The HTTPS listener; hands every request and upgrade to the chain. */
class HttpsServer {
  readonly #server: Server;
  readonly #config: ServingConfig;

  private constructor(server: Server, config: ServingConfig) {
    this.#server = server;
    this.#config = config;
  }

  static async create(
    config: ServingConfig,
    { requests, upgrades }: RequestChain,
    nowMs: number,
    /** PEM texts of everything that client certificates may be signed by. */
    clientAuthorities: readonly string[],
  ): Promise<HttpsServer> {
    const tls = await loadServingTls(config, nowMs);
    const app = express();
    app.disable("x-powered-by");
    app.disable("etag");
    app.disable("query parser");
    app.use((request, response) => void requests.handle(request, response));
    const options = {
      ...messagesOf(app),
      cert: tls.cert,
      key: tls.key,
      ...(clientAuthorities.length > 0 && { ca: [...clientAuthorities] }),
      // A resumed session has lost the intermediate certificates that tell whose a certificate is.
      ...(clientAuthorities.length > 1 && { secureOptions: constants.SSL_OP_NO_TICKET }),
      requestCert: clientAuthorities.length > 0,
      // Certificates that do not verify are judged, and refused, by the authenticator.
      rejectUnauthorized: false,
      minVersion: "TLSv1.2",
      keepAliveTimeout: 120_000,
      headersTimeout: 30_000,
      requestTimeout: 0,
    } as const;
    const server = createServer(options, app);
    server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      void upgrades.handle(request, socket, head);
    });
    server.on("tlsClientError", (_error, socket) => socket.destroy());
    return new HttpsServer(server, config);
  }

  /** Where it listens. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Resolves when clients can connect. */
  async listen(): Promise<void> {
    const { host, port } = this.#config;
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen({ host, port, backlog: 1024 }, () => {
        this.#server.removeListener("error", reject);
        resolve();
      });
    });
  }

  /** Stops to listen and waits for open requests, for a bounded time. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    // Connections become idle one after another, as their last answers end.
    const idle = setInterval(() => this.#server.closeIdleConnections(), idleCheckMs);
    const force = setTimeout(() => this.#server.closeAllConnections(), drainMs);
    await closed;
    clearTimeout(force);
    clearInterval(idle);
  }
}

/**
 * Classes of messages that have express's prototypes from the start: express sets the prototypes of every message
 * to its own, which makes objects slow to use unless they have them already.
 */
function messagesOf(app: ReturnType<typeof express>) {
  class Request extends IncomingMessage {}
  class Response extends ServerResponse {}
  Object.setPrototypeOf(Request.prototype, app.request);
  Object.setPrototypeOf(Response.prototype, app.response);
  Object.assign(app, { request: Request.prototype, response: Response.prototype });
  return { IncomingMessage: Request, ServerResponse: Response };
}
