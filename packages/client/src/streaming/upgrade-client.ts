import { request as httpRequest } from "@kube-ts/std/node-http";
import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders, RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Duplex } from "node:stream";
import type { ConnectionOptions } from "node:tls";
import { withTimeout } from "@kube-ts/std/abort";
import { WebSocket } from "ws";
import { headerList, spdyUpgrade, streamProtocolHeader } from "./protocols.ts";
import { UpgradeError } from "./streaming-error.ts";
import { maxWebSocketPayloadBytes } from "./web-socket-multiplexer.ts";

/** Where to send an upgrade request, and as whom. */
export interface UpgradeTarget {
  /** `http:` or `https:`. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls?: ConnectionOptions;
  /** Connects by other means, such as through a proxy; wins over the URL's host. */
  readonly createConnection?: RequestOptions["createConnection"];
}

/** A connection that the server has switched to another protocol. */
export interface Upgraded {
  readonly socket: Duplex;
  readonly headers: IncomingMessage["headers"];
  /** Header names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  readonly protocol: string;
}

const upgradeTimeoutMs = 30_000;
const maxErrorBodyBytes = 64 * 1024;

/** Asks for SPDY with one of `protocols`. Only an answer 101 with that upgrade resolves; UpgradeError otherwise. */
export async function upgradeToSpdy(
  target: UpgradeTarget,
  protocols: readonly string[],
  signal: AbortSignal,
): Promise<Upgraded> {
  const headers = { [streamProtocolHeader]: [...protocols], Connection: "Upgrade", Upgrade: spdyUpgrade };
  const upgraded = await requestUpgrade(target, "POST", headers, signal);
  if (protocols.length > 0 && upgraded.protocol !== "" && !protocols.includes(upgraded.protocol)) {
    upgraded.socket.destroy();
    throw new UpgradeError(`server chose protocol ${upgraded.protocol}, which was not offered`);
  }
  return upgraded;
}

/** Sends a request that must end in 101 with the upgrade it asks for; the socket has the early bytes put back. */
function requestUpgrade(
  target: UpgradeTarget,
  method: string,
  headers: OutgoingHttpHeaders,
  signal: AbortSignal,
): Promise<Upgraded> {
  return awaitUpgrade(startRequest(target, method, headers), signal);
}

/**
 * Ends a request that asks for an upgrade. Only an answer 101 with one of the upgrades it asks for resolves;
 * UpgradeError otherwise, with the backend's connection closed.
 */
export function awaitUpgrade(request: ClientRequest, signal: AbortSignal): Promise<Upgraded> {
  const { promise, resolve, reject } = Promise.withResolvers<Upgraded>();
  const deadline = withTimeout(signal, upgradeTimeoutMs);
  const onAbort = () => request.destroy(deadline.reason as Error);
  deadline.addEventListener("abort", onAbort, { once: true });
  if (deadline.aborted) onAbort();
  const wanted = headerList(asHeader(request.getHeader("upgrade"))).map((name) => name.toLowerCase());
  request.on("error", (cause) => reject(new UpgradeError(cause.message, undefined, { cause })));
  request.on("response", (response) => {
    // What comes behind the answer must never be taken for the answer to somebody else's request.
    request.shouldKeepAlive = false;
    const finish = readBody(response).then((body) => reject(refused(response, body)), reject);
    void finish.finally(() => request.destroy());
  });
  request.on("upgrade", (response, socket, head) => {
    const given = headerList(response.headers.upgrade).map((name) => name.toLowerCase());
    if (response.statusCode !== 101 || !given.some((name) => wanted.includes(name))) {
      socket.destroy();
      reject(new UpgradeError(`server switched to ${given.join(",") || "nothing"} instead of ${wanted.join(",")}`));
      return;
    }
    if (head.length > 0) socket.unshift(head);
    const protocol = String(response.headers[streamProtocolHeader] ?? "");
    resolve({ socket, headers: response.headers, rawHeaders: response.rawHeaders, protocol });
  });
  request.end();
  return promise.finally(() => deadline.removeEventListener("abort", onAbort));
}

function asHeader(value: number | string | readonly string[] | undefined): string | readonly string[] | undefined {
  return typeof value === "number" ? String(value) : value;
}

/** Opens a WebSocket with one of `protocols`, paused; UpgradeError with the server's answer when it declines. */
export function upgradeToWebSocket(
  target: UpgradeTarget,
  protocols: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly socket: WebSocket; readonly protocol: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ socket: WebSocket; protocol: string }>();
  const url = new URL(target.url);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  let protocol = "";
  const socket = new WebSocket(url, [], {
    ...target.tls,
    ...(target.createConnection ? { createConnection: target.createConnection as never } : {}),
    headers: { ...target.headers },
    perMessageDeflate: false,
    maxPayload: maxWebSocketPayloadBytes,
    followRedirects: false,
    // `ws` takes RFC 6455 tokens only and refuses a name with a slash, which the tunnel has: it must not see any.
    finishRequest: (request) => {
      request.setHeader("Sec-WebSocket-Protocol", protocols.join(", "));
      request.prependListener("upgrade", (response: IncomingMessage) => {
        protocol = response.headers["sec-websocket-protocol"] ?? "";
        delete response.headers["sec-websocket-protocol"];
      });
      request.end();
    },
  });
  const deadline = withTimeout(signal, upgradeTimeoutMs);
  const onAbort = () => {
    socket.terminate();
    reject(deadline.reason as Error);
  };
  deadline.addEventListener("abort", onAbort, { once: true });
  socket.on("unexpected-response", (_request: ClientRequest, response: IncomingMessage) => {
    void readBody(response).then((body) => reject(refused(response, body)), reject);
  });
  socket.on("error", (cause) => reject(new UpgradeError(cause.message, undefined, { cause })));
  socket.on("open", () => {
    // Until somebody listens: a message that comes first must not be lost.
    socket.pause();
    if (protocols.includes(protocol)) resolve({ socket, protocol });
    else {
      socket.terminate();
      reject(new UpgradeError(`server chose protocol "${protocol}", which was not offered`));
    }
  });
  return promise.finally(() => deadline.removeEventListener("abort", onAbort));
}

function startRequest(target: UpgradeTarget, method: string, headers: OutgoingHttpHeaders): ClientRequest {
  const options = {
    ...target.tls,
    ...(target.createConnection ? { createConnection: target.createConnection } : {}),
    method,
    agent: false,
    headers: { ...target.headers, ...headers },
  };
  return target.url.protocol === "https:" ? httpsRequest(target.url, options) : httpRequest(target.url, options);
}

/** The body of an error answer, cut at a bound. */
async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > maxErrorBodyBytes) break;
  }
  return Buffer.concat(chunks).toString("utf8");
}

function refused(response: IncomingMessage, body: string): UpgradeError {
  const statusCode = response.statusCode ?? 0;
  const contentType = response.headers["content-type"];
  return new UpgradeError(`unable to upgrade connection: ${statusMessage(body)}`, {
    statusCode,
    body,
    ...(contentType !== undefined && { contentType }),
  });
}

/** The message of a Status body, or the body itself. */
function statusMessage(body: string): string {
  try {
    const { message } = JSON.parse(body) as { message?: unknown };
    if (typeof message === "string") return message;
  } catch {
    // Not a Status: plain text.
  }
  return body.trim();
}
