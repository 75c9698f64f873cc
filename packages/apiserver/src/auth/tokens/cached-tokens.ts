import { createHmac, randomBytes } from "node:crypto";
import { abortable } from "@kube-ts/std/abort";
import type { Clock } from "@kube-ts/std/clock";
import { LRUCache } from "lru-cache";
import type { AuthenticationOutcome } from "../authenticator.ts";
import type { TokenAuthenticator } from "./token-authenticator.ts";
import type { TokenCacheMetrics } from "./token-cache-metrics.ts";

const maxOutcomes = 4096;
const lookupTimeoutMs = 60_000;

export interface TokenCacheOptions {
  readonly clock: Clock;
  /** How long a recognised token stays so without being asked about again; 0 keeps nothing. */
  readonly successMs: number;
  /** The same for one that was not recognised. Refusals with a reason are never kept. */
  readonly failureMs: number;
  readonly metrics?: TokenCacheMetrics;
}

/**
 * Remembers what another authenticator said of tokens: at most 4096 outcomes, under keyed digests, so that neither the
 * memory of the process holds the tokens nor can anybody aim at a place in the cache. Requests that bring the same
 * token at the same time share one lookup.
 */
export class CachedTokens implements TokenAuthenticator {
  readonly #inner: TokenAuthenticator;
  readonly #options: TokenCacheOptions;
  readonly #secret = randomBytes(32);
  readonly #outcomes: LRUCache<string, AuthenticationOutcome>;
  readonly #lookups = new Map<string, Promise<AuthenticationOutcome>>();

  constructor(inner: TokenAuthenticator, options: TokenCacheOptions) {
    this.#inner = inner;
    this.#options = options;
    this.#outcomes = new LRUCache({
      max: maxOutcomes,
      // A lifetime of 0 would mean for ever; each entry has its own.
      ttl: 1,
      ttlResolution: 0,
      perf: { now: () => options.clock.monotonicMs() },
    });
  }

  authenticateToken(
    token: string,
    audiences: readonly string[] | undefined,
    signal: AbortSignal,
  ): Promise<AuthenticationOutcome> | AuthenticationOutcome {
    const key = this.#keyOf(token, audiences);
    const known = this.#outcomes.get(key);
    const { metrics } = this.#options;
    if (known) {
      metrics?.hit();
      return known;
    }
    const running = this.#lookups.get(key);
    const outcome = abortable(running ?? this.#start(key, token, audiences), signal);
    return metrics?.miss(!running, outcome, ({ kind }) => kind === "refused") ?? outcome;
  }

  /** The lookup outlives a client that leaves: others may wait for it. */
  #start(key: string, token: string, audiences: readonly string[] | undefined): Promise<AuthenticationOutcome> {
    const lookup = this.#lookUp(key, token, audiences).finally(() => this.#lookups.delete(key));
    this.#lookups.set(key, lookup);
    return lookup;
  }

  async #lookUp(key: string, token: string, audiences: readonly string[] | undefined): Promise<AuthenticationOutcome> {
    const limit = AbortSignal.timeout(lookupTimeoutMs);
    const outcome = await this.#inner.authenticateToken(token, audiences, limit);
    const { successMs, failureMs } = this.#options;
    const ttl = outcome.kind === "user" ? successMs : outcome.kind === "unknown" ? failureMs : 0;
    if (ttl > 0) this.#outcomes.set(key, outcome, { ttl });
    return outcome;
  }

  #keyOf(token: string, audiences: readonly string[] | undefined): string {
    const hmac = createHmac("sha256", this.#secret).update(`${token.length}:`).update(token);
    for (const audience of audiences ?? []) hmac.update(`${audience.length}:`).update(audience);
    return hmac.update(audiences ? "a" : "").digest("base64");
  }
}
