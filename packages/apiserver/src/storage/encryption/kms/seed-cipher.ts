import { createHmac, randomBytes } from "node:crypto";
import { type RandomBytes, aesGcm } from "../local-transformers.ts";
import type { Transformer } from "../transformer.ts";

export const seedBytes = 32;
const infoBytes = 32;

/**
 * AES-256-GCM with a key of its own for each value, which HKDF (SHA-256, only its expansion) makes of a seed and of
 * random bytes that are stored first.
 */
export function seedCipher(seed: Buffer, random: RandomBytes = randomBytes): Transformer {
  const cipherOf = (info: Buffer) => {
    const key = createHmac("sha256", seed).update(info).update(lastBlock).digest();
    return aesGcm(key, random);
  };
  return {
    decrypt: (stored, key, signal) => {
      if (stored.length < infoBytes) throw new Error("the stored data was shorter than the required size");
      return cipherOf(stored.subarray(0, infoBytes)).decrypt(stored.subarray(infoBytes), key, signal);
    },
    encrypt: (bytes, key, signal) => {
      const info = random(infoBytes);
      const encrypted = cipherOf(info).encrypt(bytes, key, signal) as Buffer;
      return Buffer.concat([info, encrypted]);
    },
  };
}

/** The number of the first block of what is expanded, which is as long as the key. */
const lastBlock = Buffer.from([1]);
