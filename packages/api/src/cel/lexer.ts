import { UintLiteral, type LiteralValue } from "./ast.ts";
import type { IssueList } from "./source-error.ts";
import { readStringLiteral } from "./string-literal.ts";

export type TokenType = "ident" | "int" | "uint" | "float" | "string" | "bytes" | "symbol" | "end";

export interface Token {
  readonly type: TokenType;
  /** As written; for a symbol or word, what it is. */
  readonly text: string;
  readonly offset: number;
  /** The value of a literal. */
  readonly value: LiteralValue | undefined;
}

const twoCharSymbols = new Set(["==", "!=", "<=", ">=", "&&", "||"]);
const oneCharSymbols = new Set("<>!+-*/%?:.,()[]{}");
const identPattern = /[A-Za-z_][A-Za-z0-9_]*/y;
const numberPattern =
  /0[xX][0-9a-fA-F]+[uU]?|(?:[0-9]+\.[0-9]+|[0-9]*\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+|[0-9]+[uU]?/y;
const stringStart = /(?:[rR]?[bB]?|[bB][rR])(?:"|')/y;
const blank = /[ \t\r\n\f]+|\/\/[^\n]*/y;

/** Splits an expression into tokens; what cannot be one is reported and skipped. Takes time linear in the text. */
export function tokenize(source: string, issues: IssueList): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const skipped = match(blank, source, at);
    if (skipped !== undefined) {
      at += skipped.length;
      continue;
    }
    const token = readToken(source, at, issues);
    if (typeof token === "string") {
      issues.report(at, `Syntax error: token recognition error at: '${token.replaceAll("\n", "\\n")}'`);
      at += token.length;
      continue;
    }
    tokens.push(token);
    at += token.text.length;
  }
  tokens.push({ type: "end", text: "<EOF>", offset: source.length, value: undefined });
  return tokens;
}

function match(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0];
}

/** A text is what cannot be a token. */
function readToken(source: string, at: number, issues: IssueList): Token | string {
  if (match(stringStart, source, at) !== undefined) return readStringLiteral(source, at, issues);
  const number = match(numberPattern, source, at);
  if (number !== undefined) return numberToken(number, at, issues);
  const ident = match(identPattern, source, at);
  if (ident !== undefined) return { type: "ident", text: ident, offset: at, value: undefined };
  const two = source.slice(at, at + 2);
  if (twoCharSymbols.has(two)) return { type: "symbol", text: two, offset: at, value: undefined };
  const one = source.charAt(at);
  if (oneCharSymbols.has(one)) return { type: "symbol", text: one, offset: at, value: undefined };
  // A symbol that was begun takes the character with it that ends it.
  const length = one === "&" || one === "|" || one === "=" ? 2 : 1;
  return Array.from(source.slice(at, at + 4))
    .slice(0, length)
    .join("");
}

function numberToken(text: string, offset: number, issues: IssueList): Token {
  if (/^(?:0[xX][0-9a-fA-F]+|[0-9]+)[uU]$/.test(text)) {
    const value = text.length > 22 ? 2n ** 64n : BigInt(text.slice(0, -1));
    if (value >= 2n ** 64n) issues.report(offset, "invalid uint literal");
    return { type: "uint", text, offset, value: new UintLiteral(value) };
  }
  if (/^(?:0[xX][0-9a-fA-F]+|[0-9]+)$/.test(text)) {
    // Whether it is too large is known only once the sign before it is.
    return { type: "int", text, offset, value: text.length > 400 ? 2n ** 64n : BigInt(text) };
  }
  const value = Number(text);
  if (!Number.isFinite(value)) issues.report(offset, "invalid double literal");
  return { type: "float", text, offset, value };
}
