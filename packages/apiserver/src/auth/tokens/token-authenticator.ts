import { goQuote } from "@kube-ts/api/go-quote";
import type { AuthenticationNotes, AuthenticationOutcome } from "../authenticator.ts";
import type { UserInfo } from "../user.ts";

/** Judges bearer tokens. */
export interface TokenAuthenticator {
  /**
   * `audiences` are those that the token must have been issued for at least one of; undefined means the API
   * server's own. An outcome of kind "user" names the ones that matched.
   */
  authenticateToken(
    token: string,
    audiences: readonly string[] | undefined,
    signal: AbortSignal,
  ): Promise<AuthenticationOutcome> | AuthenticationOutcome;
}

/** Finds the user of tokens that are not issued for an audience: they are good for the API server alone. */
export interface AudienceAgnosticTokens {
  userOf(token: string): UserInfo | undefined;
}

/** Lets audience-agnostic tokens take part where the API server's own audiences are asked for. */
export function forApiAudiences(tokens: AudienceAgnosticTokens, apiAudiences: readonly string[]): TokenAuthenticator {
  return {
    authenticateToken(token, audiences) {
      const matching = audiences ? apiAudiences.filter((audience) => audiences.includes(audience)) : apiAudiences;
      if (matching.length === 0 && audiences !== undefined) return { kind: "unknown" };
      const user = tokens.userOf(token);
      return user ? { kind: "user", user, audiences: matching } : { kind: "unknown" };
    },
  };
}

/** Tries one after the other; a refusal by one does not keep another from recognising the token. */
export function anyTokenAuthenticator(members: readonly TokenAuthenticator[]): TokenAuthenticator {
  return {
    async authenticateToken(token, audiences, signal) {
      const refusals: string[] = [];
      let notes: AuthenticationNotes | undefined;
      for (const member of members) {
        const outcome = await member.authenticateToken(token, audiences, signal);
        if (outcome.kind === "user") return outcome;
        if (outcome.kind === "unknown") continue;
        refusals.push(outcome.reason);
        notes ??= outcome.notes;
      }
      if (refusals.length === 0) return { kind: "unknown" };
      return { kind: "refused", reason: aggregate(refusals), ...(notes && { notes }) };
    },
  };
}

/** Several problems in upstream's form: one stands for itself, more are listed in brackets, each once. */
export function aggregate(problems: readonly string[]): string {
  const distinct = [...new Set(problems)];
  return distinct.length === 1 ? (distinct[0] ?? "") : `[${distinct.join(", ")}]`;
}

/** A list of texts as upstream's messages quote it: `["a" "b"]`. */
export function quoteList(texts: readonly string[]): string {
  return `[${texts.map(goQuote).join(" ")}]`;
}
