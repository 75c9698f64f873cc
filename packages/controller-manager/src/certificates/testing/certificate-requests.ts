import "reflect-metadata";
import { generateKeyPairSync, webcrypto } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  BasicConstraintsExtension,
  type JsonGeneralNames,
  type JsonNameParams,
  Name,
  PemConverter,
  Pkcs10CertificateRequestGenerator,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";
import type { AuthorityFiles } from "../signing-authority.ts";

const algorithms = {
  P256: { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" },
  RSA: {
    name: "RSASSA-PKCS1-v1_5",
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
    hash: "SHA-256",
  },
  Ed25519: { name: "Ed25519" },
} as const;

export interface RequestContent {
  readonly subject: JsonNameParams;
  readonly alternatives?: JsonGeneralNames;
  readonly key?: keyof typeof algorithms;
}

/** For tests: a request as it stands in `spec.request`, and the PEM of its key. */
export async function certificateRequest(content: RequestContent): Promise<{ request: string; key: string }> {
  const algorithm = algorithms[content.key ?? "P256"];
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"])) as webcrypto.CryptoKeyPair;
  const request = await Pkcs10CertificateRequestGenerator.create(
    {
      name: new Name(content.subject),
      keys,
      signingAlgorithm: algorithm,
      extensions: content.alternatives ? [new SubjectAlternativeNameExtension(content.alternatives)] : [],
    },
    webcrypto,
  );
  const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return {
    request: Buffer.from(request.toString("pem")).toString("base64"),
    key: PemConverter.encode(pkcs8, "PRIVATE KEY"),
  };
}

/** For tests: a self-signed authority with the kind of key file that was asked for, written to `directory`. */
export async function authorityFiles(
  directory: string,
  name: string,
  endMs: number,
  keyFormat: "pkcs8" | "sec1" | "pkcs1" = "pkcs8",
): Promise<AuthorityFiles> {
  const { privateKey, publicKey } =
    keyFormat === "pkcs1"
      ? generateKeyPairSync("rsa", { modulusLength: 2048 })
      : generateKeyPairSync("ec", { namedCurve: "P-384" });
  const algorithm =
    keyFormat === "pkcs1" ? algorithms.RSA : ({ name: "ECDSA", namedCurve: "P-384", hash: "SHA-384" } as const);
  const keys = {
    privateKey: privateKey.toCryptoKey(algorithm, true, ["sign"]),
    publicKey: publicKey.toCryptoKey(algorithm, true, ["verify"]),
  };
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      name: [{ CN: [name] }],
      notBefore: new Date(endMs - 10 * 365 * 24 * 3_600_000),
      notAfter: new Date(endMs),
      keys,
      signingAlgorithm: algorithm,
      extensions: [
        new BasicConstraintsExtension(true, undefined, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
  const files = { certFile: join(directory, `${name}.crt`), keyFile: join(directory, `${name}.key`) };
  writeFileSync(files.certFile, certificate.toString("pem"));
  writeFileSync(files.keyFile, privateKey.export({ type: keyFormat, format: "pem" }));
  return files;
}
