import type { DetailedPeerCertificate, PeerCertificate } from "node:tls";
import type { UserInfo } from "./user.ts";

/** The credentials that a request carries. */
export interface Credentials {
  /** The verified client certificate; undefined when the client sent none or it did not verify. */
  readonly certificate: PeerCertificate | undefined;
  /** The certificate with those that it was signed by. */
  readonly chain?: () => DetailedPeerCertificate;
  /** Why the client's certificate did not verify; undefined when it did or there is none. */
  readonly certificateProblem?: string;
  /** The certificate that did not verify. */
  readonly rejectedCertificate?: PeerCertificate;
  /** The bearer token, from the Authorization header or the WebSocket subprotocol. */
  readonly token: string | undefined;
  /** Why a token was sent that cannot be read; undefined when it can or there is none. */
  readonly tokenProblem?: string;
  /** The path that is asked for, for those who may be anonymous on some only. */
  readonly path?: () => string;
  /** The request's headers by lower-case name, for certificates of front proxies. */
  readonly headers?: () => NodeJS.Dict<readonly string[]>;
}

/** What there is to say of credentials besides whose they are. */
export interface AuthenticationNotes {
  /** For the audit's record of the request. */
  readonly annotations: Readonly<Record<string, string>>;
  /** For the client. */
  readonly warning?: string;
}

/** Recognised, not recognised (the next one may), or refused for good. */
export type AuthenticationOutcome =
  | {
      readonly kind: "user";
      readonly user: UserInfo;
      readonly audiences?: readonly string[];
      readonly notes?: AuthenticationNotes;
    }
  | { readonly kind: "unknown" }
  | { readonly kind: "refused"; readonly reason: string; readonly notes?: AuthenticationNotes };

export interface Authenticator {
  authenticate(credentials: Credentials, signal: AbortSignal): Promise<AuthenticationOutcome> | AuthenticationOutcome;
}
