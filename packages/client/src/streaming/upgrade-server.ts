import { STATUS_CODES } from "@kube-ts/std/node-http";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import { UpgradeError } from "./streaming-error.ts";
import { acceptedStreamProtocolHeader, headerList, negotiate, spdyUpgrade, streamProtocolHeader } from "./protocols.ts";
import { maxWebSocketPayloadBytes } from "./web-socket-multiplexer.ts";

/** A request as it comes with Node's `upgrade` event. */
export interface UpgradeRequest {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  /** What the client sent right behind its request. */
  readonly head: Buffer;
}

/** Which kind of upgrade a request asks for; undefined for none that exists here. */
export function upgradeKind(request: IncomingMessage): "spdy" | "websocket" | undefined {
  const names = headerList(request.headers.upgrade).map((name) => name.toLowerCase());
  if (names.includes("websocket")) return "websocket";
  if (names.includes(spdyUpgrade.toLowerCase())) return "spdy";
  return undefined;
}

/**
 * Answers 101 and the first offered protocol that is accepted, or `unnamed` when the client named none. When
 * nothing matches, answers 403 and throws UpgradeError.
 */
export function acceptSpdyUpgrade(upgrade: UpgradeRequest, accepted: readonly string[], unnamed: string): string {
  const offered = headerList(upgrade.request.headers[streamProtocolHeader]);
  const protocol = offered.length === 0 ? unnamed : negotiate(offered, accepted);
  if (protocol === undefined) throw refuseProtocol(upgrade, offered, accepted);
  const lines = ["HTTP/1.1 101 Switching Protocols", "Connection: Upgrade", `Upgrade: ${spdyUpgrade}`];
  if (offered.length > 0) lines.push(`X-Stream-Protocol-Version: ${protocol}`);
  upgrade.socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  if (upgrade.head.length > 0) upgrade.socket.unshift(upgrade.head);
  return protocol;
}

/**
 * Answers a WebSocket handshake with the first offered protocol that is accepted; none offered gives none.
 * The socket comes paused.
 */
export async function acceptWebSocketUpgrade(
  upgrade: UpgradeRequest,
  accepted: readonly string[],
): Promise<{ readonly socket: WebSocket; readonly protocol: string }> {
  const offered = headerList(upgrade.request.headers["sec-websocket-protocol"]);
  const protocol = offered.length === 0 ? "" : negotiate(offered, accepted);
  if (protocol === undefined) throw refuseProtocol(upgrade, offered, accepted);
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: maxWebSocketPayloadBytes,
  });
  // `ws` takes RFC 6455 tokens only and refuses a name with a slash, which the tunnel has: it must not see any.
  delete upgrade.request.headers["sec-websocket-protocol"];
  if (protocol !== "") server.once("headers", (headers) => headers.push(`Sec-WebSocket-Protocol: ${protocol}`));
  const { promise, resolve, reject } = Promise.withResolvers<WebSocket>();
  server.once("wsClientError", (error: Error) => {
    refuseUpgrade(upgrade.socket, 400, error.message);
    reject(new UpgradeError("not a WebSocket handshake", undefined, { cause: error }));
  });
  server.handleUpgrade(upgrade.request, upgrade.socket, upgrade.head, (socket) => {
    // Until somebody listens: a message that comes first must not be lost.
    socket.pause();
    resolve(socket);
  });
  return { socket: await promise, protocol };
}

/** Answers an upgrade request with an error instead, and closes. */
export function refuseUpgrade(
  socket: Duplex,
  statusCode: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const bytes = Buffer.from(body);
  const fields = {
    "Content-Type": "text/plain; charset=utf-8",
    ...headers,
    "Content-Length": String(bytes.length),
    Connection: "close",
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}`);
  const start = `HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode] ?? "Error"}`;
  socket.write(Buffer.concat([Buffer.from(`${start}\r\n${lines.join("\r\n")}\r\n\r\n`), bytes]));
  endAfterAnswer(socket);
}

/** How long a client may take to close its side after it was refused. */
const closeMs = 5_000;

/**
 * Ends a connection behind its last answer. What the client has sent already is read and dropped: closing over it would
 * reset the connection, and could cost the client the answer.
 */
export function endAfterAnswer(socket: Duplex): void {
  const force = setTimeout(() => socket.destroy(), closeMs);
  socket.once("close", () => clearTimeout(force));
  socket.on("error", () => socket.destroy());
  socket.once("end", () => socket.destroy());
  socket.end();
  socket.resume();
}

function refuseProtocol(
  upgrade: UpgradeRequest,
  offered: readonly string[],
  accepted: readonly string[],
): UpgradeError {
  const message = `unable to upgrade: unable to negotiate protocol: client supports [${offered.join(" ")}], server accepts [${accepted.join(" ")}]`;
  refuseUpgrade(upgrade.socket, 403, message, { [acceptedStreamProtocolHeader]: accepted.join(", ") });
  return new UpgradeError(message);
}
