import type { Readable } from "node:stream";
import { acceptWebSocketUpgrade, upgradeKind } from "@kube-ts/client/streaming/upgrade-server";
import { badRequest } from "@kube-ts/api/status-error";
import type { UpgradeExchange } from "../upgrade.ts";

const binaryProtocol = "binary.k8s.io";
const base64Protocol = "base64.binary.k8s.io";
const normalClosure = 1000;

/**
 * Accepts the WebSocket and sends it the bytes of the source, which ends with it, as messages behind an empty one: as they
 * are, or in base64 where the client asks for that. Resolves when the connection has ended.
 */
export async function sendMessages(exchange: UpgradeExchange, source: Readable | undefined): Promise<void> {
  const { request } = exchange;
  if (upgradeKind(request) !== "websocket") {
    source?.destroy();
    throw badRequest("unable to upgrade: the request does not ask for a WebSocket");
  }
  const { socket, protocol } = await acceptWebSocketUpgrade(exchange, [binaryProtocol, base64Protocol]);
  const closed = new Promise<void>((resolve) => {
    socket.once("close", () => resolve());
  });
  void closed.then(() => source?.destroy());
  socket.on("error", () => socket.terminate());
  // What the client says is of no interest, except that it closes.
  socket.resume();
  const send = (bytes: Buffer) =>
    new Promise<void>((resolve, reject) => {
      const message = protocol === base64Protocol ? bytes.toString("base64") : bytes;
      socket.send(message, (error) => (error ? reject(error) : resolve()));
    });
  try {
    await send(Buffer.alloc(0));
    for await (const chunk of source ?? []) await send(chunk as Buffer);
    socket.close(normalClosure);
  } catch {
    // The client stopped reading, or the kubelet went away: there is no one to tell.
    socket.terminate();
  }
  await closed;
}
