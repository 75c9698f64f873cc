import { X509Certificate, createPrivateKey } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { privateFile, publicFile } from "../machine/files/planned-file.ts";
import { writeFiles } from "../machine/files/write-files.ts";
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
    return certificateOfKubeconfig(readFileSync(join(directories.configuration, place.file), "utf8"));
  }
  const { cert, key } = certificateFiles(directories.pki, place.name);
  return { cert: readFileSync(cert, "utf8"), key: readFileSync(key, "utf8") };
}
