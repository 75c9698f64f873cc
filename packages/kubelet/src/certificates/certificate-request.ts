import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { isIP } from "node:net";
import type { CertificateSubject } from "./certificate-subject.ts";
import { PemConverter, Pkcs10CertificateRequestGenerator, SubjectAlternativeNameExtension } from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/** A PKCS#10 request, PEM. Rejects when the key is none of ours. */
export async function certificateRequest(subject: CertificateSubject, privateKeyPem: string): Promise<string> {
  const keys = await keyPair(privateKeyPem);
  const names = subject.hosts.map((value) => ({ type: isIP(value) === 0 ? ("dns" as const) : ("ip" as const), value }));
  const request = await Pkcs10CertificateRequestGenerator.create(
    {
      name: [{ O: [subject.organization] }, { CN: [subject.commonName] }],
      keys,
      signingAlgorithm: algorithm,
      ...(names.length === 0 ? {} : { extensions: [new SubjectAlternativeNameExtension(names)] }),
    },
    webcrypto,
  );
  return `${request.toString("pem")}\n`;
}

/** The public half is part of the private key's JWK form. */
async function keyPair(privateKeyPem: string): Promise<webcrypto.CryptoKeyPair> {
  const { subtle } = webcrypto;
  const privateKey = await subtle.importKey("pkcs8", PemConverter.decodeFirst(privateKeyPem), algorithm, true, [
    "sign",
  ]);
  const { d: _secret, key_ops: _operations, ...publicJwk } = await subtle.exportKey("jwk", privateKey);
  return { privateKey, publicKey: await subtle.importKey("jwk", publicJwk, algorithm, true, ["verify"]) };
}
