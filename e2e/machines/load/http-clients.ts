import { request } from "node:http";
import type { ClientRequest } from "node:http";
import type { Attempt } from "./timeline.ts";

export interface HttpTarget {
  readonly host: string;
  readonly port: number;
}

/** Asks web servers, each on a connection of its own, at a steady pace, and records what failed when. */
export class HttpClients {
  readonly #attempts: Attempt[] = [];
  readonly #stop = new AbortController();
  readonly #clients: Promise<void>[];

  /** One client per target; it waits `everyMs` between two requests, and `timeoutMs` for an answer. */
  constructor(targets: readonly HttpTarget[], everyMs = 50, timeoutMs = 2_000) {
    this.#clients = targets.map((target) => this.#ask(target, everyMs, timeoutMs));
  }

  get attempts(): readonly Attempt[] {
    return this.#attempts;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#clients);
  }

  async #ask(target: HttpTarget, everyMs: number, timeoutMs: number): Promise<void> {
    while (!this.#stop.signal.aborted) {
      this.#attempts.push(await askOnce(target, timeoutMs));
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }
}

/** One request on a connection of its own. What failed tells how far it came. */
function askOnce({ host, port }: HttpTarget, timeoutMs: number): Promise<Attempt> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const outgoing = request({ host, port, path: "/", agent: false, timeout: timeoutMs });
    const connection = observe(outgoing, startedAt);
    const end = (error?: string) => {
      const attempt = { startedAt, endedAt: performance.now(), target: `${host}:${port}`, ...connection.port() };
      resolve(error === undefined ? attempt : { ...attempt, error: `${error}, ${connection.progress()}` });
    };
    outgoing.on("response", (response) => {
      response.resume();
      response.on("error", (error) => end(error.message));
      response.on("end", () => end(response.statusCode === 200 ? undefined : `status ${response.statusCode}`));
    });
    outgoing.on("timeout", () => outgoing.destroy(new Error(`no answer in ${timeoutMs} ms`)));
    outgoing.on("error", (error) => end(error.message));
    outgoing.end();
  });
}

interface ConnectionFacts {
  port(): Pick<Attempt, "localPort">;
  /** How far the connection came. */
  progress(): string;
}

function observe(outgoing: ClientRequest, startedAt: number): ConnectionFacts {
  let connectedMs: number | undefined;
  let localPort: number | undefined;
  outgoing.once("socket", (socket) => {
    // It has its port while it connects, and none once it is closed.
    localPort = socket.localPort;
    socket.once("connect", () => (connectedMs = performance.now() - startedAt));
  });
  return {
    port: () => (localPort === undefined ? {} : { localPort }),
    progress: () => (connectedMs === undefined ? "not connected" : `connected after ${connectedMs.toFixed(0)} ms`),
  };
}
