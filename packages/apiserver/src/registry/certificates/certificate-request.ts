import { type KeyObject, constants, createPublicKey, verify } from "node:crypto";
import { createRequire } from "node:module";
import type * as X509 from "@peculiar/x509";
import { firstPemBlock } from "@kube-ts/std/pem-blocks";

/** A request for a certificate that cannot be used. The message is upstream's where clients may see it. */
export class CertificateRequestError extends Error {
  override readonly name = "CertificateRequestError";
  readonly code = "certificate-request";
}

const load = createRequire(import.meta.url);

/** Loaded by the first request: the library takes 4 MB, and most servers never read one. */
function certificateLibrary(): typeof X509 {
  load("reflect-metadata");
  return load("@peculiar/x509") as typeof X509;
}

/** Reads the PEM form of a PKCS#10 request. Throws `CertificateRequestError`. */
export function parseCertificateRequest(pem: string): X509.Pkcs10CertificateRequest {
  const block = firstPemBlock(pem);
  if (block?.label !== "CERTIFICATE REQUEST") {
    throw new CertificateRequestError("PEM block type must be CERTIFICATE REQUEST");
  }
  try {
    return new (certificateLibrary().Pkcs10CertificateRequest)(new Uint8Array(block.bytes));
  } catch (error) {
    throw new CertificateRequestError("asn1: structure error: malformed certificate request", { cause: error });
  }
}

/** Checks that the request is signed with the key that it is for. Throws `CertificateRequestError`. */
export function checkRequestSignature(request: X509.Pkcs10CertificateRequest): void {
  const { hash, name } = request.signatureAlgorithm as { hash?: { name: string }; name: string };
  const key = publicKeyOf(request);
  const signed = firstElement(new Uint8Array(request.rawData));
  const digest = hash?.name.replace("-", "").toLowerCase() ?? null;
  const padding = name === "RSA-PSS" ? { padding: constants.RSA_PKCS1_PSS_PADDING } : {};
  const isRight = verify(digest, signed, { key, ...padding }, new Uint8Array(request.signature));
  if (!isRight)
    throw new CertificateRequestError(failures[key.asymmetricKeyType ?? ""] ?? "x509: verification failure");
}

const failures: Readonly<Record<string, string>> = {
  rsa: "crypto/rsa: verification error",
  ec: "x509: ECDSA verification failure",
  ed25519: "x509: Ed25519 verification failure",
};

function publicKeyOf(request: X509.Pkcs10CertificateRequest): KeyObject {
  try {
    return createPublicKey({ key: Buffer.from(request.publicKey.rawData), format: "der", type: "spki" });
  } catch (error) {
    throw new CertificateRequestError("x509: unsupported public key", { cause: error });
  }
}

/** The first element within a DER sequence, its header included: the part of a request that is signed. */
function firstElement(sequence: Uint8Array): Uint8Array {
  const inner = sequence.subarray(elementAt(sequence, 0).contentStart);
  return inner.subarray(0, elementAt(inner, 0).end);
}

/** Where the content of the DER element at an offset starts and ends; definite lengths only. */
function elementAt(bytes: Uint8Array, offset: number): { contentStart: number; end: number } {
  const first = bytes[offset + 1] ?? 0;
  if (first < 0x80) return { contentStart: offset + 2, end: offset + 2 + first };
  const count = first & 0x7f;
  let length = 0;
  for (let at = 0; at < count; at += 1) length = length * 256 + (bytes[offset + 2 + at] ?? 0);
  return { contentStart: offset + 2 + count, end: offset + 2 + count + length };
}
