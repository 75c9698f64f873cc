import type { Token } from "./lexer.ts";
import type { IssueList } from "./source-error.ts";

const prefixPattern = /(?:[bB][rR]|[rR]?[bB]?)/y;
const escapePattern =
  /\\(?:([abfnrtv\\?"'`])|[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|([^]?))/g;
const simpleEscapes = new Map([
  ["a", 7],
  ["b", 8],
  ["f", 12],
  ["n", 10],
  ["r", 13],
  ["t", 9],
  ["v", 11],
]);

/** Reads the string or bytes literal that starts here; a text is what cannot be one. */
export function readStringLiteral(source: string, offset: number, issues: IssueList): Token | string {
  prefixPattern.lastIndex = offset;
  const prefix = (prefixPattern.exec(source)?.[0] ?? "").toLowerCase();
  const start = offset + prefix.length;
  const quote = source.charAt(start);
  const delimiter = source.startsWith(quote.repeat(3), start) ? quote.repeat(3) : quote;
  const raw = prefix.includes("r");
  const { end, isClosed } = findEnd(source, start + delimiter.length, delimiter, raw);
  if (!isClosed) return source.slice(offset, end);
  const body = source.slice(start + delimiter.length, end);
  const text = source.slice(offset, end + delimiter.length);
  try {
    return prefix.includes("b")
      ? { type: "bytes", text, offset, value: raw ? new TextEncoder().encode(body) : unescapeBytes(body) }
      : { type: "string", text, offset, value: raw ? body : unescapeString(body) };
  } catch (error) {
    if (!(error instanceof EscapeError)) throw error;
    issues.report(offset, error.message);
    return { type: "string", text, offset, value: "" };
  }
}

const validEscape = /\\(?:[abfnrtv\\?"'`]|[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2})/y;
const begunEscape = /\\(?:[xX][0-9a-fA-F]?|u[0-9a-fA-F]{0,3}|U[0-9a-fA-F]{0,7}|[0-3][0-7]?)?/y;

/** Where the closing quotes are, or how far the text goes that cannot be a literal. */
function findEnd(source: string, from: number, delimiter: string, raw: boolean): { end: number; isClosed: boolean } {
  const single = delimiter.length === 1;
  let at = from;
  while (at < source.length) {
    const char = source.charAt(at);
    if (char === "\\" && !raw) {
      validEscape.lastIndex = at;
      if (!validEscape.test(source)) {
        begunEscape.lastIndex = at;
        return { end: Math.min(source.length, at + (begunEscape.exec(source)?.[0].length ?? 1) + 1), isClosed: false };
      }
      at = validEscape.lastIndex;
    } else if (single && (char === "\n" || char === "\r")) return { end: at + 1, isClosed: false };
    else if (source.startsWith(delimiter, at)) return { end: at, isClosed: true };
    else at++;
  }
  return { end: source.length, isClosed: false };
}

class EscapeError extends Error {
  override readonly name = "EscapeError";
}

function simple(char: string): number {
  return simpleEscapes.get(char) ?? char.charCodeAt(0);
}

function unescapeString(body: string): string {
  if (!body.includes("\\")) return body;
  return body.replace(escapePattern, (_all, char?: string, hex?: string, u4?: string, u8?: string, octal?: string) => {
    if (char !== undefined) return String.fromCharCode(simple(char));
    const digits = hex ?? u4 ?? u8;
    if (digits === undefined && octal === undefined) throw new EscapeError("unable to unescape string");
    const code = digits === undefined ? parseInt(octal ?? "", 8) : parseInt(digits, 16);
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) throw new EscapeError("invalid unicode code point");
    return String.fromCodePoint(code);
  });
}

function unescapeBytes(body: string): Uint8Array {
  const parts: number[] = [];
  const encoder = new TextEncoder();
  let last = 0;
  for (const match of body.matchAll(escapePattern)) {
    for (const byte of encoder.encode(body.slice(last, match.index))) parts.push(byte);
    last = match.index + match[0].length;
    const [, char, hex, , , octal] = match;
    if (char !== undefined) parts.push(simple(char));
    else if (hex !== undefined) parts.push(parseInt(hex, 16));
    else if (octal !== undefined) parts.push(parseInt(octal, 8));
    else throw new EscapeError("unable to unescape string");
  }
  for (const byte of encoder.encode(body.slice(last))) parts.push(byte);
  return Uint8Array.from(parts);
}
