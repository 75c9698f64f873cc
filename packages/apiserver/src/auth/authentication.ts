import { type AuthenticationOutcome, type Authenticator, type Credentials } from "./authenticator.ts";
import { type TokenAuthenticator, aggregate } from "./tokens/token-authenticator.ts";
import { anonymousUser } from "./user.ts";

/** How requests are authenticated: by front proxy, certificate, else by bearer token, else as the anonymous user if allowed. */
export interface AuthenticationMethods {
  /** Users that a front proxy names. */
  readonly frontProxy?: Authenticator;
  readonly certificates: Authenticator | undefined;
  readonly tokens: TokenAuthenticator;
  /** Who may come without credentials. */
  readonly anonymous: AnonymousPolicy;
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

  async authenticate(credentials: Credentials, signal: AbortSignal): Promise<AuthenticationOutcome> {
    const refusals: string[] = [];
    if (this.#methods.frontProxy) {
      const byFrontProxy = await this.#methods.frontProxy.authenticate(credentials, signal);
      if (byFrontProxy.kind === "user") return byFrontProxy;
      if (byFrontProxy.kind === "refused") refusals.push(byFrontProxy.reason);
    }
    const byCertificate = await this.#methods.certificates?.authenticate(credentials, signal);
    if (byCertificate?.kind === "user") return byCertificate;
    if (byCertificate?.kind === "refused") refusals.push(byCertificate.reason);
    const byToken = await this.#authenticateToken(credentials, signal);
    if (byToken.kind === "user") return byToken;
    if (byToken.kind === "refused") refusals.push(byToken.reason);
    if (refusals.length > 0) return { kind: "refused", reason: aggregate(refusals) };
    return this.#mayBeAnonymous(credentials) ? { kind: "user", user: anonymousUser } : { kind: "unknown" };
  }

  #mayBeAnonymous({ path }: Credentials): boolean {
    const { isAllowed, paths } = this.#methods.anonymous;
    return isAllowed && (paths === undefined || paths.has(path?.() ?? ""));
  }

  async #authenticateToken(credentials: Credentials, signal: AbortSignal): Promise<AuthenticationOutcome> {
    const { token, tokenProblem } = credentials;
    if (tokenProblem !== undefined) return { kind: "refused", reason: tokenProblem };
    if (token === undefined) return { kind: "unknown" };
    const outcome = await this.#methods.tokens.authenticateToken(token, undefined, signal);
    return outcome.kind === "unknown" ? { kind: "refused", reason: "invalid bearer token" } : outcome;
  }
}
