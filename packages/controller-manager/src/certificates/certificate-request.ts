import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { type Name, Pkcs10CertificateRequest, type PublicKey, SubjectAlternativeNameExtension } from "@peculiar/x509";
import { firstPemBlock } from "@kube-ts/std/pem-blocks";
import type { CertificateNames, SubjectNames } from "./certificate-names.ts";

/** A request for a certificate that cannot be used. */
export class CertificateRequestError extends Error {
  override readonly name = "CertificateRequestError";
  readonly code = "certificate-request";
}

/** What a PKCS#10 request asks for. Extensions other than alternative names are left out: nobody gets them. */
export interface ParsedRequest {
  readonly names: CertificateNames;
  readonly publicKey: PublicKey;
  /** Whether the request is signed with the key that it is for. */
  isProven(): Promise<boolean>;
}

/**
 * Reads `spec.request`: the PEM form in base64. What it finds is what the API server's admission has seen, by the same
 * reading of PEM and DER. Throws `CertificateRequestError`.
 */
export function parseCertificateRequest(base64: string): ParsedRequest {
  const block = firstPemBlock(Buffer.from(base64, "base64").toString("latin1"));
  if (block?.label !== "CERTIFICATE REQUEST") {
    throw new CertificateRequestError("PEM block type must be CERTIFICATE REQUEST");
  }
  try {
    const request = new Pkcs10CertificateRequest(new Uint8Array(block.bytes));
    return {
      names: { subject: subjectOf(request.subjectName), ...alternativeNames(request) },
      publicKey: request.publicKey,
      isProven: () => request.verify(webcrypto),
    };
  } catch (error) {
    throw new CertificateRequestError("malformed certificate request", { cause: error });
  }
}

function subjectOf(name: Name): SubjectNames {
  return {
    countries: name.getField("C"),
    organizations: name.getField("O"),
    organizationalUnits: name.getField("OU"),
    localities: name.getField("L"),
    provinces: name.getField("ST"),
    streetAddresses: name.getField("2.5.4.9"),
    postalCodes: name.getField("2.5.4.17"),
    commonName: name.getField("CN").at(-1) ?? "",
    serialNumber: name.getField("2.5.4.5").at(-1) ?? "",
  };
}

function alternativeNames({ extensions }: Pkcs10CertificateRequest): Omit<CertificateNames, "subject"> {
  const names = extensions.flatMap((extension) =>
    extension instanceof SubjectAlternativeNameExtension ? extension.names.items : [],
  );
  const ofType = (wanted: string) => names.filter(({ type }) => type === wanted).map(({ value }) => value);
  return {
    dnsNames: ofType("dns"),
    ipAddresses: ofType("ip"),
    emailAddresses: ofType("email"),
    uris: ofType("url"),
  };
}
