import "reflect-metadata";
import { randomBytes, webcrypto } from "node:crypto";
import { isIP } from "node:net";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  Pkcs10CertificateRequest,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";
import type { Extension, JsonName, PublicKeyType } from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const dayMs = 24 * 3_600_000;

export interface Issue {
  readonly commonName: string;
  readonly organizations?: readonly string[];
  readonly hosts?: readonly string[];
  readonly usage: "client" | "server";
  /** Milliseconds since the epoch; a day from an hour ago unless told. */
  readonly notBefore?: number;
  readonly notAfter?: number;
}

/** A certificate authority of a test's own. */
export class TestAuthority {
  readonly #key: webcrypto.CryptoKey;
  readonly #subject: string;
  /** Its certificate, PEM. */
  readonly cert: string;

  private constructor(key: webcrypto.CryptoKey, subject: string, cert: string) {
    this.#key = key;
    this.#subject = subject;
    this.cert = cert;
  }

  static async create(commonName = "test-ca"): Promise<TestAuthority> {
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const certificate = await X509CertificateGenerator.createSelfSigned(
      {
        serialNumber: serialNumber(),
        name: [{ CN: [commonName] }],
        notBefore: new Date(Date.now() - 365 * dayMs),
        notAfter: new Date(Date.now() + 3_650 * dayMs),
        keys,
        signingAlgorithm: algorithm,
        extensions: [
          new BasicConstraintsExtension(true, undefined, true),
          new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.digitalSignature, true),
        ],
      },
      webcrypto,
    );
    return new TestAuthority(keys.privateKey, certificate.subject, certificate.toString("pem"));
  }

  /** An authority that somebody else made, from its PEM texts (the key PKCS#8, P-256). */
  static async of(cert: string, key: string): Promise<TestAuthority> {
    const pkcs8 = PemConverter.decodeFirst(key);
    const privateKey = await webcrypto.subtle.importKey("pkcs8", pkcs8, algorithm, true, ["sign"]);
    return new TestAuthority(privateKey, new X509Certificate(cert).subject, cert);
  }

  async issue(issue: Issue): Promise<{ readonly cert: string; readonly key: string }> {
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const name = [...(issue.organizations ?? []).map((one) => ({ O: [one] })), { CN: [issue.commonName] }];
    const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
    return {
      cert: await this.#certificate(name, keys.publicKey, issue),
      key: PemConverter.encode(pkcs8, "PRIVATE KEY"),
    };
  }

  /** Signs a certificate request (PEM) as it asks for, for the given time. */
  async sign(request: string, terms: Pick<Issue, "usage" | "notBefore" | "notAfter">): Promise<string> {
    const parsed = new Pkcs10CertificateRequest(request);
    const asked = parsed.extensions.find((one) => one instanceof SubjectAlternativeNameExtension);
    const issue = { ...terms, commonName: "", hosts: (asked?.names.toJSON() ?? []).map(({ value }) => value) };
    return this.#certificate(parsed.subjectName.toJSON(), parsed.publicKey, issue);
  }

  async #certificate(subject: JsonName, publicKey: PublicKeyType, issue: Issue): Promise<string> {
    const usage = issue.usage === "client" ? ExtendedKeyUsage.clientAuth : ExtendedKeyUsage.serverAuth;
    const extensions: Extension[] = [
      new BasicConstraintsExtension(false, undefined, true),
      new ExtendedKeyUsageExtension([usage]),
    ];
    const hosts = (issue.hosts ?? []).map((value) => ({ type: isIP(value) === 0 ? "dns" : "ip", value }) as const);
    if (hosts.length > 0) extensions.push(new SubjectAlternativeNameExtension(hosts));
    const certificate = await X509CertificateGenerator.create(
      {
        serialNumber: serialNumber(),
        subject,
        issuer: this.#subject,
        notBefore: new Date(issue.notBefore ?? Date.now() - 3_600_000),
        notAfter: new Date(issue.notAfter ?? Date.now() + dayMs),
        publicKey,
        signingKey: this.#key,
        signingAlgorithm: algorithm,
        extensions,
      },
      webcrypto,
    );
    return certificate.toString("pem");
  }
}

function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x01;
  return bytes.toString("hex");
}
