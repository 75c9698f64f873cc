import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";
import type { X509Certificate } from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const dayMs = 24 * 3600 * 1000;

export interface CertifiedKey {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** A certificate authority for one test, with its files in a temporary directory. */
export class EtcdAuthority implements AsyncDisposable {
  readonly ca: Buffer;
  readonly directory: string;
  readonly #certificate: X509Certificate;
  readonly #keys: webcrypto.CryptoKeyPair;

  private constructor(certificate: X509Certificate, keys: webcrypto.CryptoKeyPair, directory: string) {
    this.#certificate = certificate;
    this.#keys = keys;
    this.directory = directory;
    this.ca = Buffer.from(certificate.toString("pem"));
  }

  static async create(): Promise<EtcdAuthority> {
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const certificate = await X509CertificateGenerator.createSelfSigned({
      name: "CN=test authority",
      keys,
      signingAlgorithm: algorithm,
      notBefore: new Date(Date.now() - dayMs),
      notAfter: new Date(Date.now() + dayMs),
      extensions: [new BasicConstraintsExtension(true, 1, true)],
    });
    const authority = new EtcdAuthority(certificate, keys, await mkdtemp(join(tmpdir(), "test-pki-")));
    await writeFile(authority.file("ca.pem"), authority.ca);
    return authority;
  }

  file(name: string): string {
    return join(this.directory, name);
  }

  /** A certificate for 127.0.0.1 that serves as a server's and a client's; also written to `<name>.pem` and `.key`. */
  async issue(name: string): Promise<CertifiedKey> {
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const certificate = await X509CertificateGenerator.create({
      subject: `CN=${name}`,
      issuer: this.#certificate.subject,
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      signingAlgorithm: algorithm,
      notBefore: new Date(Date.now() - dayMs),
      notAfter: new Date(Date.now() + dayMs),
      extensions: [
        new SubjectAlternativeNameExtension([{ type: "ip", value: "127.0.0.1" }]),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
      ],
    });
    const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey)).toString("base64");
    const key = Buffer.from(`-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n`);
    const cert = Buffer.from(certificate.toString("pem"));
    await writeFile(this.file(`${name}.pem`), cert);
    await writeFile(this.file(`${name}.key`), key, { mode: 0o600 });
    return { cert, key };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }
}
