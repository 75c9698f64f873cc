import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Duplex } from "node:stream";
import { pipeline } from "node:stream/promises";
import { request as httpRequest } from "@kube-ts/std/node-http";
import { connectionTarget } from "@kube-ts/client/connection-target";
import { refuseWith, relayUpgrade } from "@kube-ts/client/streaming/relay-upgrade";
import { userAgent } from "../../session/open-session.ts";
import type { Session } from "../../session/session.ts";
import { answerText } from "./answer.ts";

/** What belongs to one connection and is not passed on. */
const hopHeaders: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Passes requests on to the API server as the session's user. */
export class Forwarder {
  readonly #session: Session;
  readonly #appendServerPath: boolean;

  /** `appendServerPath`: whether the path of the server's address goes before that of requests. */
  constructor(session: Session, appendServerPath: boolean) {
    this.#session = session;
    this.#appendServerPath = appendServerPath;
  }

  /** Answers with what the server answers. `url` is the path and query to ask for. */
  async forward(url: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const outgoing = await this.#open(url, request, forwardedHeaders(request));
    response.on("close", () => outgoing.destroy());
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.once("response", resolve);
      outgoing.once("error", reject);
    });
    // Where the server answers before it has read all, its answer counts.
    pipeline(request, outgoing).catch(() => {});
    let answer: IncomingMessage;
    try {
      answer = await answered;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return answerText(response, 502, `the API server does not answer: ${reason}`);
    }
    const headers: OutgoingHttpHeaders = {};
    for (const [name, values] of Object.entries(answer.headersDistinct)) {
      if (!hopHeaders.has(name)) headers[name] = values;
    }
    response.writeHead(answer.statusCode ?? 502, headers);
    await pipeline(answer, response).catch(() => response.destroy());
  }

  /** Passes a request to switch protocols on, and then what both sides say. */
  async upgrade(url: string, request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const headers = {
      ...forwardedHeaders(request),
      connection: "Upgrade",
      upgrade: request.headers.upgrade ?? "",
    };
    try {
      const outgoing = await this.#open(url, request, headers);
      await relayUpgrade({ request, socket, head }, outgoing, this.#session.signal);
    } catch (error) {
      refuseWith(socket, error);
    }
  }

  async #open(url: string, request: IncomingMessage, headers: OutgoingHttpHeaders): Promise<ClientRequest> {
    const config = await this.#session.config();
    const { signal, clock } = this.#session;
    const target = await connectionTarget(config, "", userAgent, signal, clock);
    const { origin, pathname } = target.url;
    const base = this.#appendServerPath ? pathname.replace(/\/$/, "") : "";
    const send = target.url.protocol === "https:" ? httpsRequest : httpRequest;
    return send(`${origin}/`, {
      method: request.method ?? "GET",
      path: base + url,
      headers: { ...target.headers, ...headers },
      ...target.tls,
      agent: false,
      signal: this.#session.signal,
    });
  }
}

function forwardedHeaders(request: IncomingMessage): OutgoingHttpHeaders {
  const named = new Set((request.headers.connection ?? "").toLowerCase().split(/\s*,\s*/));
  const headers: OutgoingHttpHeaders = {};
  for (const [name, values] of Object.entries(request.headersDistinct)) {
    if (name !== "host" && !hopHeaders.has(name) && !named.has(name)) headers[name] = values;
  }
  return headers;
}
