import type { ClientRequest } from "node:http";
import type { Duplex } from "node:stream";
import { pipeline } from "node:stream/promises";
import { UpgradeError } from "./streaming-error.ts";
import { awaitUpgrade } from "./upgrade-client.ts";
import { refuseUpgrade } from "./upgrade-server.ts";
import type { UpgradeRequest } from "./upgrade-server.ts";

/** How long one direction may go on after the other has ended. */
const lingerMs = 5_000;

/** Of the backend's answer, what belongs to its own connection. `Connection` and `Upgrade` are the point of it. */
const hopHeaders = new Set([
  "keep-alive",
  "proxy-authenticate",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "content-length",
]);

/**
 * Sends a prepared request that asks for the client's upgrade and, once the backend has answered 101 with that
 * upgrade, relays bytes both ways until either side closes; resolves when both are closed. Rejects with an
 * UpgradeError before a byte was written to the client when the backend answers anything else: its connection is
 * closed then, and nothing the client sent behind its request has reached it.
 */
export async function relayUpgrade(client: UpgradeRequest, request: ClientRequest, signal: AbortSignal): Promise<void> {
  // A client that goes away while the backend is asked must not end the process.
  client.socket.on("error", () => client.socket.destroy());
  const onClose = () => request.destroy(new Error("the client went away"));
  client.socket.once("close", onClose);
  const upgraded = await awaitUpgrade(request, signal).finally(() => client.socket.off("close", onClose));
  if (client.socket.destroyed) {
    upgraded.socket.destroy();
    return;
  }
  client.socket.write(switchingHead(upgraded.rawHeaders));
  if (client.head.length > 0) client.socket.unshift(client.head);
  await relayBytes(client.socket, upgraded.socket, signal);
}

/** Answers an upgrade request with the backend's refusal, or with 502 when there is no answer to pass on. */
export function refuseWith(socket: Duplex, error: unknown): void {
  if (error instanceof UpgradeError && error.statusCode !== undefined && error.statusCode >= 400) {
    const { body, contentType, statusCode } = error;
    const type = contentType ?? (body.startsWith("{") ? "application/json" : undefined);
    refuseUpgrade(socket, statusCode, body, type === undefined ? {} : { "Content-Type": type });
    return;
  }
  const message = error instanceof Error ? error.message : String(error);
  refuseUpgrade(socket, 502, `error dialing backend: ${message}`);
}

async function relayBytes(client: Duplex, backend: Duplex, signal: AbortSignal): Promise<void> {
  const stop = () => {
    client.destroy();
    backend.destroy();
  };
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  const directions = [pipeline(client, backend), pipeline(backend, client)];
  await Promise.race(directions).catch(() => undefined);
  const linger = setTimeout(stop, lingerMs);
  await Promise.allSettled(directions);
  clearTimeout(linger);
  signal.removeEventListener("abort", stop);
  stop();
}

function switchingHead(rawHeaders: readonly string[]): string {
  const lines = ["HTTP/1.1 101 Switching Protocols"];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    if (!hopHeaders.has(name.toLowerCase())) lines.push(`${name}: ${rawHeaders[index + 1]}`);
  }
  return `${lines.join("\r\n")}\r\n\r\n`;
}
