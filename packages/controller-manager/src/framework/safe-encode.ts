/** Upstream's alphabet for generated names: digits of a hash become letters that spell nothing. */
const safeAlphabet = "bcdfghjklmnpqrstvwxz2456789";

/** The text with each character replaced by one that may stand in a generated name. */
export function safeEncode(text: string): string {
  return Array.from(text, (character) => safeAlphabet[character.charCodeAt(0) % safeAlphabet.length]).join("");
}
