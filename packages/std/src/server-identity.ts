import { isIP } from "node:net";
import { type PeerCertificate, checkServerIdentity } from "node:tls";

/** The server's certificate has no subject alternative names. */
export class MissingAlternativeNamesError extends Error {
  /** As of other certificates that are for somebody else. */
  readonly code = "ERR_TLS_CERT_ALTNAME_INVALID";
  readonly host: string;

  constructor(host: string) {
    super("certificate relies on legacy Common Name field, use SANs instead");
    this.host = host;
  }
}

/**
 * As `tls.checkServerIdentity`, but never by the certificate's common name, which says nothing of hosts: Go's library,
 * and with it every upstream client, does not look at it either.
 */
export function checkAlternativeNames(host: string, certificate: PeerCertificate): Error | undefined {
  const names = certificate.subjectaltname ?? "";
  if (isIP(host) !== 0 || /(^|, )DNS:/.test(names)) return checkServerIdentity(host, certificate);
  if (names === "") return new MissingAlternativeNamesError(host);
  const error = new Error(`certificate is not valid for any names, but wanted to match ${host}`);
  return Object.assign(error, { code: "ERR_TLS_CERT_ALTNAME_INVALID" });
}

/** What is missing in the server's certificate, if that is what went wrong. */
export function missingAlternativeNames(error: unknown): MissingAlternativeNamesError | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof MissingAlternativeNamesError) return cause;
  }
  return undefined;
}
