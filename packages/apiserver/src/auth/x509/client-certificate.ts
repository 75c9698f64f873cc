import type { PeerCertificate, TLSSocket } from "node:tls";

/** What the client showed in the TLS handshake. */
export type PresentedCertificate =
  | { readonly kind: "none" }
  | { readonly kind: "verified"; readonly certificate: PeerCertificate }
  | { readonly kind: "rejected"; readonly problem: string; readonly certificate: PeerCertificate };

const seen = new WeakMap<TLSSocket, PresentedCertificate>();
const none: PresentedCertificate = { kind: "none" };

/**
 * The client's certificate and the verdict of TLS on its chain, read once per connection. The server must ask for
 * certificates (`requestCert`) without ending connections over them (`rejectUnauthorized: false`), and trust
 * only the client CA bundle (`ca`).
 */
export function presentedCertificate(socket: TLSSocket): PresentedCertificate {
  const known = seen.get(socket);
  if (known) return known;
  const presented = inspect(socket);
  seen.set(socket, presented);
  return presented;
}

function inspect(socket: TLSSocket): PresentedCertificate {
  const certificate = socket.getPeerCertificate() as PeerCertificate | null;
  if (!certificate?.raw) return none;
  if (!socket.authorized) return { kind: "rejected", problem: problemText(socket.authorizationError), certificate };
  return { kind: "verified", certificate };
}

export const unknownAuthority = "x509: certificate signed by unknown authority";

/** Upstream's words for OpenSSL's verdicts. */
const problems: ReadonlyMap<string, string> = new Map([
  ["CERT_HAS_EXPIRED", "x509: certificate has expired or is not yet valid"],
  ["CERT_NOT_YET_VALID", "x509: certificate has expired or is not yet valid"],
  ["INVALID_PURPOSE", "x509: certificate specifies an incompatible key usage"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", unknownAuthority],
  ["CERT_SIGNATURE_FAILURE", unknownAuthority],
  ["UNABLE_TO_GET_ISSUER_CERT", unknownAuthority],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", unknownAuthority],
  ["SELF_SIGNED_CERT_IN_CHAIN", unknownAuthority],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", unknownAuthority],
]);

/** Node's typings promise an Error, but the value is the code of OpenSSL's verdict. */
function problemText(error: unknown): string {
  const code = error instanceof Error ? ((error as { code?: string }).code ?? error.message) : String(error);
  return problems.get(code) ?? `x509: ${code}`;
}
