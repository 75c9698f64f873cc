import type { Secret } from "@kube-ts/api/core/v1";
import { assertNever } from "@kube-ts/std/assert-never";
import type { Clock } from "@kube-ts/std/clock";
import type { ObjectSource } from "../../registry/object-source.ts";
import { nameOf, namespaceOf } from "@kube-ts/api/object";
import type { AuthenticationNotes, AuthenticationOutcome } from "../authenticator.ts";
import { type TokenAuthenticator, quoteList } from "../tokens/token-authenticator.ts";
import type { TokenCacheMetrics } from "../tokens/token-cache-metrics.ts";
import type { UserInfo } from "../user.ts";
import { ClaimValidator, type LegacyVerdict, type SecretOrigin } from "./claim-validation.ts";
import { serviceAccountUser } from "./identity.ts";
import { SignedTokenVerifier } from "./signed-token-verifier.ts";
import type { KeySet } from "./signing-keys.ts";
import { type TokenClaims, legacyIssuer } from "./token-claims.ts";

/**
 * A bound token that lives longer than it should be used, before and after it was to be renewed; one of a secret, and
 * by where the secret comes from.
 */
export type TokenUse = "valid" | "stale" | "legacy" | SecretOrigin;

export interface ServiceAccountTokenOptions {
  /** `--service-account-issuer`: the first one issues, all are accepted. */
  readonly issuers: readonly string[];
  readonly keys: KeySet;
  /** `--api-audiences`: what tokens must be for when the request asks for nothing else. */
  readonly apiAudiences: readonly string[];
  /** Told of each use of a token that lives in a secret, were it one marked invalid. */
  readonly onLegacyTokenUse?: (secret: Secret) => void;
  /** Told of each use of a token, and whether it should have been renewed by now. */
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
    const notes = this.#notesOn(claims, verdict);
    if (verdict.kind === "invalid") return { kind: "refused", reason: verdict.reason, ...(notes && { notes }) };
    return { kind: "user", user: this.#userOf(claims, verdict), audiences: matching, ...(notes && { notes }) };
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

  async #judge(token: string, claims: TokenClaims, signal: AbortSignal): Promise<LegacyVerdict> {
    if (claims.issuer === legacyIssuer && !this.#options.issuers.includes(legacyIssuer)) {
      if (!claims.legacy) return { kind: "invalid", reason: "namespace claim is missing" };
      const verdict = await this.#validator.validateLegacy(token, claims.subject, claims.legacy, signal);
      if (verdict.secret) this.#options.onLegacyTokenUse?.(verdict.secret);
      return verdict;
    }
    if (!claims.bound) return { kind: "invalid", reason: "service account token claims could not be validated" };
    return this.#validator.validateBound(claims, claims.bound, this.#clock.now(), signal);
  }

  /** Counts the use of a token, and says what the audit is to know of it. */
  #notesOn({ bound, subject }: TokenClaims, verdict: LegacyVerdict): AuthenticationNotes | undefined {
    const { secret, origin } = verdict;
    if (origin && secret) {
      this.#options.onUse?.("legacy");
      this.#options.onUse?.(origin);
      return legacyNotes(secret, origin, subject);
    }
    const warnAfterSeconds = bound?.warnAfterSeconds ?? 0;
    if (verdict.kind === "invalid" || warnAfterSeconds <= 0) return undefined;
    const staleSeconds = Math.floor(this.#clock.now() / 1000) - warnAfterSeconds;
    this.#options.onUse?.(staleSeconds > 0 ? "stale" : "valid");
    if (staleSeconds <= 0) return undefined;
    const told = `subject: ${subject}, seconds after warning threshold: ${staleSeconds}`;
    return { annotations: { "authentication.k8s.io/stale-token": told } };
  }

  #userOf(claims: TokenClaims, verdict: LegacyVerdict & { kind: "valid" }): UserInfo {
    const known = this.#users.get(claims);
    if (known) return known;
    const user = serviceAccountUser(verdict.identity);
    this.#users.set(claims, user);
    return user;
  }
}

const annotationPrefix = "authentication.k8s.io/legacy-token";

function legacyNotes(secret: Secret, origin: SecretOrigin, subject: string): AuthenticationNotes {
  const used = { [annotationPrefix]: subject };
  const name = nameOf(secret);
  switch (origin) {
    case "invalidated":
      return { annotations: { ...used, [`${annotationPrefix}-invalidated`]: `${name}/${namespaceOf(secret)}` } };
    case "manual":
      return { annotations: { ...used, [`${annotationPrefix}-manual-secret`]: name } };
    case "auto-generated":
      return {
        annotations: { ...used, [`${annotationPrefix}-autogenerated-secret`]: name },
        warning:
          "Use tokens from the TokenRequest API or manually created secret-based tokens instead of auto-generated secret-based tokens.",
      };
    default:
      return assertNever(origin);
  }
}
