import "reflect-metadata";
import { randomBytes, webcrypto } from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  type Extension,
  type JsonAttributeObject,
  type JsonNameParams,
  type KeyUsageFlags,
  KeyUsagesExtension,
  Name,
  type PublicKey,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";
import type { CertificateNames, SubjectNames } from "./certificate-names.ts";
import type { CertificateUsages } from "./key-usages.ts";
import type { SigningAuthority } from "./signing-authority.ts";
import type { Validity } from "./validity.ts";

export interface CertificateContent {
  readonly names: CertificateNames;
  readonly publicKey: PublicKey;
  readonly usages: CertificateUsages;
  readonly validity: Validity;
}

/** Signs a certificate that is nobody's authority; answers it in PEM. */
export async function issueCertificate(authority: SigningAuthority, content: CertificateContent): Promise<string> {
  const issuer = new X509Certificate(new Uint8Array(authority.certificate.raw));
  const certificate = await X509CertificateGenerator.create(
    {
      serialNumber: serialNumber(),
      subject: new Name(subjectName(content.names.subject)),
      issuer: issuer.subjectName,
      notBefore: new Date(content.validity.notBeforeMs),
      notAfter: new Date(content.validity.notAfterMs),
      publicKey: content.publicKey,
      signingKey: authority.key,
      signingAlgorithm: authority.algorithm,
      extensions: extensionsOf(content, issuer),
    },
    webcrypto,
  );
  return `${certificate.toString("pem")}\n`;
}

function extensionsOf({ names, usages }: CertificateContent, issuer: X509Certificate): Extension[] {
  const extensions: Extension[] = [];
  // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- flags together are no member of the enum
  const keyUsages = usages.bits as KeyUsageFlags;
  if (usages.bits !== 0) extensions.push(new KeyUsagesExtension(keyUsages, true));
  if (usages.extended.length > 0) extensions.push(new ExtendedKeyUsageExtension([...usages.extended]));
  extensions.push(new BasicConstraintsExtension(false, undefined, true));
  const keyIdentifier = issuer.getExtension(SubjectKeyIdentifierExtension)?.keyId;
  if (keyIdentifier) extensions.push(new AuthorityKeyIdentifierExtension(keyIdentifier));
  const alternatives = [
    ...names.dnsNames.map((value) => ({ type: "dns" as const, value })),
    ...names.emailAddresses.map((value) => ({ type: "email" as const, value })),
    ...names.ipAddresses.map((value) => ({ type: "ip" as const, value })),
    ...names.uris.map((value) => ({ type: "url" as const, value })),
  ];
  if (alternatives.length > 0) {
    const hasSubject = subjectName(names.subject).length > 0;
    extensions.push(new SubjectAlternativeNameExtension(alternatives, !hasSubject));
  }
  return extensions;
}

function subjectName(subject: SubjectNames): JsonNameParams {
  const parts: readonly [string, readonly string[]][] = [
    ["C", subject.countries],
    ["O", subject.organizations],
    ["OU", subject.organizationalUnits],
    ["L", subject.localities],
    ["ST", subject.provinces],
    ["2.5.4.9", subject.streetAddresses],
    ["2.5.4.17", subject.postalCodes],
    ["CN", subject.commonName === "" ? [] : [subject.commonName]],
    ["2.5.4.5", subject.serialNumber === "" ? [] : [subject.serialNumber]],
  ];
  return parts.filter(([, values]) => values.length > 0).map(([type, values]) => ({ [type]: values.map(text) }));
}

/** A plain string would be read as something else when it starts with `#`. */
function text(value: string): JsonAttributeObject {
  return /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(value) ? { printableString: value } : { utf8String: value };
}

/** Positive, and of 127 random bits. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0] ?? 0) & 0x7f;
  return bytes.toString("hex");
}
