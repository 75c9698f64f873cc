import "reflect-metadata";
import { webcrypto } from "node:crypto";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  type JsonName,
  type X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";

const keyAlgorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const dayMs = 24 * 3_600_000;

/** A certificate and its private key, in PEM. */
export interface TestIdentity {
  readonly cert: string;
  readonly key: string;
}

export interface TestCertificateOptions {
  readonly usages?: readonly string[];
  readonly notBeforeMs?: number;
  readonly notAfterMs?: number;
  readonly isAuthority?: boolean;
}

/** A certificate authority for tests. */
export class TestAuthority {
  readonly certificate: X509Certificate;
  readonly #keys: webcrypto.CryptoKeyPair;

  private constructor(certificate: X509Certificate, keys: webcrypto.CryptoKeyPair) {
    this.certificate = certificate;
    this.#keys = keys;
  }

  static async create(name: string): Promise<TestAuthority> {
    const keys = await generateKeys();
    const certificate = await X509CertificateGenerator.createSelfSigned(
      {
        name: [{ CN: [name] }],
        notBefore: new Date(Date.now() - dayMs),
        notAfter: new Date(Date.now() + dayMs),
        keys,
        signingAlgorithm: keyAlgorithm,
        extensions: [
          new BasicConstraintsExtension(true, undefined, true),
          new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
        ],
      },
      webcrypto,
    );
    return new TestAuthority(certificate, keys);
  }

  get pem(): string {
    return this.certificate.toString("pem");
  }

  async issue(subject: JsonName, options: TestCertificateOptions = {}): Promise<TestIdentity> {
    const { certificate, keys } = await this.#sign(subject, options);
    const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
    return { cert: certificate.toString("pem"), key: PemConverter.encode(pkcs8, "PRIVATE KEY") };
  }

  async issueAuthority(name: string, options: TestCertificateOptions = { isAuthority: true }): Promise<TestAuthority> {
    const { certificate, keys } = await this.#sign([{ CN: [name] }], options);
    return new TestAuthority(certificate, keys);
  }

  async #sign(subject: JsonName, options: TestCertificateOptions) {
    const keys = await generateKeys();
    const certificate = await X509CertificateGenerator.create(
      {
        subject,
        issuer: this.certificate.subjectName,
        notBefore: new Date(options.notBeforeMs ?? Date.now() - dayMs),
        notAfter: new Date(options.notAfterMs ?? Date.now() + dayMs),
        publicKey: keys.publicKey,
        signingKey: this.#keys.privateKey,
        signingAlgorithm: keyAlgorithm,
        extensions: [
          new BasicConstraintsExtension(options.isAuthority ?? false, undefined, true),
          ...(options.usages ? [new ExtendedKeyUsageExtension([...options.usages])] : []),
        ],
      },
      webcrypto,
    );
    return { certificate, keys };
  }
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(keyAlgorithm, true, ["sign", "verify"]);
}
