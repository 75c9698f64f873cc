import { isRecord } from "@kube-ts/std/config-schema";
import type { Clock } from "@kube-ts/std/clock";
import type { AuthenticationOutcome } from "../authenticator.ts";
import { type TokenAuthenticator, quoteList } from "../tokens/token-authenticator.ts";
import { type UserInfo, withAuthenticatedGroup } from "../user.ts";
import { ClaimsError, mapClaims } from "./claims-mapping.ts";
import type { CompiledAuthenticator } from "./compile-authentication.ts";
import type { IssuerKeys } from "./issuer-keys.ts";

const maxTokenLength = 64 * 1024;
const notBeforeLeewayMs = 60_000;

export interface JwtAuthenticatorOptions {
  readonly config: CompiledAuthenticator;
  readonly keys: Pick<IssuerKeys, "isReady" | "verify">;
  /** Signatures that are accepted. */
  readonly algorithms: readonly string[];
  readonly apiAudiences: readonly string[];
  readonly clock: Clock;
}

/** Users by the signed tokens of an OpenID Connect issuer. */
export class JwtAuthenticator implements TokenAuthenticator {
  readonly #options: JwtAuthenticatorOptions;

  constructor(options: JwtAuthenticatorOptions) {
    this.#options = options;
  }

  async authenticateToken(
    token: string,
    audiences: readonly string[] | undefined,
    signal: AbortSignal,
  ): Promise<AuthenticationOutcome> {
    const { config, keys, apiAudiences } = this.#options;
    const matching = audiences ? apiAudiences.filter((audience) => audiences.includes(audience)) : apiAudiences;
    if (audiences !== undefined && matching.length === 0) return { kind: "unknown" };
    if (untrustedIssuer(token) !== config.issuerUrl) return { kind: "unknown" };
    if (!keys.isReady) return { kind: "refused", reason: "oidc: authenticator not initialized" };
    try {
      const user = await this.#userOf(token, signal);
      return { kind: "user", user: withAuthenticatedGroup(user), audiences: matching };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ClaimsError) return { kind: "refused", reason: `oidc: ${error.message}` };
      const problem = error instanceof Error ? error.message : String(error);
      return { kind: "refused", reason: `oidc: verify token: ${problem}` };
    }
  }

  async #userOf(token: string, signal: AbortSignal): Promise<UserInfo> {
    const { config, keys, algorithms, clock } = this.#options;
    const { alg } = parsePart(token.slice(0, token.indexOf("."))) ?? {};
    if (typeof alg !== "string" || !algorithms.includes(alg)) {
      const got = typeof alg === "string" ? JSON.stringify(alg) : '""';
      throw new Error(`oidc: id token signed with unsupported algorithm, expected ${quoteList(algorithms)} got ${got}`);
    }
    const problem = this.#claimsProblem(parsePart(token.split(".")[1] ?? "") ?? {}, clock.now());
    if (problem !== undefined) throw new Error(problem);
    const claims: unknown = JSON.parse(await keys.verify(token, algorithms, signal));
    if (!isRecord(claims)) throw new ClaimsError("parse claims: not an object");
    return mapClaims(config, claims);
  }

  /** Checked before the signature, as upstream does: what is expired costs no signature. */
  #claimsProblem(claims: Readonly<Record<string, unknown>>, nowMs: number): string | undefined {
    const { audiences } = this.#options.config;
    const offered = [claims["aud"]].flat().filter((audience) => typeof audience === "string");
    if (!audiences.some((audience) => offered.includes(audience))) {
      return audiences.length === 1
        ? `oidc: expected audience ${JSON.stringify(audiences[0])} got ${quoteList(offered)}`
        : `oidc: expected audience in ${quoteList(audiences.toSorted())} got ${quoteList(offered)}`;
    }
    const expiryMs = Number(claims["exp"] ?? 0) * 1000;
    if (!(expiryMs >= nowMs)) return `oidc: token is expired (Token Expiry: ${formatMs(expiryMs)})`;
    const notBeforeMs = Number(claims["nbf"] ?? 0) * 1000;
    if (nowMs + notBeforeLeewayMs >= notBeforeMs) return undefined;
    return `oidc: current time ${formatMs(nowMs)} before the nbf (not before) time: ${formatMs(notBeforeMs)}`;
  }
}

/** The issuer that a token claims to be of, before anything is verified; undefined for what is no such token. */
export function untrustedIssuer(token: string): string | undefined {
  if (token.length > maxTokenLength) return undefined;
  const parts = token.split(".");
  const issuer = parts.length === 3 ? parsePart(parts[1] ?? "")?.["iss"] : undefined;
  return typeof issuer === "string" ? issuer : undefined;
}

function parsePart(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return isRecord(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function formatMs(timeMs: number): string {
  const date = new Date(timeMs);
  return Number.isNaN(date.getTime()) ? "unknown" : date.toISOString();
}
