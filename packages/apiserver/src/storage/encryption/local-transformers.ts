import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { xsalsa20poly1305 } from "@noble/ciphers/salsa.js";
import type { Decrypted, Transformer } from "./transformer.ts";

const blockBytes = 16;
const gcmNonceBytes = 12;
const tagBytes = 16;
const boxNonceBytes = 24;

/** Gives random bytes; replaced where a test needs fixed ones. */
export type RandomBytes = (length: number) => Buffer;

/** Values as they are. Those that some provider has encrypted are refused. */
export const identity: Transformer = {
  decrypt: (stored) => {
    if (stored.toString("latin1", 0, encryptedMark.length) === encryptedMark) {
      throw new Error("identity transformer tried to read encrypted data");
    }
    return fresh(stored);
  },
  encrypt: (bytes) => bytes,
};

const encryptedMark = "k8s:enc:";

/** AES-CBC with PKCS#7 padding: the initialization vector, then the ciphertext. Nothing in it tells of tampering. */
export function aesCbc(secret: Buffer, random: RandomBytes = randomBytes): Transformer {
  const algorithm = `aes-${secret.length * 8}-cbc`;
  return {
    decrypt: (stored) => {
      if (stored.length < blockBytes) throw new Error("the stored data was shorter than the required size");
      if (stored.length % blockBytes !== 0) throw new Error("the stored data is not a multiple of the block size");
      if (stored.length === blockBytes) throw new Error("the stored data is empty");
      const decipher = createDecipheriv(algorithm, secret, stored.subarray(0, blockBytes));
      try {
        return fresh(Buffer.concat([decipher.update(stored.subarray(blockBytes)), decipher.final()]));
      } catch (cause) {
        throw new Error("invalid padding on input", { cause });
      }
    },
    encrypt: (bytes) => {
      const vector = random(blockBytes);
      const cipher = createCipheriv(algorithm, secret, vector);
      return Buffer.concat([vector, cipher.update(bytes), cipher.final()]);
    },
  };
}

/** AES-GCM with the key under which the value is stored as associated data: the nonce, the ciphertext, the tag. */
export function aesGcm(secret: Buffer, random: RandomBytes = randomBytes): Transformer {
  const algorithm = `aes-${secret.length * 8}-gcm` as "aes-256-gcm";
  return {
    decrypt: (stored, key) => {
      if (stored.length < gcmNonceBytes + tagBytes) {
        throw new Error("the stored data was shorter than the required size");
      }
      const end = stored.length - tagBytes;
      const options = { authTagLength: tagBytes };
      const decipher = createDecipheriv(algorithm, secret, stored.subarray(0, gcmNonceBytes), options);
      decipher.setAAD(Buffer.from(key));
      decipher.setAuthTag(stored.subarray(end));
      try {
        return fresh(Buffer.concat([decipher.update(stored.subarray(gcmNonceBytes, end)), decipher.final()]));
      } catch (cause) {
        throw new Error("cipher: message authentication failed", { cause });
      }
    },
    encrypt: (bytes, key) => {
      const nonce = random(gcmNonceBytes);
      const cipher = createCipheriv(algorithm, secret, nonce, { authTagLength: tagBytes });
      cipher.setAAD(Buffer.from(key));
      return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
    },
  };
}

/** XSalsa20 and Poly1305 as in NaCl's secretbox: the nonce, the tag, the ciphertext. */
export function secretbox(secret: Buffer, random: RandomBytes = randomBytes): Transformer {
  return {
    decrypt: (stored) => {
      if (stored.length < boxNonceBytes) throw new Error("the stored data was shorter than the required size");
      const box = xsalsa20poly1305(secret, stored.subarray(0, boxNonceBytes));
      try {
        return fresh(Buffer.from(box.decrypt(stored.subarray(boxNonceBytes))));
      } catch (cause) {
        throw new Error("failed to open secretbox: message authentication failed", { cause });
      }
    },
    encrypt: (bytes) => {
      const nonce = random(boxNonceBytes);
      return Buffer.concat([nonce, xsalsa20poly1305(secret, nonce).encrypt(bytes)]);
    },
  };
}

function fresh(bytes: Buffer): Decrypted {
  return { bytes, isStale: false };
}
