import { createHash } from "node:crypto";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** SHA-256 of the text, its first 80 bits in base 32 (RFC 4648): 16 letters, as many as chain names use. */
export function chainHash(text: string): string {
  const digest = createHash("sha256").update(text).digest();
  let bits = digest.readBigUInt64BE(0) * 65536n + BigInt(digest.readUInt16BE(8));
  let letters = "";
  for (let index = 0; index < 16; index += 1) {
    letters = (alphabet[Number(bits & 31n)] ?? "") + letters;
    bits >>= 5n;
  }
  return letters;
}
