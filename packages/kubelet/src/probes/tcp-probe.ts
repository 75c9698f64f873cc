import { connect } from "node:net";
import { type ProbeAnswer, dialFailure, joinHostPort } from "./probe-answer.ts";

/** Succeeds when the port takes a connection. */
export function probeTcp(host: string, port: number, timeoutMs: number, signal: AbortSignal): Promise<ProbeAnswer> {
  const address = joinHostPort(host, port);
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket = connect({ host, port });
    const settle = (finish: () => void) => {
      signal.removeEventListener("abort", onAbort);
      clearTimeout(timer);
      socket.removeAllListeners();
      socket.on("error", () => undefined);
      socket.destroy();
      finish();
    };
    const onAbort = () => settle(() => reject(signal.reason as Error));
    const fail = (output: string) => settle(() => resolve({ result: "failure", output }));
    const timer = setTimeout(() => fail(`dial tcp ${address}: i/o timeout`), timeoutMs);
    signal.addEventListener("abort", onAbort, { once: true });
    socket.once("connect", () => settle(() => resolve({ result: "success", output: "" })));
    socket.once("error", (error) => fail(dialFailure(address, error)));
  });
}
