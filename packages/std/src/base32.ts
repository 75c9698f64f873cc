const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** RFC 4648's base 32 without padding. */
export function base32(bytes: Uint8Array): string {
  let text = "";
  let pending = 0;
  let bits = 0;
  for (const byte of bytes) {
    pending = (pending << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += digits[(pending >> (bits - 5)) & 31];
    pending &= 31;
  }
  return bits === 0 ? text : text + digits[(pending << (5 - bits)) & 31];
}
