import { X509Certificate, createPrivateKey } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { KeyPairTexts } from "../pki/authority.ts";
import { certificateFiles } from "../pki/certificate-files.ts";
import { type CertificateFacts, certificateFacts } from "./certificate-facts.ts";
import type { CertificatePlace, ListedCertificate } from "./inventory.ts";
import { certificateOfKubeconfig, withCertificate } from "./kubeconfig-certificate.ts";
import type { FoundCertificate } from "./renewal-plan.ts";

/** Where a machine keeps its certificates. */
export interface CertificateDirectories {
  readonly pki: string;
  /** Of the kubeconfigs. */
  readonly configuration: string;
}

/** What is there of a certificate. A pair that does not belong together is as good as none. */
export function findCertificate(listed: ListedCertificate, directories: CertificateDirectories): FoundCertificate {
  const { key } = certificateFiles(directories.pki, listed.authority);
  return { listed, facts: factsAt(listed.place, directories), hasAuthorityKey: existsSync(key) };
}

/** Puts a new pair in the place of the former one; the key is replaced first, each file at once. */
export function storeCertificate(
  place: CertificatePlace,
  pair: KeyPairTexts,
  directories: CertificateDirectories,
): void {
  if (place.kind === "files") {
    const files = certificateFiles(directories.pki, place.name);
    replaceFile(files.key, pair.key, 0o600);
    replaceFile(files.cert, pair.cert, 0o644);
    return;
  }
  const path = join(directories.configuration, place.plan.file);
  replaceFile(path, withCertificate(readFileSync(path, "utf8"), pair), 0o600);
}

function factsAt(place: CertificatePlace, directories: CertificateDirectories): CertificateFacts | undefined {
  try {
    const { cert, key } = pairAt(place, directories);
    const matches = new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
    return matches ? certificateFacts(cert) : undefined;
  } catch {
    return undefined;
  }
}

function pairAt(place: CertificatePlace, directories: CertificateDirectories): KeyPairTexts {
  if (place.kind === "kubeconfig") {
    return certificateOfKubeconfig(readFileSync(join(directories.configuration, place.plan.file), "utf8"));
  }
  const { cert, key } = certificateFiles(directories.pki, place.name);
  return { cert: readFileSync(cert, "utf8"), key: readFileSync(key, "utf8") };
}

function replaceFile(path: string, text: string, mode: number): void {
  const next = `${path}.next`;
  rmSync(next, { force: true });
  writeFileSync(next, text, { mode, flush: true });
  renameSync(next, path);
}
