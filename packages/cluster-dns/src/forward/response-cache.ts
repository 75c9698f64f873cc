import type { Clock } from "@kube-ts/std/clock";
import { LRUCache } from "lru-cache";
import { readForeignResponse } from "../message/foreign-response.ts";
import type { ForeignResponse } from "../message/foreign-response.ts";
import { responseCode } from "../message/query.ts";

/** An answer of another server and how old it is. */
export interface KeptResponse {
  readonly message: Buffer;
  readonly response: ForeignResponse;
  readonly ageSeconds: number;
}

interface Entry {
  readonly message: Buffer;
  readonly response: ForeignResponse;
  readonly storedMs: number;
  readonly expiresMs: number;
}

export interface CacheLimits {
  readonly maxEntries: number;
  readonly maxBytes: number;
  /** Answers are asked for again after this time even if they might be kept longer. */
  readonly maxTtlSeconds: number;
}

/** Answers of other servers, kept for as long as they allow. The ones used least go when there are too many. */
export class ResponseCache {
  readonly #clock: Clock;
  readonly #limits: CacheLimits;
  readonly #entries: LRUCache<string, Entry>;

  constructor(limits: CacheLimits, clock: Clock) {
    this.#clock = clock;
    this.#limits = limits;
    this.#entries = new LRUCache({
      max: limits.maxEntries,
      maxSize: limits.maxBytes,
      sizeCalculation: (entry, key) => entry.message.length + key.length + 100,
    });
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): KeptResponse | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    const nowMs = this.#clock.monotonicMs();
    if (nowMs >= entry.expiresMs) {
      this.#entries.delete(key);
      return undefined;
    }
    const ageSeconds = Math.floor((nowMs - entry.storedMs) / 1_000);
    return { message: entry.message, response: entry.response, ageSeconds };
  }

  /** Takes the answer apart; undefined when it is malformed. */
  read(message: Buffer, question: Buffer): KeptResponse | undefined {
    const response = readForeignResponse(message, question);
    return response && { message, response, ageSeconds: 0 };
  }

  /** As `read`, and keeps the answer if it may be kept. */
  put(key: string, message: Buffer, question: Buffer): KeptResponse | undefined {
    const read = this.read(message, question);
    if (!read) return undefined;
    const { response } = read;
    const settled = response.code === responseCode.NOERROR || response.code === responseCode.NXDOMAIN;
    const keepSeconds = Math.min(response.ttlSeconds, this.#limits.maxTtlSeconds);
    if (settled && !response.truncated && keepSeconds > 0) {
      const storedMs = this.#clock.monotonicMs();
      this.#entries.set(key, { message, response, storedMs, expiresMs: storedMs + keepSeconds * 1_000 });
    }
    return read;
  }
}
