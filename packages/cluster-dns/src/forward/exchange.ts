import { createSocket } from "node:dgram";
import { connect, isIPv6 } from "node:net";
import { answersQuestion } from "../message/foreign-response.ts";
import type { Query } from "../message/query.ts";
import type { Upstream } from "./resolv-conf.ts";

/** Asks one server; rejects when it cannot be reached, or with the signal's reason. The message carries `id`. */
export type Exchange = (
  upstream: Upstream,
  message: Buffer,
  question: Query["question"],
  signal: AbortSignal,
) => Promise<Buffer>;

/**
 * Over UDP, from a port of its own for each question: an answer must come from that server, to that port, with
 * the question's id and exact text. Anything else is ignored.
 */
export const exchangeUdp: Exchange = (upstream, message, question, signal) => {
  signal.throwIfAborted();
  const socket = createSocket(isIPv6(upstream.host.split("%", 1)[0] ?? "") ? "udp6" : "udp4");
  const id = message.readUInt16BE(0);
  return new Promise<Buffer>((resolve, reject) => {
    const onAbort = () => finish(() => reject(signal.reason as Error));
    const finish = (settle: () => void) => {
      signal.removeEventListener("abort", onAbort);
      socket.removeAllListeners();
      // A socket that is being closed may still report an error, which nobody waits for.
      socket.on("error", () => {});
      socket.close();
      settle();
    };
    signal.addEventListener("abort", onAbort, { once: true });
    socket.on("error", (error) => finish(() => reject(error)));
    socket.on("message", (answer) => {
      if (answersQuestion(answer, id, question)) finish(() => resolve(answer));
    });
    socket.connect(upstream.port, upstream.host, () => socket.send(message));
  });
};

/** Over a TCP connection of its own. */
export const exchangeTcp: Exchange = (upstream, message, question, signal) => {
  signal.throwIfAborted();
  const id = message.readUInt16BE(0);
  return new Promise<Buffer>((resolve, reject) => {
    const socket = connect({ host: upstream.host, port: upstream.port });
    let received: Buffer = Buffer.alloc(0);
    const finish = (settle: () => void) => {
      signal.removeEventListener("abort", onAbort);
      socket.removeAllListeners();
      socket.on("error", () => {});
      socket.destroy();
      settle();
    };
    const fail = (reason: string) => finish(() => reject(new Error(`${upstream.host}: ${reason}`)));
    const onAbort = () => finish(() => reject(signal.reason as Error));
    signal.addEventListener("abort", onAbort, { once: true });
    socket.on("error", (error) => finish(() => reject(error)));
    socket.on("end", () => fail("the connection ended without an answer"));
    socket.on("connect", () => socket.write(withLength(message)));
    socket.on("data", (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 2) return;
      const length = received.readUInt16BE(0);
      if (received.length < 2 + length) return;
      const answer = received.subarray(2, 2 + length);
      if (answersQuestion(answer, id, question)) finish(() => resolve(answer));
      else fail("the answer is not to the question");
    });
  });
};

/** A message as it goes over TCP. */
export function withLength(message: Buffer): Buffer {
  const framed = Buffer.alloc(2 + message.length);
  framed.writeUInt16BE(message.length, 0);
  message.copy(framed, 2);
  return framed;
}
