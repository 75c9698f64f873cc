import type { Duplex } from "node:stream";
import { pipeline } from "node:stream/promises";
import { headerList } from "./protocols.ts";
import { UpgradeError } from "./streaming-error.ts";
import { requestUpgrade } from "./upgrade-client.ts";
import type { UpgradeTarget } from "./upgrade-client.ts";
import { refuseUpgrade } from "./upgrade-server.ts";
import type { UpgradeRequest } from "./upgrade-server.ts";

/** Of the client's request, what the upgrade itself needs; credentials never travel on. */
const forwardedHeaders = [
  "upgrade",
  "sec-websocket-key",
  "sec-websocket-version",
  "sec-websocket-protocol",
  "sec-websocket-extensions",
  "x-stream-protocol-version",
  "user-agent",
];
const hopHeaders = new Set([
  "keep-alive",
  "proxy-authenticate",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
]);

/**
 * Passes an upgrade request on and, once the backend has answered 101 with the same upgrade, relays bytes both
 * ways until either side closes. Any other answer reaches the client as a plain response. Never rejects.
 */
export async function relayUpgrade(client: UpgradeRequest, target: UpgradeTarget, signal: AbortSignal): Promise<void> {
  // A client that goes away while the backend is asked must not end the process.
  client.socket.on("error", () => client.socket.destroy());
  let backend: Duplex;
  try {
    backend = await upgradeBackend(client, target, signal);
  } catch (error) {
    refuseWith(client.socket, error);
    return;
  }
  if (client.head.length > 0) client.socket.unshift(client.head);
  const stop = () => {
    client.socket.destroy();
    backend.destroy();
  };
  signal.addEventListener("abort", stop, { once: true });
  await Promise.allSettled([pipeline(client.socket, backend), pipeline(backend, client.socket)]);
  signal.removeEventListener("abort", stop);
  stop();
}

async function upgradeBackend(client: UpgradeRequest, target: UpgradeTarget, signal: AbortSignal): Promise<Duplex> {
  const { request, socket } = client;
  const headers: Record<string, string> = { Connection: "Upgrade" };
  for (const name of forwardedHeaders) {
    const value = request.headers[name];
    const kept = headerList(value).filter(isForwarded);
    if (kept.length > 0) headers[name] = kept.join(", ");
  }
  const upgrade = headers["upgrade"] ?? "";
  delete headers["upgrade"];
  headers["Upgrade"] = upgrade;
  const upgraded = await requestUpgrade(target, request.method ?? "GET", headers, signal);
  const lines = ["HTTP/1.1 101 Switching Protocols"];
  for (let index = 0; index + 1 < upgraded.rawHeaders.length; index += 2) {
    const name = upgraded.rawHeaders[index] ?? "";
    if (!hopHeaders.has(name.toLowerCase())) lines.push(`${name}: ${upgraded.rawHeaders[index + 1]}`);
  }
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  return upgraded.socket;
}

/** Browsers put their token among the WebSocket protocols; it is for this server only. */
function isForwarded(value: string): boolean {
  return !value.startsWith("base64url.bearer.authorization.k8s.io.");
}

function refuseWith(socket: Duplex, error: unknown): void {
  if (error instanceof UpgradeError && error.statusCode !== undefined && error.statusCode >= 400) {
    const json = error.body.startsWith("{");
    refuseUpgrade(socket, error.statusCode, error.body, json ? { "Content-Type": "application/json" } : {});
    return;
  }
  const message = error instanceof Error ? error.message : String(error);
  refuseUpgrade(socket, 502, `error dialing backend: ${message}`);
}
