import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/** A new key for what is uploaded, in hexadecimal. */
export function newCertificateKey(): string {
  return randomBytes(keyBytes).toString("hex");
}

/** Throws for a text that is no key of AES-256. */
export function parseCertificateKey(text: string): Buffer {
  const key = Buffer.from(text, "hex");
  if (key.length * 2 !== text.length) throw new Error("error decoding certificate key: it is not hexadecimal");
  if (key.length !== keyBytes) throw new Error(`invalid certificate key: ${key.length} bytes instead of ${keyBytes}`);
  return key;
}

/** AES-256-GCM: nonce, ciphertext, tag. */
export function encrypt(key: Buffer, plain: Buffer): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Throws when the key is another one, or when the bytes were changed. */
export function decrypt(key: Buffer, sealed: Buffer): Buffer {
  if (sealed.length < nonceBytes + tagBytes) throw new Error("invalid data: shorter than a nonce and a tag");
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, nonceBytes));
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, sealed.length - tagBytes)), decipher.final()]);
  } catch (cause) {
    throw new Error("cipher: message authentication failed", { cause });
  }
}
