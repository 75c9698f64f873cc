import { generateKeyPair } from "node:crypto";
import { promisify } from "node:util";

/** What a node asks a certificate for. */
export interface CertificateSubject {
  readonly commonName: string;
  readonly organization: string;
  /** Host names and addresses of a serving certificate. */
  readonly hosts: readonly string[];
}

export function nodeSubject(nodeName: string, hosts: readonly string[] = []): CertificateSubject {
  return { commonName: `system:node:${nodeName}`, organization: "system:nodes", hosts };
}

/** A new private key, PEM (PKCS#8). */
export async function newPrivateKey(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)("ec", { namedCurve: "P-256" });
  return String(privateKey.export({ type: "pkcs8", format: "pem" }));
}
