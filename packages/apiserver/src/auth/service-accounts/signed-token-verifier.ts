import { hash } from "node:crypto";
import type { Clock } from "@kube-ts/std/clock";
import { compactVerify } from "jose";
import { LRUCache } from "lru-cache";
import type { KeySet } from "./signing-keys.ts";
import type { TokenCacheMetrics } from "../tokens/token-cache-metrics.ts";
import { type TokenClaims, parseTokenClaims } from "./token-claims.ts";

/** What the signature of a token says. */
export type Verification =
  | { readonly kind: "verified"; readonly claims: TokenClaims }
  | { readonly kind: "foreign" }
  | { readonly kind: "refused"; readonly reason: string };

const foreign: Verification = { kind: "foreign" };
const maxTokenLength = 64 * 1024;
const maxCachedTokens = 4096;
const cacheMs = 10_000;

/**
 * Checks signatures, and only those: whether the claims still hold is asked anew on each use. Verified tokens
 * are remembered for ten seconds under their digest, at most 4096, the longest unused dropped first.
 */
export class SignedTokenVerifier {
  readonly #issuers: ReadonlySet<string>;
  readonly #keys: KeySet;
  readonly #verified: LRUCache<string, Verification & { kind: "verified" }>;
  readonly #metrics: TokenCacheMetrics | undefined;
  readonly #inFlight = new Map<string, Promise<Verification>>();

  constructor(issuers: ReadonlySet<string>, keys: KeySet, clock: Clock, metrics?: TokenCacheMetrics) {
    this.#issuers = issuers;
    this.#metrics = metrics;
    this.#keys = keys;
    this.#verified = new LRUCache({
      max: maxCachedTokens,
      ttl: cacheMs,
      ttlResolution: 0,
      perf: { now: () => clock.monotonicMs() },
    });
  }

  /** "foreign" is a text that is no signed token of one of our issuers. The same token gives the same object. */
  verify(token: string): Verification | Promise<Verification> {
    const digest = hash("sha256", token, "base64");
    const known = this.#verified.get(digest);
    if (known) {
      this.#metrics?.hit();
      return known;
    }
    const running = this.#inFlight.get(digest);
    if (!running && !this.#isOurs(token)) return foreign;
    const verification = running ?? this.#start(digest, token);
    return this.#metrics?.miss(!running, verification, ({ kind }) => kind === "refused") ?? verification;
  }

  #start(digest: string, token: string): Promise<Verification> {
    const verification = this.#check(token)
      .then((outcome) => {
        if (outcome.kind === "verified") this.#verified.set(digest, outcome);
        return outcome;
      })
      .finally(() => this.#inFlight.delete(digest));
    this.#inFlight.set(digest, verification);
    return verification;
  }

  /** Reads the issuer before the signature is known to be right, only to leave other issuers' tokens alone. */
  #isOurs(token: string): boolean {
    if (token.length > maxTokenLength) return false;
    const parts = token.split(".");
    if (parts.length !== 3) return false;
    const claims = parseTokenClaims(Buffer.from(parts[1] ?? "", "base64url").toString("utf8"));
    return claims !== undefined && this.#issuers.has(claims.issuer);
  }

  async #check(token: string): Promise<Verification> {
    const header = parseHeader(token);
    if (!header) return foreign;
    const keys = this.#keys.candidates(header.keyId);
    if (keys.length === 0) return { kind: "refused", reason: "invalid signature, no keys found" };
    for (const key of keys) {
      const verified = await compactVerify(token, key.publicKey, { algorithms: [key.algorithm] }).catch(
        () => undefined,
      );
      if (!verified) continue;
      const claims = parseTokenClaims(Buffer.from(verified.payload).toString("utf8"));
      if (claims && this.#issuers.has(claims.issuer)) return { kind: "verified", claims };
    }
    return { kind: "refused", reason: "invalid signature" };
  }
}

function parseHeader(token: string): { readonly keyId: string | undefined } | undefined {
  try {
    const encoded = token.slice(0, token.indexOf("."));
    const header: unknown = JSON.parse(Buffer.from(encoded, "base64url").toString("utf8"));
    if (typeof header !== "object" || header === null) return undefined;
    const { kid } = header as { kid?: unknown };
    return kid === undefined || typeof kid === "string" ? { keyId: kid } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
