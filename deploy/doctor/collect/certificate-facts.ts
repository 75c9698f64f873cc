import { X509Certificate, createPrivateKey } from "node:crypto";
import { isIP } from "node:net";
import { basename, dirname, join } from "node:path";
import type { CertificateFacts } from "../machine-view.ts";
import { readText } from "./read-file.ts";

/** Reads a certificate and looks at the key beside it. Answers undefined for what is no certificate. */
export function certificateFacts(
  path: string,
  authorityPath: string,
  hosts: readonly string[],
): CertificateFacts | undefined {
  const certificate = parsed(path);
  const authority = parsed(authorityPath);
  if (!certificate) return undefined;
  return {
    path,
    subject: certificate.subject.replaceAll("\n", ", "),
    notBeforeMs: certificate.validFromDate.getTime(),
    notAfterMs: certificate.validToDate.getTime(),
    isSigned: authority !== undefined && certificate.verify(authority.publicKey),
    keyMatches: keyMatches(certificate, join(dirname(path), `${basename(path, ".crt")}.key`)),
    missingNames: hosts.filter((host) => !isFor(certificate, host)),
  };
}

function parsed(path: string): X509Certificate | undefined {
  const text = readText(path);
  try {
    return text === undefined ? undefined : new X509Certificate(text);
  } catch {
    return undefined;
  }
}

function isFor(certificate: X509Certificate, host: string): boolean {
  return (isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)) !== undefined;
}

function keyMatches(certificate: X509Certificate, keyPath: string): boolean | undefined {
  const text = readText(keyPath);
  if (text === undefined) return undefined;
  try {
    return certificate.checkPrivateKey(createPrivateKey(text));
  } catch {
    return false;
  }
}
