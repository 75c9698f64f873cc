import { createHash, randomBytes, randomUUID } from "node:crypto";
import type { Clock } from "@kube-ts/std/clock";
import { LRUCache } from "lru-cache";
import { aesGcm } from "../local-transformers.ts";
import type { Decrypted, Transformer } from "../transformer.ts";
import {
  type EncryptedObject,
  checkAnnotations,
  checkKeyId,
  checkSource,
  decodeEncryptedObject,
  encodeEncryptedObject,
  keySources,
} from "./encrypted-object.ts";
import type { EncryptedKey, Kms } from "./kms-client.ts";
import { seedBytes, seedCipher } from "./seed-cipher.ts";

/** What values are encrypted with now. */
interface WriteState {
  readonly cipher: Transformer;
  readonly source: EncryptedKey;
  readonly expiresMs: number;
}

/** Told of what is worth counting. */
export interface EnvelopeObserver {
  keyUsed(provider: string, direction: "from_storage" | "to_storage", keyId: string): void;
  keyInStatus(provider: string, keyId: string): void;
  badStatus(provider: string, problem: string): void;
  cacheMissed(): void;
  cacheSize(provider: string, size: number): void;
  seedMade(durationMs: number, failed: boolean): void;
}

export interface EnvelopeOptions {
  readonly name: string;
  readonly kms: Kms;
  readonly clock: Clock;
  readonly observer: EnvelopeObserver;
}

/** How long a seed is used for writes after the KMS was last known to be well. */
const maxWriteAgeMs = 3 * 60_000;
/** How long seeds are remembered that only reads need. */
const cacheMs = 60 * 60_000;
const maxCached = 10_000;
/** A seed that the KMS could not decrypt is asked for again after this time: there may be many values of it. */
const failureMs = 1_000;

/**
 * Encrypts values with keys made of a seed that only a KMS can decrypt. The KMS is asked once for each seed, and makes a new
 * one when it says that its own key is another.
 */
export class EnvelopeTransformer implements Transformer {
  readonly name: string;
  readonly #kms: Kms;
  readonly #clock: Clock;
  readonly #observer: EnvelopeObserver;
  readonly #ciphers: LRUCache<string, Promise<Transformer>>;
  #state: WriteState | undefined;
  #health: Error | undefined = new Error("the KMS plugin was not asked yet");

  constructor({ name, kms, clock, observer }: EnvelopeOptions) {
    this.name = name;
    this.#kms = kms;
    this.#clock = clock;
    this.#observer = observer;
    const perf = { now: () => clock.monotonicMs() };
    this.#ciphers = new LRUCache({ max: maxCached, ttl: cacheMs, ttlResolution: 0, perf });
  }

  /** Why the KMS is not well; undefined when it is. */
  get problem(): Error | undefined {
    return this.#health;
  }

  /** Asks the KMS how it is, and makes a new seed when its key is another. Never rejects. */
  async probe(signal: AbortSignal): Promise<void> {
    try {
      const status = await this.#kms.status(signal);
      checkStatus(status.version, status.healthz, status.keyId);
      this.#observer.keyInStatus(this.name, status.keyId);
      await this.#follow(status.keyId, signal);
      this.#health = undefined;
    } catch (error) {
      this.#health = error instanceof Error ? error : new Error(String(error));
      this.#observer.badStatus(this.name, "status");
    }
  }

  async decrypt(stored: Buffer, key: string, signal: AbortSignal): Promise<Decrypted> {
    const object = decodeEncryptedObject(stored);
    const cipher = await this.#cipherOf(object, signal);
    this.#observer.keyUsed(this.name, "from_storage", object.keyId);
    const { bytes } = await cipher.decrypt(object.encryptedData, key, signal);
    const isOld = this.#state !== undefined && object.keyId !== this.#state.source.keyId;
    return { bytes, isStale: isOld || object.sourceType !== keySources.hkdfSeed };
  }

  async encrypt(bytes: Buffer, key: string, signal: AbortSignal): Promise<Buffer> {
    const state = this.#state;
    if (!state) throw new Error(`KMS provider ${this.name} is not ready: ${this.#health?.message ?? ""}`);
    if (this.#clock.monotonicMs() > state.expiresMs) {
      throw new Error(`encryptedDEKSource of KMS provider ${this.name} expired: ${this.#health?.message ?? ""}`);
    }
    const { ciphertext, keyId, annotations } = state.source;
    const encryptedData = await state.cipher.encrypt(bytes, key, signal);
    this.#observer.keyUsed(this.name, "to_storage", keyId);
    const sourceType = keySources.hkdfSeed;
    return encodeEncryptedObject({ encryptedData, keyId, encryptedSource: ciphertext, annotations, sourceType });
  }

  close(): void {
    this.#kms.close();
  }

  async #follow(keyId: string, signal: AbortSignal): Promise<void> {
    const expiresMs = this.#clock.monotonicMs() + maxWriteAgeMs;
    if (this.#state?.source.keyId === keyId) {
      this.#state = { ...this.#state, expiresMs };
      return;
    }
    const startMs = this.#clock.monotonicMs();
    try {
      const seed = randomBytes(seedBytes);
      const source = await this.#kms.encrypt(randomUUID(), seed, signal);
      checkSource(source.ciphertext);
      checkKeyId(source.keyId);
      checkAnnotations(source.annotations);
      const cipher = seedCipher(seed);
      this.#state = { cipher, source, expiresMs };
      this.#remember(cacheKey(source.ciphertext, keySources.hkdfSeed, source), Promise.resolve(cipher));
      this.#observer.seedMade(this.#clock.monotonicMs() - startMs, false);
    } catch (error) {
      this.#observer.seedMade(this.#clock.monotonicMs() - startMs, true);
      throw error;
    }
  }

  #cipherOf(
    { encryptedSource, keyId, annotations, sourceType }: EncryptedObject,
    signal: AbortSignal,
  ): Promise<Transformer> {
    const source = { ciphertext: encryptedSource, keyId, annotations };
    const id = cacheKey(encryptedSource, sourceType, source);
    const known = this.#ciphers.get(id);
    if (known) return known;
    this.#observer.cacheMissed();
    // Whoever asks for the same one meanwhile waits for this answer; it must not end with the first of them.
    const asked = this.#kms
      .decrypt(randomUUID(), source, neverAborted)
      .then((secret) => (sourceType === keySources.hkdfSeed ? seedCipher(secret) : aesGcm(secret)));
    const cipher = asked.catch((cause: unknown) => {
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`failed to decrypt DEK, error: ${message}`, { cause });
    });
    this.#remember(id, cipher);
    cipher.catch(() => {
      const isOurs = this.#ciphers.peek(id) === cipher;
      if (isOurs) this.#ciphers.set(id, cipher, { ttl: failureMs });
    });
    signal.throwIfAborted();
    return cipher;
  }

  #remember(id: string, cipher: Promise<Transformer>): void {
    this.#ciphers.set(id, cipher);
    this.#observer.cacheSize(this.name, this.#ciphers.size);
  }
}

/** Calls to a KMS have their own deadline. */
const neverAborted = new AbortController().signal;

function checkStatus(version: string, healthz: string, keyId: string): void {
  if (version !== "v2" && version !== "v2beta1") throw new Error(`expected KMS version v2 or v2beta1, got ${version}`);
  if (healthz !== "ok") throw new Error(`got unexpected healthz status: ${healthz}`);
  checkKeyId(keyId);
}

function cacheKey(encryptedSource: Buffer, sourceType: number, { keyId, annotations }: EncryptedKey): string {
  const hash = createHash("sha256").update(`${sourceType}/${keyId.length}/${keyId}/${encryptedSource.length}/`);
  hash.update(encryptedSource);
  for (const key of [...annotations.keys()].sort()) {
    const value = annotations.get(key) ?? Buffer.alloc(0);
    hash.update(`/${key.length}/${key}/${value.length}/`).update(value);
  }
  return hash.digest("latin1");
}
