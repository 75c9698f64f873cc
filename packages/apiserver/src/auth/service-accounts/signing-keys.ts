import { type KeyObject, createHash, createPrivateKey, createPublicKey } from "node:crypto";

export type SigningAlgorithm = "RS256" | "ES256" | "ES384" | "ES512";

/** A key that token signatures are checked with. */
export interface VerificationKey {
  /** Digest of the public key, which tokens name in their header as `kid`. */
  readonly id: string;
  readonly algorithm: SigningAlgorithm;
  readonly publicKey: KeyObject;
}

/** The key that tokens are signed with. */
export interface SigningKey extends VerificationKey {
  readonly privateKey: KeyObject;
}

const pemBlock = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g;

/**
 * The keys in a `--service-account-key-file`: public keys, certificates, or private keys (whose public half
 * counts), in PEM. Throws an Error that names the source when there is none or one cannot be read.
 */
export function parseVerificationKeys(pem: string, source: string): VerificationKey[] {
  const keys = [...pem.matchAll(pemBlock)]
    .filter(([, label]) => label !== "EC PARAMETERS")
    .map(([block]) => readKey(source, () => verificationKey(createPublicKey(block))));
  if (keys.length === 0) throw new Error(`${source}: data does not contain any valid RSA or ECDSA public keys`);
  return keys;
}

/** The key of a `--service-account-signing-key-file`. Throws an Error that names the source. */
export function parseSigningKey(pem: string, source: string): SigningKey {
  return readKey(source, () => {
    const privateKey = createPrivateKey(pem);
    return { ...verificationKey(createPublicKey(privateKey)), privateKey };
  });
}

function readKey<T>(source: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new Error(`${source}: cannot be used as service account key: ${problem}`, { cause: error });
  }
}

function verificationKey(publicKey: KeyObject): VerificationKey {
  const der = publicKey.export({ type: "spki", format: "der" });
  return {
    id: createHash("sha256").update(der).digest("base64url"),
    algorithm: algorithmOf(publicKey),
    publicKey,
  };
}

const algorithmOfCurve: ReadonlyMap<string, SigningAlgorithm> = new Map([
  ["prime256v1", "ES256"],
  ["secp384r1", "ES384"],
  ["secp521r1", "ES512"],
]);

function algorithmOf(key: KeyObject): SigningAlgorithm {
  if (key.asymmetricKeyType === "rsa") return "RS256";
  const algorithm = algorithmOfCurve.get(key.asymmetricKeyDetails?.namedCurve ?? "");
  if (key.asymmetricKeyType === "ec" && algorithm) return algorithm;
  throw new Error("key type is not supported: must be RSA, or ECDSA on P-256, P-384 or P-521");
}

/** Finds the keys to try for a token. */
export class KeySet {
  readonly #all: readonly VerificationKey[];
  readonly #byId = new Map<string, VerificationKey>();

  constructor(keys: readonly VerificationKey[]) {
    for (const key of keys) this.#byId.set(key.id, key);
    this.#all = [...this.#byId.values()];
  }

  /** The key of that id, or all keys for a token that names none. */
  candidates(id: string | undefined): readonly VerificationKey[] {
    if (!id) return this.#all;
    const key = this.#byId.get(id);
    return key ? [key] : [];
  }

  get all(): readonly VerificationKey[] {
    return this.#all;
  }
}
