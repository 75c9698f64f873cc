/**
 * The characters of HPACK's Huffman code by the length of their codes in bits (RFC 7541, appendix B), in order; those that
 * no header of ours may have (control characters, bytes beyond ASCII) are left out.
 */
const charactersByBits: readonly (readonly [bits: number, characters: string])[] = [
  [5, "012aceiost"],
  [6, " %-./3456789=A_bdfghlmnpru"],
  [7, ":BCDEFGHIJKLMNOPQRSTUVWYjkqvwxyz"],
  [8, "&*,;XZ"],
  [10, '!"()?'],
  [11, "'+|"],
  [12, "#>"],
  // The code of the byte 0 comes first.
  [13, "\0$@[]~"],
  [14, "^}"],
  [15, "<`{"],
  [19, "\\"],
];

const maxBits = 19;
/** Padding is shorter than a byte. */
const maxPaddingBits = 7;

/** Codes, each with a bit in front that tells its length. */
const characterOfCode = canonicalCodes();

/** The code is canonical: the codes of one length follow each other, and those of the next length follow them. */
function canonicalCodes(): ReadonlyMap<number, string> {
  const codes = new Map<number, string>();
  let next = 0;
  let lastBits = 0;
  for (const [bits, characters] of charactersByBits) {
    next <<= bits - lastBits;
    lastBits = bits;
    for (const character of characters) codes.set((1 << bits) | next++, character);
  }
  return codes;
}

/** Decodes printable ASCII; undefined for anything else. */
export function decodeHuffman(bytes: Buffer): string | undefined {
  let text = "";
  let code = 1;
  let bits = 0;
  for (const byte of bytes) {
    for (let mask = 0x80; mask !== 0; mask >>= 1) {
      code = (code << 1) | ((byte & mask) === 0 ? 0 : 1);
      bits += 1;
      const character = characterOfCode.get(code);
      if (character === undefined) {
        if (bits >= maxBits) return undefined;
        continue;
      }
      if (character === "\0") return undefined;
      text += character;
      code = 1;
      bits = 0;
    }
  }
  const padding = (2 << bits) - 1;
  return bits <= maxPaddingBits && code === padding ? text : undefined;
}
