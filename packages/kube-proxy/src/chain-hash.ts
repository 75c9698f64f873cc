import { createHash } from "node:crypto";
import { base32 } from "@kube-ts/std/base32";

const hashBytes = 10;

/** SHA-256 of the text, its first 80 bits in base 32 (RFC 4648): 16 letters, as many as chain names use. */
export function chainHash(text: string): string {
  return base32(createHash("sha256").update(text).digest().subarray(0, hashBytes));
}
