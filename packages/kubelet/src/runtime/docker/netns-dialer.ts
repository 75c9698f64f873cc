import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { abortable, withTimeout } from "@kube-ts/std/abort";
import { RuntimeError } from "../runtime-error.ts";
import { netnsRelay } from "./netns-relay.ts";

const startTimeoutMs = 20_000;
const dialTimeoutMs = 30_000;
/** How long a relay outlives its last connection. */
const lingerMs = 10_000;
const maxRelays = 256;
const maxAnswerBytes = 1024;

/** A relay process inside one network namespace. */
interface Relay {
  readonly socketPath: string;
  readonly ready: Promise<void>;
  readonly stop: () => void;
  users: number;
  linger: NodeJS.Timeout | undefined;
}

/**
 * Connects to ports on the loopback of network namespaces. A thread cannot change its namespace here, so each
 * namespace in use gets one helper process, shared by its connections and gone soon after the last.
 */
export class NetnsDialer implements AsyncDisposable {
  readonly #relays = new Map<string, Relay>();
  #directory: Promise<string> | undefined;
  #counter = 0;

  /** A connected socket. Code NetworkFailed when nothing listens. */
  async connect(netnsPath: string, port: number, signal: AbortSignal): Promise<Socket> {
    const relay = await this.#acquire(netnsPath);
    const release = () => this.#release(netnsPath, relay);
    try {
      await abortable(relay.ready, withTimeout(signal, startTimeoutMs));
      const socket = await dialThrough(relay.socketPath, port, withTimeout(signal, dialTimeoutMs));
      socket.once("close", release);
      return socket;
    } catch (error) {
      release();
      signal.throwIfAborted();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const relay of this.#relays.values()) relay.stop();
    this.#relays.clear();
    if (this.#directory) await rm(await this.#directory, { recursive: true, force: true });
    this.#directory = undefined;
  }

  async #acquire(netnsPath: string): Promise<Relay> {
    const directory = await (this.#directory ??= mkdtemp(join(tmpdir(), "kubelet-relay-")));
    const found = this.#relays.get(netnsPath);
    if (!found && this.#relays.size >= maxRelays) {
      throw new RuntimeError("Unavailable", `ports of more than ${maxRelays} pods are being forwarded`);
    }
    const relay = found ?? this.#start(netnsPath, join(directory, `${this.#counter++}.sock`));
    clearTimeout(relay.linger);
    relay.users++;
    return relay;
  }

  #release(netnsPath: string, relay: Relay): void {
    relay.users--;
    if (relay.users > 0) return;
    relay.linger = setTimeout(() => {
      if (this.#relays.get(netnsPath) === relay) this.#relays.delete(netnsPath);
      relay.stop();
    }, lingerMs);
    relay.linger.unref();
  }

  #start(netnsPath: string, socketPath: string): Relay {
    const script = `(${netnsRelay.toString()})(${JSON.stringify(socketPath)})`;
    const child = spawn("nsenter", [`--net=${netnsPath}`, "--", process.execPath, "-e", script], {
      stdio: ["pipe", "pipe", "pipe"],
      env: {},
    });
    const ready = whenReady(child);
    ready.catch(() => {});
    const relay: Relay = {
      socketPath,
      ready,
      stop: () => {
        child.kill("SIGKILL");
        void rm(socketPath, { force: true });
      },
      users: 0,
      linger: undefined,
    };
    this.#relays.set(netnsPath, relay);
    child.once("exit", () => {
      if (this.#relays.get(netnsPath) === relay) this.#relays.delete(netnsPath);
    });
    return relay;
  }
}

function whenReady(child: ChildProcess): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    if (said.length < maxAnswerBytes) said += chunk.toString();
  });
  child.stdout?.once("data", () => resolve());
  child.once("error", (cause) =>
    reject(new RuntimeError("Unsupported", `cannot enter network namespaces: ${cause.message}`, { cause })),
  );
  child.once("exit", () => reject(new RuntimeError("NetworkFailed", `cannot enter network namespace: ${said.trim()}`)));
  return promise;
}

/** Asks the relay for the port and waits for its word; the socket comes paused. */
function dialThrough(socketPath: string, port: number, signal: AbortSignal): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const socket = connect({ path: socketPath, allowHalfOpen: true });
  let answer = Buffer.alloc(0);
  const fail = (error: Error) => {
    socket.destroy();
    reject(error);
  };
  const onAbort = () => fail(signal.reason as Error);
  signal.addEventListener("abort", onAbort, { once: true });
  socket.on("error", fail);
  const onEnd = () => fail(new RuntimeError("NetworkFailed", "relay closed the connection"));
  socket.once("end", onEnd);
  const onData = (chunk: Buffer) => {
    answer = Buffer.concat([answer, chunk]);
    const end = answer.indexOf(0x0a);
    if (end < 0 && answer.length < maxAnswerBytes) return;
    socket.off("data", onData);
    socket.pause();
    const line = answer.subarray(0, Math.max(end, 0)).toString("utf8");
    if (line !== "ok") {
      fail(new RuntimeError("NetworkFailed", line));
      return;
    }
    socket.off("error", fail);
    socket.off("end", onEnd);
    if (answer.length > end + 1) socket.unshift(answer.subarray(end + 1));
    resolve(socket);
  };
  socket.on("data", onData);
  socket.write(`${port}\n`);
  return promise.finally(() => signal.removeEventListener("abort", onAbort));
}
