import { fetchText } from "../../harness/web.ts";
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

  async #ask({ host, port }: HttpTarget, everyMs: number, timeoutMs: number): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const startedAt = performance.now();
      const error = await fetchText(host, port, "/", timeoutMs).then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
      const attempt = { startedAt, endedAt: performance.now(), target: `${host}:${port}` };
      this.#attempts.push(error === undefined ? attempt : { ...attempt, error });
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }
}
