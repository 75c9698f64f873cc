import { once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { ContainerInspectInfo } from "dockerode";
import { abortable, withTimeout } from "@kube-ts/std/abort";
import { RuntimeError } from "../runtime-error.ts";
import type { NetnsDialer } from "./netns-dialer.ts";
import { netnsPath } from "./sandbox-service.ts";

const connectTimeoutMs = 30_000;

/** Relays between the stream and a port on the sandbox's loopback until either side is closed. */
export async function portForward(
  dialer: NetnsDialer,
  sandbox: ContainerInspectInfo,
  port: number,
  stream: Duplex,
  signal: AbortSignal,
): Promise<void> {
  if (!sandbox.State.Running) throw new RuntimeError("NotFound", `sandbox ${sandbox.Id} is not running`);
  const netns = netnsPath(sandbox);
  const socket = netns === undefined ? await connectHere(port, signal) : await dialer.connect(netns, port, signal);
  const stop = () => socket.destroy();
  signal.addEventListener("abort", stop, { once: true });
  stream.once("close", stop);
  try {
    // A client that ends its side still gets the answer; `pipe` leaves the client's stream alone when the pod's ends.
    stream.pipe(socket);
    await copyOut(socket, stream);
  } finally {
    signal.removeEventListener("abort", stop);
    stream.off("close", stop);
    socket.destroy();
  }
}

async function copyOut(socket: Socket, stream: Duplex): Promise<void> {
  try {
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      if (!stream.writable) return;
      if (!stream.write(chunk)) await drained(stream);
    }
  } catch (cause) {
    // Either side being cut off is an end like any other, unless nothing could be exchanged at all.
    if (!stream.writable || socket.bytesRead > 0) return;
    throw new RuntimeError("NetworkFailed", cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** Resolves as soon as the stream takes more, or never will. */
async function drained(stream: Duplex): Promise<void> {
  const stopWaiting = new AbortController();
  const { signal } = stopWaiting;
  await Promise.race([once(stream, "drain", { signal }), once(stream, "close", { signal })]).catch(() => undefined);
  stopWaiting.abort();
}

async function connectHere(port: number, signal: AbortSignal): Promise<Socket> {
  const socket = connect({ host: "127.0.0.1", port, allowHalfOpen: true });
  try {
    await abortable(once(socket, "connect"), withTimeout(signal, connectTimeoutMs));
    return socket;
  } catch (cause) {
    socket.destroy();
    signal.throwIfAborted();
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new RuntimeError("NetworkFailed", message, { cause });
  }
}
