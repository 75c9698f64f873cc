import { type AuthenticationOutcome, type Authenticator, type Credentials } from "./authenticator.ts";
import { type TokenAuthenticator, aggregate } from "./tokens/token-authenticator.ts";
import { anonymousUser } from "./user.ts";

/** How requests are authenticated: by front proxy, certificate, else by bearer token, else as the anonymous user if allowed. */
export interface AuthenticationMethods {
  /** Users that a front proxy names. */
  readonly frontProxy?: ImmediateAuthenticator;
  readonly certificates: ImmediateAuthenticator | undefined;
  readonly tokens: TokenAuthenticator;
  /** Who may come without credentials. */
  readonly anonymous: AnonymousPolicy;
}

/** An authenticator that has nobody to ask. */
export interface ImmediateAuthenticator {
  authenticate(credentials: Credentials): AuthenticationOutcome;
}

/** Whether requests without credentials are let in, and to which paths if not to all. */
export interface AnonymousPolicy {
  readonly isAllowed: boolean;
  readonly paths?: ReadonlySet<string>;
}

/**
 * Tries the methods in order; the first that recognises the request wins, whatever the others think of their
 * part of it. Only a request that shows no credentials at all, or none that is ours, may be anonymous:
 * credentials that were refused never are.
 */
export class RequestAuthenticator implements Authenticator {
  readonly #methods: AuthenticationMethods;

  constructor(methods: AuthenticationMethods) {
    this.#methods = methods;
  }

  /** Answers at once unless there is a token to ask somebody about. */
  authenticate(credentials: Credentials, signal: AbortSignal): AuthenticationOutcome | Promise<AuthenticationOutcome> {
    const byFrontProxy = this.#methods.frontProxy?.authenticate(credentials);
    if (byFrontProxy?.kind === "user") return byFrontProxy;
    const byCertificate = this.#methods.certificates?.authenticate(credentials);
    if (byCertificate?.kind === "user") return byCertificate;
    const refusals = [byFrontProxy, byCertificate].flatMap((each) => (each?.kind === "refused" ? [each.reason] : []));
    const byToken = this.#authenticateToken(credentials, signal);
    return byToken instanceof Promise
      ? byToken.then((outcome) => this.#conclude(credentials, refusals, outcome))
      : this.#conclude(credentials, refusals, byToken);
  }

  #conclude(
    credentials: Credentials,
    refusals: readonly string[],
    byToken: AuthenticationOutcome,
  ): AuthenticationOutcome {
    if (byToken.kind === "user") return byToken;
    const all = byToken.kind === "refused" ? [...refusals, byToken.reason] : refusals;
    const notes = byToken.kind === "refused" && byToken.notes;
    if (all.length > 0) return { kind: "refused", reason: aggregate(all), ...(notes && { notes }) };
    return this.#mayBeAnonymous(credentials) ? { kind: "user", user: anonymousUser } : { kind: "unknown" };
  }

  #mayBeAnonymous({ path }: Credentials): boolean {
    const { isAllowed, paths } = this.#methods.anonymous;
    return isAllowed && (paths === undefined || paths.has(path?.() ?? ""));
  }

  #authenticateToken(
    { token, tokenProblem }: Credentials,
    signal: AbortSignal,
  ): AuthenticationOutcome | Promise<AuthenticationOutcome> {
    if (tokenProblem !== undefined) return { kind: "refused", reason: tokenProblem };
    if (token === undefined) return { kind: "unknown" };
    const outcome = this.#methods.tokens.authenticateToken(token, undefined, signal);
    return outcome instanceof Promise ? outcome.then(orInvalid) : orInvalid(outcome);
  }
}

/** A token that nobody knows is no reason to be anonymous. */
function orInvalid(outcome: AuthenticationOutcome): AuthenticationOutcome {
  return outcome.kind === "unknown" ? { kind: "refused", reason: "invalid bearer token" } : outcome;
}
