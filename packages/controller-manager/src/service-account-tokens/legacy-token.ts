import { createHash, createPrivateKey, createPublicKey } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { CompactSign } from "jose";

/** Whose token it is, and where it is kept. */
export interface LegacyTokenSubject {
  readonly namespace: string;
  readonly secretName: string;
  readonly accountName: string;
  readonly accountUid: string;
}

const issuer = "kubernetes/serviceaccount";
const prefix = "kubernetes.io/serviceaccount/";

const algorithmOfCurve: Readonly<Record<string, string>> = {
  prime256v1: "ES256",
  secp384r1: "ES384",
  secp521r1: "ES512",
};

/** Signs the tokens that are kept in secrets: they have no end of their own, and end with the secret. */
export class LegacyTokenSigner {
  readonly #key: KeyObject;
  readonly #header: { readonly alg: string; readonly kid: string };

  /** `pem` is an RSA or elliptic curve private key. Throws for anything else. */
  constructor(pem: string) {
    this.#key = createPrivateKey(pem);
    const publicKey = createPublicKey(this.#key).export({ type: "spki", format: "der" });
    this.#header = { alg: algorithmOf(this.#key), kid: createHash("sha256").update(publicKey).digest("base64url") };
  }

  sign({ namespace, secretName, accountName, accountUid }: LegacyTokenSubject): Promise<string> {
    const claims = {
      iss: issuer,
      [`${prefix}namespace`]: namespace,
      [`${prefix}secret.name`]: secretName,
      [`${prefix}service-account.name`]: accountName,
      [`${prefix}service-account.uid`]: accountUid,
      sub: `system:serviceaccount:${namespace}:${accountName}`,
    };
    return new CompactSign(Buffer.from(JSON.stringify(claims))).setProtectedHeader(this.#header).sign(this.#key);
  }
}

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string {
  if (asymmetricKeyType === "rsa") return "RS256";
  const algorithm = algorithmOfCurve[asymmetricKeyDetails?.namedCurve ?? ""];
  if (algorithm === undefined) throw new Error("the service account key must be an RSA or an elliptic curve key");
  return algorithm;
}
