import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import { TaskGroup } from "@kube-ts/std/task-group";
import type { AuthenticationOutcome } from "../authenticator.ts";
import { CachedTokens } from "../tokens/cached-tokens.ts";
import type { TokenCacheMetrics } from "../tokens/token-cache-metrics.ts";
import { type TokenAuthenticator, anyTokenAuthenticator } from "../tokens/token-authenticator.ts";
import type { CompiledAuthenticator } from "./compile-authentication.ts";
import { documentFetcher } from "./fetch-document.ts";
import { IssuerKeys } from "./issuer-keys.ts";
import { JwtAuthenticator } from "./jwt-authenticator.ts";

/** A verified token counts as good for this long before its signature and claims are looked at again. */
const successMs = 10_000;

/** Signatures that tokens may have; those with shared secrets are not among them. */
export const signingAlgorithms: readonly string[] = [
  "ES256",
  "ES384",
  "ES512",
  "PS256",
  "PS384",
  "PS512",
  "RS256",
  "RS384",
  "RS512",
];

export interface JwtAuthenticatorsOptions {
  readonly apiAudiences: readonly string[];
  readonly algorithms: readonly string[];
  readonly clock: Clock;
  readonly log: Logger;
  readonly cacheMetrics?: TokenCacheMetrics;
}

interface Generation {
  readonly tokens: TokenAuthenticator;
  readonly keys: readonly IssuerKeys[];
}

const noTokens: TokenAuthenticator = { authenticateToken: () => ({ kind: "unknown" }) };

/** The issuers of the configuration as it is now. */
export class JwtAuthenticators implements TokenAuthenticator {
  readonly #options: JwtAuthenticatorsOptions;
  #current: Generation = { tokens: noTokens, keys: [] };
  #replaced = Promise.withResolvers<void>();

  constructor(options: JwtAuthenticatorsOptions) {
    this.#options = options;
  }

  authenticateToken(
    token: string,
    audiences: readonly string[] | undefined,
    signal: AbortSignal,
  ): Promise<AuthenticationOutcome> | AuthenticationOutcome {
    return this.#current.tokens.authenticateToken(token, audiences, signal);
  }

  /** From now on these issuers count and no others; what was remembered of tokens is forgotten. */
  replace(authenticators: readonly CompiledAuthenticator[]): void {
    const { clock, log, apiAudiences, algorithms, cacheMetrics } = this.#options;
    const pairs = authenticators.map((config) => {
      const { issuerUrl, discoveryUrl, certificateAuthority } = config;
      const fetch = documentFetcher(certificateAuthority, clock);
      const keys = new IssuerKeys({ issuerUrl, discoveryUrl, fetch, clock, log });
      return { keys, tokens: new JwtAuthenticator({ config, keys, apiAudiences, algorithms, clock }) };
    });
    const union = anyTokenAuthenticator(pairs.map(({ tokens }) => tokens));
    const caching = { clock, successMs, failureMs: 0, ...(cacheMetrics && { metrics: cacheMetrics }) };
    this.#current = {
      tokens: pairs.length === 0 ? noTokens : new CachedTokens(union, caching),
      keys: pairs.map(({ keys }) => keys),
    };
    this.#replaced.resolve();
    this.#replaced = Promise.withResolvers();
  }

  /** Finds the issuers' keys, those of each new configuration again, until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const stopped = Promise.withResolvers<void>();
    signal.addEventListener("abort", () => stopped.resolve(), { once: true });
    while (!signal.aborted) {
      const tasks = new TaskGroup(signal);
      const replaced = this.#replaced.promise;
      for (const keys of this.#current.keys) tasks.start((inner) => keys.run(inner));
      await Promise.race([replaced, stopped.promise]);
      await tasks.stop();
    }
  }
}
