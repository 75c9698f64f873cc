import type { Secret } from "@kube-ts/api/core/v1";
import type { Clock } from "@kube-ts/std/clock";
import type { ObjectSource } from "../../registry/object-source.ts";
import type { AuthenticationOutcome } from "../authenticator.ts";
import { type TokenAuthenticator, quoteList } from "../tokens/token-authenticator.ts";
import type { TokenCacheMetrics } from "../tokens/token-cache-metrics.ts";
import type { UserInfo } from "../user.ts";
import { ClaimValidator, type ClaimVerdict } from "./claim-validation.ts";
import { serviceAccountUser } from "./identity.ts";
import { SignedTokenVerifier } from "./signed-token-verifier.ts";
import type { KeySet } from "./signing-keys.ts";
import { type TokenClaims, legacyIssuer } from "./token-claims.ts";

/** A token that is good: a bound one, one that only lives on so that old clients have time, or one of a secret. */
export type TokenUse = "valid" | "stale" | "legacy";

export interface ServiceAccountTokenOptions {
  /** `--service-account-issuer`: the first one issues, all are accepted. */
  readonly issuers: readonly string[];
  readonly keys: KeySet;
  /** `--api-audiences`: what tokens must be for when the request asks for nothing else. */
  readonly apiAudiences: readonly string[];
  /** Told of each use of a token that lives in a secret. */
  readonly onLegacyTokenUse?: (secret: Secret) => void;
  /** Told of each use of a token that is good, and whether it should have been renewed by now. */
  readonly onUse?: (use: TokenUse) => void;
  /** Counts what is remembered of signatures. */
  readonly cacheMetrics?: TokenCacheMetrics;
}

/** Recognises tokens of service accounts, from the TokenRequest API and from secrets. */
export class ServiceAccountTokenAuthenticator implements TokenAuthenticator {
  readonly #options: ServiceAccountTokenOptions;
  readonly #verifier: SignedTokenVerifier;
  readonly #validator: ClaimValidator;
  readonly #clock: Clock;
  readonly #users = new WeakMap<TokenClaims, UserInfo>();

  constructor(options: ServiceAccountTokenOptions, source: ObjectSource, clock: Clock) {
    this.#options = options;
    const issuers = new Set([...options.issuers, legacyIssuer]);
    this.#verifier = new SignedTokenVerifier(issuers, options.keys, clock, options.cacheMetrics);
    this.#validator = new ClaimValidator(source);
    this.#clock = clock;
  }

  async authenticateToken(
    token: string,
    audiences: readonly string[] | undefined,
    signal: AbortSignal,
  ): Promise<AuthenticationOutcome> {
    const verification = await this.#verifier.verify(token);
    if (verification.kind === "foreign") return { kind: "unknown" };
    if (verification.kind === "refused") return verification;
    const { claims } = verification;
    const matching = this.#matchingAudiences(claims, audiences);
    if (typeof matching === "string") return { kind: "refused", reason: matching };
    const verdict = await this.#judge(token, claims, signal);
    if (verdict.kind === "invalid") return { kind: "refused", reason: verdict.reason };
    this.#options.onUse?.(this.#useOf(claims));
    return { kind: "user", user: this.#userOf(claims, verdict), audiences: matching };
  }

  /** The audiences that the token and the request have in common, or the problem. */
  #matchingAudiences(claims: TokenClaims, requested: readonly string[] | undefined): readonly string[] | string {
    const { apiAudiences } = this.#options;
    const offered = claims.audiences.length === 0 ? apiAudiences : claims.audiences;
    const wanted = requested ?? apiAudiences;
    const matching = offered.filter((audience) => wanted.includes(audience));
    if (matching.length > 0 || apiAudiences.length === 0) return matching;
    return `token audiences ${quoteList(offered)} is invalid for the target audiences ${quoteList(wanted)}`;
  }

  async #judge(token: string, claims: TokenClaims, signal: AbortSignal): Promise<ClaimVerdict> {
    if (claims.issuer === legacyIssuer && !this.#options.issuers.includes(legacyIssuer)) {
      if (!claims.legacy) return { kind: "invalid", reason: "namespace claim is missing" };
      const verdict = await this.#validator.validateLegacy(token, claims.subject, claims.legacy, signal);
      if (verdict.secret) this.#options.onLegacyTokenUse?.(verdict.secret);
      return verdict;
    }
    if (!claims.bound) return { kind: "invalid", reason: "service account token claims could not be validated" };
    return this.#validator.validateBound(claims, claims.bound, this.#clock.now(), signal);
  }

  #useOf({ bound }: TokenClaims): TokenUse {
    if (!bound) return "legacy";
    const { warnAfterSeconds } = bound;
    const isStale =
      warnAfterSeconds !== undefined && warnAfterSeconds > 0 && this.#clock.now() / 1000 > warnAfterSeconds;
    return isStale ? "stale" : "valid";
  }

  #userOf(claims: TokenClaims, verdict: ClaimVerdict & { kind: "valid" }): UserInfo {
    const known = this.#users.get(claims);
    if (known) return known;
    const user = serviceAccountUser(verdict.identity);
    this.#users.set(claims, user);
    return user;
  }
}
