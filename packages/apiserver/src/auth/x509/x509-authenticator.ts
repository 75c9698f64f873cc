import { createHash } from "node:crypto";
import type { PeerCertificate } from "node:tls";
import type { Clock } from "@kube-ts/std/clock";
import { formatTime } from "@kube-ts/api/rfc3339";
import type { AuthenticationOutcome, Authenticator, Credentials } from "../authenticator.ts";
import { withAuthenticatedGroup } from "../user.ts";
import { unknownAuthority } from "./client-certificate.ts";
import type { TrustedBy } from "./trusted-chain.ts";

const clientAuth = "1.3.6.1.5.5.7.3.2";

/** The subject attribute that may carry the user's uid. */
const userUidAttribute = "1.3.6.1.4.1.57683.2";

interface CertifiedUser {
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly outcome: AuthenticationOutcome;
}

/** Whose certificates are those of clients. */
export interface ClientTrust {
  readonly authorities: Pick<TrustedBy, "trusts" | "isReplaced">;
  /** TLS trusts others besides. */
  readonly isShared: boolean;
}

/**
 * Users by client certificate: the common name is the user, the organizations are the groups. The chain was
 * verified by TLS when the connection was made; the validity period is checked again on each request, because
 * connections outlive certificates, and so are the authorities once they have been exchanged.
 */
export class X509Authenticator implements Authenticator {
  readonly #clock: Clock;
  readonly #trust: ClientTrust | undefined;
  readonly #onCertificate: ((remainingMs: number) => void) | undefined;
  readonly #users = new WeakMap<PeerCertificate, CertifiedUser>();

  /** `onCertificate` is told for each request how long its certificate is still valid; less than nothing if it is no more. */
  constructor(clock: Clock, trust?: ClientTrust, onCertificate?: (remainingMs: number) => void) {
    this.#clock = clock;
    this.#trust = trust;
    this.#onCertificate = onCertificate;
  }

  authenticate(credentials: Credentials): AuthenticationOutcome {
    const { certificate } = credentials;
    const trust = this.#trust;
    this.#tellRemaining(certificate ?? credentials.rejectedCertificate);
    if (!certificate) return this.#secondLook(credentials);
    if (trust && (trust.isShared || trust.authorities.isReplaced)) {
      if (!trust.authorities.trusts(certificate, credentials.chain)) {
        return { kind: "refused", reason: unknownAuthority };
      }
    }
    return this.#outcomeOf(certificate);
  }

  /** A certificate that did not verify when the connection was made may be one of authorities that came later. */
  #secondLook({ certificateProblem: reason, rejectedCertificate, chain }: Credentials): AuthenticationOutcome {
    if (reason === undefined) return { kind: "unknown" };
    const authorities = this.#trust?.authorities;
    const mayBeKnown = rejectedCertificate && reason === unknownAuthority && authorities?.isReplaced;
    if (!mayBeKnown || !authorities.trusts(rejectedCertificate, chain)) return { kind: "refused", reason };
    return this.#outcomeOf(rejectedCertificate);
  }

  #outcomeOf(certificate: PeerCertificate): AuthenticationOutcome {
    const certified = this.#certifiedUser(certificate);
    const problem = validityProblem(certified, this.#clock.now());
    return problem === undefined ? certified.outcome : { kind: "refused", reason: problem };
  }

  #tellRemaining(certificate: PeerCertificate | undefined): void {
    if (!certificate || !this.#onCertificate) return;
    const remainingMs = this.#certifiedUser(certificate).notAfterMs - this.#clock.now();
    if (!Number.isNaN(remainingMs)) this.#onCertificate(remainingMs);
  }

  #certifiedUser(certificate: PeerCertificate): CertifiedUser {
    const known = this.#users.get(certificate);
    if (known) return known;
    const certified: CertifiedUser = {
      notBeforeMs: Date.parse(certificate.valid_from),
      notAfterMs: Date.parse(certificate.valid_to),
      outcome: outcomeOf(certificate),
    };
    this.#users.set(certificate, certified);
    return certified;
  }
}

function outcomeOf(certificate: PeerCertificate): AuthenticationOutcome {
  if (!mayAuthenticateClients(certificate)) {
    return { kind: "refused", reason: "x509: certificate specifies an incompatible key usage" };
  }
  const name = attributeValues(certificate, "CN").at(-1) ?? "";
  if (name === "") return { kind: "unknown" };
  const uids = attributeValues(certificate, userUidAttribute);
  if (uids.length > 1) {
    const reason = `unable to parse UID from certificate: expected 1 UID, but found multiple: [${uids.join(" ")}]`;
    return { kind: "refused", reason };
  }
  const fingerprint = createHash("sha256").update(certificate.raw).digest("hex");
  return {
    kind: "user",
    user: withAuthenticatedGroup({
      name,
      uid: uids[0] ?? "",
      groups: attributeValues(certificate, "O"),
      extra: { "authentication.kubernetes.io/credential-id": [`X509SHA256=${fingerprint}`] },
    }),
  };
}

/** A certificate without the extension may be used for anything. */
function mayAuthenticateClients(certificate: PeerCertificate): boolean {
  const usages = certificate.ext_key_usage;
  return !usages?.length || usages.includes(clientAuth);
}

function attributeValues(certificate: PeerCertificate, attribute: string): readonly string[] {
  const value = (certificate.subject as Readonly<Record<string, string | string[] | undefined>>)[attribute];
  if (value === undefined) return [];
  return typeof value === "string" ? [value] : value;
}

function validityProblem(certified: CertifiedUser, nowMs: number): string | undefined {
  const { notBeforeMs, notAfterMs } = certified;
  if (nowMs >= notBeforeMs && nowMs <= notAfterMs) return undefined;
  const text = "x509: certificate has expired or is not yet valid";
  if (Number.isNaN(notBeforeMs) || Number.isNaN(notAfterMs)) return text;
  const [relation, limitMs] = nowMs < notBeforeMs ? ["before", notBeforeMs] : ["after", notAfterMs];
  return `${text}: current time ${formatTime(nowMs)} is ${relation} ${formatTime(limitMs)}`;
}
