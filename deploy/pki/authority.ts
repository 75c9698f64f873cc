import "reflect-metadata";
import { createPrivateKey, randomBytes, webcrypto } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import {
  AuthorityKeyIdentifierExtension,
  type Extension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";

const yearMs = 365 * 24 * 3_600_000;
const authorityLifeMs = 10 * yearMs;
const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/** Whom a certificate is for, and for what. */
export interface CertificateRequest {
  readonly commonName: string;
  readonly organizations?: readonly string[];
  /** Host names and IP addresses, of serving certificates. */
  readonly hosts?: readonly string[];
  readonly usages: readonly ("client" | "server")[];
}

/** Files of a key pair with its certificate. */
export interface KeyPairFiles {
  readonly cert: string;
  readonly key: string;
}

/** A certificate and its key as PEM. */
export interface KeyPairTexts {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority kept as `NAME.crt` and `NAME.key` in a directory. */
export class Authority {
  readonly certFile: string;
  readonly keyFile: string;
  readonly #directory: string;
  readonly #certificate: X509Certificate;
  readonly #key: webcrypto.CryptoKey;

  private constructor(directory: string, name: string, certificate: X509Certificate, key: webcrypto.CryptoKey) {
    this.#directory = directory;
    this.certFile = join(directory, `${name}.crt`);
    this.keyFile = join(directory, `${name}.key`);
    this.#certificate = certificate;
    this.#key = key;
  }

  /**
   * The authority of this name, made when it does not exist yet. Throws when its certificate is there without its key: it is
   * somebody else's.
   */
  static async open(directory: string, name: string, commonName: string): Promise<Authority> {
    mkdirSync(directory, { recursive: true, mode: 0o755 });
    const certFile = join(directory, `${name}.crt`);
    const keyFile = join(directory, `${name}.key`);
    if (!existsSync(certFile)) await createAuthority(certFile, keyFile, commonName);
    if (!existsSync(keyFile)) throw new Error(`the authority ${certFile} has no key: ${keyFile} does not exist`);
    const certificate = new X509Certificate(readFileSync(certFile, "utf8"));
    const key = await importKey(readFileSync(keyFile, "utf8"), keyFile);
    if (!(await isKeyOf(certificate, key))) throw new Error(`${keyFile} is not the key of ${certFile}`);
    return new Authority(directory, name, certificate, key);
  }

  /** Issues `NAME.crt` and `NAME.key` unless they exist; answers their paths. */
  async issue(name: string, request: CertificateRequest): Promise<KeyPairFiles> {
    const files = { cert: join(this.#directory, `${name}.crt`), key: join(this.#directory, `${name}.key`) };
    if (existsSync(files.cert) && existsSync(files.key)) return files;
    const { cert, key } = await this.sign(request);
    writeFileSync(files.key, key, { mode: 0o600 });
    chmodSync(files.key, 0o600);
    writeFileSync(files.cert, cert);
    return files;
  }

  /** A certificate and its new key as PEM; it counts for a year. */
  async sign(request: CertificateRequest): Promise<KeyPairTexts> {
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const extensions: Extension[] = [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
      new ExtendedKeyUsageExtension(request.usages.map((usage) => extendedUsages[usage])),
    ];
    const keyIdentifier = this.#certificate.getExtension(SubjectKeyIdentifierExtension)?.keyId;
    if (keyIdentifier !== undefined) extensions.push(new AuthorityKeyIdentifierExtension(keyIdentifier));
    if (request.hosts) extensions.push(new SubjectAlternativeNameExtension(request.hosts.map(generalName)));
    const certificate = await X509CertificateGenerator.create(
      {
        serialNumber: serialNumber(),
        subject: [
          ...(request.organizations ?? []).map((organization) => ({ O: [organization] })),
          { CN: [request.commonName] },
        ],
        // As it is written there: programs in Go compare the bytes.
        issuer: this.#certificate.subjectName,
        notBefore: new Date(Date.now() - 300_000),
        notAfter: new Date(Date.now() + yearMs),
        publicKey: keys.publicKey,
        signingKey: this.#key,
        signingAlgorithm: signingAlgorithmOf(this.#key),
        extensions,
      },
      webcrypto,
    );
    return { cert: `${certificate.toString("pem")}\n`, key: await privatePem(keys.privateKey) };
  }
}

/** A key pair for signing service account tokens, as `NAME.key` and `NAME.pub`, made unless it exists. */
export async function signingKeyFiles(directory: string, name: string): Promise<{ key: string; publicKey: string }> {
  const files = { key: join(directory, `${name}.key`), publicKey: join(directory, `${name}.pub`) };
  if (existsSync(files.key) && existsSync(files.publicKey)) return files;
  const rsa = {
    name: "RSASSA-PKCS1-v1_5",
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
    hash: "SHA-256",
  };
  const keys = await webcrypto.subtle.generateKey(rsa, true, ["sign", "verify"]);
  const spki = await webcrypto.subtle.exportKey("spki", keys.publicKey);
  writeFileSync(files.publicKey, `${PemConverter.encode(spki, "PUBLIC KEY")}\n`);
  await writeKey(files.key, keys.privateKey);
  return files;
}

const extendedUsages = { client: ExtendedKeyUsage.clientAuth, server: ExtendedKeyUsage.serverAuth } as const;

async function createAuthority(certFile: string, keyFile: string, commonName: string): Promise<void> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: serialNumber(),
      name: [{ CN: [commonName] }],
      notBefore: new Date(Date.now() - 300_000),
      notAfter: new Date(Date.now() + authorityLifeMs),
      keys,
      signingAlgorithm: algorithm,
      extensions: [
        new BasicConstraintsExtension(true, undefined, true),
        new KeyUsagesExtension(
          KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign | KeyUsageFlags.digitalSignature,
          true,
        ),
        new SubjectAlternativeNameExtension([{ type: "dns", value: commonName }]),
      ],
    },
    webcrypto,
  );
  await writeKey(keyFile, keys.privateKey);
  writeFileSync(certFile, `${certificate.toString("pem")}\n`);
}

function generalName(host: string): { type: "dns" | "ip"; value: string } {
  return { type: isIP(host) === 0 ? "dns" : "ip", value: host };
}

/** Positive and at most 16 bytes long. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0] ?? 0) & 0x7f;
  return bytes.toString("hex");
}

async function writeKey(file: string, key: webcrypto.CryptoKey): Promise<void> {
  writeFileSync(file, await privatePem(key), { mode: 0o600 });
  chmodSync(file, 0o600);
}

async function privatePem(key: webcrypto.CryptoKey): Promise<string> {
  return `${PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY")}\n`;
}

/** The key of an authority, whoever made it: RSA or an elliptic curve of NIST. */
function importKey(pem: string, file: string): Promise<webcrypto.CryptoKey> {
  const key = createPrivateKey(pem);
  const curve = key.asymmetricKeyDetails?.namedCurve ?? "";
  const known = key.asymmetricKeyType === "rsa" ? rsaSigning : curves[curve];
  if (!known) throw new Error(`${file}: keys of type ${key.asymmetricKeyType} ${curve} cannot sign certificates here`);
  const der = key.export({ type: "pkcs8", format: "der" });
  return webcrypto.subtle.importKey("pkcs8", new Uint8Array(der), known, false, ["sign"]);
}

const rsaSigning = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
const curves: Readonly<Record<string, webcrypto.EcKeyImportParams>> = {
  prime256v1: { name: "ECDSA", namedCurve: "P-256" },
  secp384r1: { name: "ECDSA", namedCurve: "P-384" },
  secp521r1: { name: "ECDSA", namedCurve: "P-521" },
};

function signingAlgorithmOf(key: webcrypto.CryptoKey): { name: string; hash: string } {
  const { namedCurve } = key.algorithm as { readonly namedCurve?: string };
  const hash = namedCurve === "P-384" ? "SHA-384" : namedCurve === "P-521" ? "SHA-512" : "SHA-256";
  return { name: key.algorithm.name, hash };
}

/** Whether what the key signs can be checked with the certificate. */
async function isKeyOf(certificate: X509Certificate, key: webcrypto.CryptoKey): Promise<boolean> {
  const signing = signingAlgorithmOf(key);
  const probe = new TextEncoder().encode("kube-ts");
  const signature = await webcrypto.subtle.sign(signing, key, probe);
  const publicKey = await certificate.publicKey
    .export({ ...key.algorithm, ...signing }, ["verify"], webcrypto)
    .catch(() => undefined);
  return publicKey !== undefined && (await webcrypto.subtle.verify(signing, publicKey, signature, probe));
}
