import { X509Certificate, createPrivateKey } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { isIP } from "node:net";
import { dirname, join } from "node:path";
import { parseIpAddress } from "@kube-ts/std/ip-address";
import { Authority } from "./authority.ts";
import type { CertificateRequest, KeyPairTexts } from "./authority.ts";
import { authorities } from "./certificate-plan.ts";
import type { AuthorityName, PlannedCertificate } from "./certificate-plan.ts";

/** The authority of this name below the PKI directory, made when it does not exist. */
export function openAuthority(pkiDirectory: string, name: AuthorityName): Promise<Authority> {
  const path = join(pkiDirectory, name);
  return Authority.open(dirname(path), name.split("/").at(-1) ?? name, authorities[name]);
}

/** Paths of a certificate and of its key. */
export function certificateFiles(pkiDirectory: string, name: string): { readonly cert: string; readonly key: string } {
  return { cert: join(pkiDirectory, `${name}.crt`), key: join(pkiDirectory, `${name}.key`) };
}

/**
 * Who is trusted as an authority: the file of its certificate or, while one authority takes over from another, the
 * `NAME-bundle.crt` beside it, which has both.
 */
export function trustedFile(pkiDirectory: string, name: AuthorityName): string {
  const bundle = join(pkiDirectory, `${name}-bundle.crt`);
  return existsSync(bundle) ? bundle : certificateFiles(pkiDirectory, name).cert;
}

/** Why the certificate on disk is not the planned one; undefined when it is. */
export function certificateFault(
  pkiDirectory: string,
  { name, authority, request }: PlannedCertificate,
  nowMs: number,
): string | undefined {
  const files = certificateFiles(pkiDirectory, name);
  if (!existsSync(files.cert) || !existsSync(files.key)) return "it does not exist";
  const pair = { cert: readFileSync(files.cert, "utf8"), key: readFileSync(files.key, "utf8") };
  return pairFault(pair, readFileSync(certificateFiles(pkiDirectory, authority).cert, "utf8"), request, nowMs);
}

/** Why a certificate is not what is asked for; undefined when it is. */
export function pairFault(
  pair: KeyPairTexts,
  authorityPem: string,
  request: CertificateRequest,
  nowMs: number,
): string | undefined {
  try {
    const certificate = new X509Certificate(pair.cert);
    if (!certificate.verify(new X509Certificate(authorityPem).publicKey)) return "another authority has signed it";
    if (!certificate.checkPrivateKey(createPrivateKey(pair.key))) return "the key is another one's";
    if (Date.parse(certificate.validTo) <= nowMs) return "it has expired";
    if (subjectText(certificate) !== requestedSubject(request)) return "it is for somebody else";
    const missing = (request.hosts ?? []).filter((host) => !isFor(certificate, host));
    return missing.length > 0 ? `it is not for ${missing.join(", ")}` : undefined;
  } catch (error) {
    return `it cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function isFor(certificate: X509Certificate, host: string): boolean {
  if (isIP(host) === 0) return certificate.checkHost(host, { subject: "never" }) !== undefined;
  const wanted = parseIpAddress(host);
  const names = certificate.subjectAltName?.split(", ") ?? [];
  return names.some((name) => {
    const address = name.startsWith("IP Address:") ? parseIpAddress(name.slice("IP Address:".length)) : undefined;
    return address !== undefined && address.family === wanted?.family && address.value === wanted.value;
  });
}

function subjectText({ subject }: X509Certificate): string {
  return subject.split("\n").toSorted().join("\n");
}

function requestedSubject({ commonName, organizations = [] }: CertificateRequest): string {
  return [`CN=${commonName}`, ...organizations.map((name) => `O=${name}`)].toSorted().join("\n");
}
