import { isIP } from "node:net";
import { unknownAuthority } from "../auth/x509/client-certificate.ts";

/** Codes of chains that end at nobody who is trusted. */
const untrusted: ReadonlySet<string> = new Set([
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "CERT_SIGNATURE_FAILURE",
  "CERT_UNTRUSTED",
]);

/** Why a server's certificate was not accepted, in upstream's words; undefined for errors of another kind. */
export function certificateProblem(error: Error): string | undefined {
  const code = "code" in error ? String(error.code) : "";
  const problem = chainProblem(code) ?? nameProblem(code, error);
  if (problem !== undefined) return `tls: failed to verify certificate: ${problem}`;
  if (!/CERT|ISSUER|SIGNATURE|ALTNAME/.test(code)) return undefined;
  return `tls: failed to verify certificate: x509: ${error.message}`;
}

function chainProblem(code: string): string | undefined {
  if (untrusted.has(code)) return unknownAuthority;
  if (code === "CERT_HAS_EXPIRED" || code === "CERT_NOT_YET_VALID") {
    return "x509: certificate has expired or is not yet valid";
  }
  return undefined;
}

function nameProblem(code: string, error: Error): string | undefined {
  if (code !== "ERR_TLS_CERT_ALTNAME_INVALID") return undefined;
  const { host, cert } = error as { host?: unknown; cert?: { subjectaltname?: unknown } };
  const names = cert?.subjectaltname;
  if (typeof host !== "string" || typeof names !== "string") return undefined;
  const wanted = isIP(host) ? "IP Address" : "DNS";
  const valid = names
    .split(", ")
    .flatMap((name) => (name.startsWith(`${wanted}:`) ? [name.slice(wanted.length + 1)] : []));
  if (valid.length > 0) return `x509: certificate is valid for ${valid.join(", ")}, not ${host}`;
  if (isIP(host)) return `x509: cannot validate certificate for ${host} because it doesn't contain any IP SANs`;
  return `x509: certificate is not valid for any names, but wanted to match ${host}`;
}
