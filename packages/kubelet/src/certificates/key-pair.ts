import { X509Certificate, createPrivateKey } from "node:crypto";

/** A certificate with its key, PEM, and the time for which it counts, in milliseconds since the epoch. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
  readonly certificate: X509Certificate;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

/** Reads a certificate chain and its key, which may stand in one text. Throws when they do not belong together. */
export function keyPairFrom(cert: string, key: string): KeyPair {
  const certificate = new X509Certificate(cert);
  if (!certificate.checkPrivateKey(createPrivateKey(key))) {
    throw new Error("private key does not match public key");
  }
  return {
    cert,
    key,
    certificate,
    notBeforeMs: Date.parse(certificate.validFrom),
    notAfterMs: Date.parse(certificate.validTo),
  };
}

/** Whether the certificate is for all of these hosts. */
export function coversHosts({ certificate }: KeyPair, hosts: readonly string[]): boolean {
  return hosts.every((host) => certificate.checkHost(host) !== undefined || certificate.checkIP(host) !== undefined);
}

const share = { least: 0.7, spread: 0.2 } as const;

/** When to renew: between 70 and 90 % of the lifetime, so that the nodes of a cluster do not all come at once. */
export function renewalTimeMs(
  { notBeforeMs, notAfterMs }: Pick<KeyPair, "notBeforeMs" | "notAfterMs">,
  chance: number,
): number {
  return notBeforeMs + (notAfterMs - notBeforeMs) * (share.least + share.spread * chance);
}
