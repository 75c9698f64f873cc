import type { Clock } from "@kube-ts/std/clock";

/** What a probe finds out about a server. */
export type Readiness = "ready" | "notReady";

export interface ServerWatchParts {
  readonly clock: Clock;
  /** Asks the server whether it is ready. Rejects when there is no answer. */
  probe(index: number, signal: AbortSignal): Promise<Readiness>;
  /** Nothing comes from a server any more, or it is not ready; `other` is ready instead. */
  onLost(index: number, other: number, reason: "silent" | "notReady"): void;
}

/** How often servers with something under way are looked at. */
const turnMs = 1_000;
/** How long a server may be silent before it is asked whether it lives: while answers are due, and with streams only. */
const requestSilenceMs = 2_000;
const streamSilenceMs = 10_000;
/**
 * Turns that an answer may take. Turns, not time: when this process itself has stood still, the answer may be there
 * and not yet read.
 */
const probeTurns = 3;

interface Watched {
  requests: number;
  streams: number;
  heardAtMs: number;
  isChecked: boolean;
  probe: { turns: number; readonly end: AbortController } | undefined;
}

/** One exchange with a server. */
export interface WatchedExchange {
  /** Something came from the server. */
  heard(): void;
  /** How long nothing has come from the server at all, in milliseconds. */
  silentMs(): number;
  end(): void;
}

/**
 * Notices servers that hang: a paused process or a cut cable breaks no connection. While anything is under way with a
 * server and nothing comes from it, it is probed; a server that does not answer, or says that it is not ready, is given
 * up for one that is ready. As long as there is no such server, what is under way goes on.
 */
export class ServerWatch implements Disposable {
  readonly #parts: ServerWatchParts;
  readonly #servers: readonly Watched[];
  #timer: Disposable | undefined;
  #ended = false;

  constructor(count: number, parts: ServerWatchParts) {
    this.#parts = parts;
    this.#servers = Array.from({ length: count }, () => ({
      requests: 0,
      streams: 0,
      heardAtMs: -Infinity,
      isChecked: false,
      probe: undefined,
    }));
  }

  begin(index: number, isStream: boolean): WatchedExchange {
    const { clock } = this.#parts;
    const server = this.#at(index);
    if (server.requests + server.streams === 0) server.heardAtMs = clock.monotonicMs();
    if (isStream) server.streams += 1;
    else server.requests += 1;
    this.#timer ??= this.#schedule();
    let open = true;
    return {
      heard: () => {
        server.heardAtMs = clock.monotonicMs();
      },
      silentMs: () => clock.monotonicMs() - server.heardAtMs,
      end: () => {
        if (!open) return;
        open = false;
        if (isStream) server.streams -= 1;
        else server.requests -= 1;
      },
    };
  }

  [Symbol.dispose](): void {
    this.#ended = true;
    this.#timer?.[Symbol.dispose]();
    for (const { probe } of this.#servers) probe?.end.abort();
  }

  #at(index: number): Watched {
    const server = this.#servers[index];
    if (!server) throw new RangeError(`there is no server ${index}`);
    return server;
  }

  #schedule(): Disposable {
    return this.#parts.clock.setTimer(turnMs, () => {
      this.#servers.forEach((server, index) => this.#look(server, index));
      const isNeeded = this.#servers.some((server) => server.requests + server.streams > 0 || server.probe);
      this.#timer = isNeeded && !this.#ended ? this.#schedule() : undefined;
    });
  }

  #look(server: Watched, index: number): void {
    const { probe } = server;
    if (probe) {
      probe.turns += 1;
      if (probe.turns > probeTurns) probe.end.abort();
      return;
    }
    if (server.isChecked || server.requests + server.streams === 0) return;
    const allowedMs = server.requests > 0 ? requestSilenceMs : streamSilenceMs;
    if (this.#parts.clock.monotonicMs() - server.heardAtMs < allowedMs) return;
    void this.#check(server, index);
  }

  async #check(server: Watched, index: number): Promise<void> {
    server.isChecked = true;
    const state = await this.#ask(server, index);
    const other = state === "ready" ? undefined : await this.#readyOther(index);
    server.isChecked = false;
    if (other === undefined || this.#ended) return;
    this.#parts.onLost(index, other, state === "notReady" ? "notReady" : "silent");
  }

  /** Which other server is ready, if any is. */
  async #readyOther(index: number): Promise<number | undefined> {
    const others = [...this.#servers.keys()].filter((other) => other !== index);
    const answers = others.map(async (other) => {
      if ((await this.#ask(this.#at(other), other)) !== "ready") throw new Error("not ready");
      return other;
    });
    return Promise.any(answers).catch(() => undefined);
  }

  async #ask(server: Watched, index: number): Promise<Readiness | "silent"> {
    if (server.probe) return "silent";
    const probe = { turns: 0, end: new AbortController() };
    server.probe = probe;
    this.#timer ??= this.#schedule();
    try {
      const readiness = await this.#parts.probe(index, probe.end.signal);
      server.heardAtMs = this.#parts.clock.monotonicMs();
      return readiness;
    } catch {
      return "silent";
    } finally {
      server.probe = undefined;
    }
  }
}
