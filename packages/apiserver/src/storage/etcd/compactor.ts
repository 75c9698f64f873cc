import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import { StoreError } from "../store.ts";
import type { Revision } from "../store.ts";
import type { EtcdKv } from "./etcd-kv.ts";

export interface CompactorOptions {
  readonly kv: EtcdKv;
  /** `--etcd-compaction-interval`; history is kept for one to two intervals. 0 turns compaction off. */
  readonly intervalMs: number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The key by which API servers, upstream's too, agree on who compacts; its value is the revision in decimal. */
const compactKey = Buffer.from("compact_rev_key");

/**
 * Compacts what is older than one interval. Any number of API servers run one: in each round the first to write the
 * key compacts, the others see that its version has moved on.
 */
export class Compactor {
  readonly #options: CompactorOptions;
  /** The key's version as last seen. */
  #version = 0n;
  /** The store's revision at the last round; 0 before the first. */
  #revision: Revision = 0n;

  constructor(options: CompactorOptions) {
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { intervalMs, clock, log } = this.#options;
    if (intervalMs <= 0) return;
    while (!signal.aborted) {
      await clock.sleep(intervalMs, signal).catch(() => undefined);
      if (signal.aborted) return;
      await this.compactOnce(signal).catch((error: unknown) => {
        if (!signal.aborted) log.warn("compaction of etcd failed", { error });
      });
    }
  }

  /** One round: compacts up to the revision of the round before, unless another server did. */
  async compactOnce(signal: AbortSignal): Promise<void> {
    const { kv, log } = this.#options;
    const target = this.#revision;
    const value = Buffer.from(String(target));
    const outcome = await kv.txn({ key: compactKey, expect: { version: this.#version }, value }, signal);
    this.#revision = outcome.revision;
    if (!outcome.succeeded) {
      this.#version = outcome.current?.version ?? 0n;
      return;
    }
    this.#version += 1n;
    if (target === 0n) return;
    await kv.compact(target, signal).catch((error: unknown) => {
      if (!(error instanceof StoreError && error.code === "compacted")) throw error;
    });
    log.info("compacted etcd", { revision: String(target) });
  }
}

/** Compacts the store's history until the signal aborts. */
export function runCompactor(
  store: { readonly kv: EtcdKv },
  intervalMs: number,
  clock: Clock,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  return new Compactor({ kv: store.kv, intervalMs, clock, log }).run(signal);
}
