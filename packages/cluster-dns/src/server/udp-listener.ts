import { createSocket } from "node:dgram";
import { isIPv6 } from "node:net";
import { isAbort } from "@kube-ts/std/abort";
import { errorFields } from "@kube-ts/std/log";
import type { Logger } from "@kube-ts/std/log";
import type { ListenAddress, Listener, MessageHandler } from "./listener.ts";

/** Messages that wait for an answer at once; further ones are dropped, as a full socket would do. */
const maxWaiting = 4_096;

/** Answers over UDP. Rejects when the address cannot be bound. */
export async function listenUdp(
  address: ListenAddress,
  handle: MessageHandler,
  log: Logger,
  signal: AbortSignal,
): Promise<Listener> {
  const ipv6 = isIPv6(address.host);
  const socket = createSocket({ type: ipv6 ? "udp6" : "udp4", ipv6Only: ipv6, recvBufferSize: 4 * 1024 * 1024 });
  let waiting = 0;
  let closed = false;
  socket.on("message", (message, client) => {
    if (waiting >= maxWaiting) return;
    waiting += 1;
    handle(message, "udp")
      .then((response) => {
        if (response && !closed) socket.send(response, client.port, client.address);
      })
      .catch((error: unknown) => {
        if (!isAbort(error, signal)) log.error("a question could not be answered", { error: errorFields(error) });
      })
      .finally(() => (waiting -= 1));
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.bind({ port: address.port, address: address.host, exclusive: true }, () => {
      socket.off("error", reject);
      resolve();
    });
  });
  socket.on("error", (error) => log.warn("udp socket", { host: address.host, error: errorFields(error) }));
  return {
    port: socket.address().port,
    [Symbol.asyncDispose]: () => {
      closed = true;
      return new Promise((resolve) => socket.close(() => resolve()));
    },
  };
}
