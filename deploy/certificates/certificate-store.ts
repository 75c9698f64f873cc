import { X509Certificate, createPrivateKey } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { privateFile, publicFile } from "../machine/files/planned-file.ts";
import { writeFiles } from "../machine/files/write-files.ts";
import type { KeyPairTexts } from "../pki/authority.ts";
import { certificateFiles } from "../pki/certificate-files.ts";
import { certificateFacts } from "./certificate-facts.ts";
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
  const { cert, key } = certificateFiles(directories.pki, listed.authority);
  const pair = validPair(listed.place, directories);
  return {
    listed,
    facts: pair && certificateFacts(pair.cert),
    hasAuthorityKey: existsSync(key),
    isForeign: pair !== undefined && existsSync(cert) && !isSignedBy(pair.cert, readFileSync(cert, "utf8")),
  };
}

/** Whether the authority (PEM) has signed the certificate (PEM). */
export function isSignedBy(certificate: string, authority: string): boolean {
  return new X509Certificate(certificate).verify(new X509Certificate(authority).publicKey);
}

/** Puts a new pair in the place of the former one; the key is replaced first, each file as a whole. */
export async function storeCertificate(
  place: CertificatePlace,
  pair: KeyPairTexts,
  directories: CertificateDirectories,
): Promise<void> {
  if (place.kind === "files") {
    const files = certificateFiles(directories.pki, place.name);
    await writeFiles([privateFile(files.key, pair.key), publicFile(files.cert, pair.cert)]);
    return;
  }
  const path = join(directories.configuration, place.file);
  await writeFiles([privateFile(path, withCertificate(readFileSync(path, "utf8"), pair))]);
}

function validPair(place: CertificatePlace, directories: CertificateDirectories): KeyPairTexts | undefined {
  try {
    const pair = pairAt(place, directories);
    const matches = new X509Certificate(pair.cert).checkPrivateKey(createPrivateKey(pair.key));
    return matches ? pair : undefined;
  } catch {
    return undefined;
  }
}

function pairAt(place: CertificatePlace, directories: CertificateDirectories): KeyPairTexts {
  if (place.kind === "kubeconfig") {
    return certificateOfKubeconfig(readFileSync(join(directories.configuration, place.file), "utf8"));
  }
  const { cert, key } = certificateFiles(directories.pki, place.name);
  return { cert: readFileSync(cert, "utf8"), key: readFileSync(key, "utf8") };
}
