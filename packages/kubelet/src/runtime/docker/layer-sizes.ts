import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import type { DockerEngine } from "./engine.ts";

/** The engine walks every layer to answer, so it is asked seldom and not while somebody waits. */
const maxAgeMs = 60_000;
const refreshTimeoutMs = 120_000;

/** Bytes in the writable layers of containers, as of the last walk. */
export class LayerSizes {
  readonly #engine: DockerEngine;
  readonly #clock: Clock;
  readonly #log: Logger;
  #sizes: ReadonlyMap<string, number> = new Map();
  #refreshedMs: number;
  #refreshing: Promise<void> | undefined;

  constructor(engine: DockerEngine, clock: Clock, log: Logger) {
    this.#engine = engine;
    this.#clock = clock;
    this.#log = log;
    this.#refreshedMs = -maxAgeMs;
  }

  /** By container id. Starts a walk when the answer is old; the next call then has the new one. */
  current(): ReadonlyMap<string, number> {
    if (!this.#refreshing && this.#clock.monotonicMs() - this.#refreshedMs >= maxAgeMs) {
      this.#refreshing = this.#refresh().finally(() => {
        this.#refreshing = undefined;
      });
    }
    return this.#sizes;
  }

  /** Resolves when no walk is under way. */
  async settled(): Promise<void> {
    await this.#refreshing;
  }

  async #refresh(): Promise<void> {
    try {
      const containers = (await this.#engine.call(
        (docker, abortSignal) => docker.listContainers({ all: true, size: true, abortSignal } as object),
        AbortSignal.timeout(refreshTimeoutMs),
        refreshTimeoutMs,
      )) as readonly { readonly Id: string; readonly SizeRw?: number }[];
      this.#sizes = new Map(containers.map((container) => [container.Id, container.SizeRw ?? 0]));
    } catch (error) {
      this.#log.warn("container layer sizes are not known", { error });
    }
    this.#refreshedMs = this.#clock.monotonicMs();
  }
}
