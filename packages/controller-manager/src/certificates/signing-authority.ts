import { type KeyObject, type webcrypto, X509Certificate, createPrivateKey } from "node:crypto";
import { readFile } from "node:fs/promises";
import { errorFields } from "@kube-ts/std/log";
import type { Logger } from "@kube-ts/std/log";

/** PEM files of an authority's certificate and of its key. */
export interface AuthorityFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** Whose signature makes certificates valid. */
export interface SigningAuthority {
  readonly certificate: X509Certificate;
  readonly endMs: number;
  readonly key: webcrypto.CryptoKey;
  readonly algorithm: SigningAlgorithm;
}

type SigningAlgorithm = { readonly name: string; readonly namedCurve?: string; readonly hash?: string };

/** An authority in files that may be replaced at any time. */
export class ReloadedAuthority {
  readonly #files: AuthorityFiles;
  readonly #log: Logger;
  #content = "";
  #authority: SigningAuthority | undefined;

  constructor(files: AuthorityFiles, log: Logger) {
    this.#files = files;
    this.#log = log;
  }

  /**
   * The authority as it is in the files now. While they hold no matching pair, as in the middle of their replacement, the
   * last good one. Rejects when there never was one.
   */
  async current(): Promise<SigningAuthority> {
    try {
      const cert = await readFile(this.#files.certFile, "utf8");
      const key = await readFile(this.#files.keyFile, "utf8");
      const content = `${cert}\0${key}`;
      if (this.#authority && content === this.#content) return this.#authority;
      this.#authority = await parseAuthority(cert, key);
      this.#content = content;
    } catch (error) {
      if (!this.#authority) {
        throw new Error(`error reading CA cert file "${this.#files.certFile}": ${String(error)}`, { cause: error });
      }
      this.#log.warn("signing authority could not be read again", { error: errorFields(error) });
    }
    return this.#authority;
  }
}

/** Throws when the texts are not exactly one certificate and its key. */
async function parseAuthority(certPem: string, keyPem: string): Promise<SigningAuthority> {
  const count = certPem.match(/-----BEGIN CERTIFICATE-----/g)?.length ?? 0;
  if (count !== 1) throw new Error(`expected 1 certificate, found ${count}`);
  const certificate = new X509Certificate(certPem);
  const privateKey = createPrivateKey(keyPem);
  if (!certificate.checkPrivateKey(privateKey)) throw new Error("private key does not match public key");
  const algorithm = algorithmOf(privateKey);
  return {
    certificate,
    endMs: certificate.validToDate.getTime(),
    key: privateKey.toCryptoKey(algorithm, false, ["sign"]),
    algorithm,
  };
}

const curves: Readonly<Record<string, SigningAlgorithm>> = {
  prime256v1: { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" },
  secp384r1: { name: "ECDSA", namedCurve: "P-384", hash: "SHA-384" },
  secp521r1: { name: "ECDSA", namedCurve: "P-521", hash: "SHA-512" },
};

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): SigningAlgorithm {
  const algorithm =
    asymmetricKeyType === "rsa"
      ? { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }
      : asymmetricKeyType === "ed25519"
        ? { name: "Ed25519" }
        : curves[asymmetricKeyDetails?.namedCurve ?? ""];
  if (!algorithm) throw new Error("the key must be an RSA, an ECDSA or an Ed25519 key");
  return algorithm;
}
