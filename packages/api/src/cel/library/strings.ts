import { fn, method, type CelLibrary } from "../declarations.ts";
import { CelCostError, CelEvaluationError, noSuchOverload } from "../evaluation-error.ts";
import { intType, listOf, stringType, dynType } from "../types.ts";
import { ArrayList, codePointCount, type CelList, type Value } from "../values.ts";
import { formatText } from "./string-format.ts";

/** A longer text is not built: no budget pays for it. */
const maxTextLength = 16 * 1024 * 1024;
const listOfString = listOf(stringType);

/** Texts without surrogates are indexed as they are, others as arrays of characters. */
function characters(text: string): string | readonly string[] {
  return codePointCount(text) === text.length ? text : Array.from(text);
}

function joined(part: string | readonly string[]): string {
  return typeof part === "string" ? part : part.join("");
}

function outOfRange(index: bigint): CelEvaluationError {
  return new CelEvaluationError(`index out of range: ${index}`);
}

function charAt(text: string, index: bigint): string {
  const chars = characters(text);
  if (index < 0n || index > chars.length) throw outOfRange(index);
  return chars[Number(index)] ?? "";
}

function substring(text: string, start: bigint, end?: bigint): string {
  const chars = characters(text);
  if (end !== undefined && start > end) {
    throw new CelEvaluationError(`invalid substring range. start: ${start}, end: ${end}`);
  }
  if (start < 0n || start > chars.length) throw outOfRange(start);
  if (end !== undefined && (end < 0n || end > chars.length)) throw outOfRange(end);
  return joined(chars.slice(Number(start), end === undefined ? undefined : Number(end)));
}

/** The UTF-16 offset of a character, and back. */
function unitOffset(text: string, index: number): number {
  let units = 0;
  for (let count = 0; count < index; count++) units += (text.codePointAt(units) ?? 0) > 0xffff ? 2 : 1;
  return units;
}

function indexOf(text: string, part: string, from: bigint = 0n): bigint {
  if (part === "") return from;
  if (from < 0n) throw outOfRange(from);
  if (from >= codePointCount(text)) return -1n;
  const found = text.indexOf(part, unitOffset(text, Number(from)));
  return found < 0 ? -1n : BigInt(codePointCount(text.slice(0, found)));
}

function lastIndexOf(text: string, part: string, from?: bigint): bigint {
  const length = codePointCount(text);
  if (part === "") return from ?? BigInt(length);
  if (length === 0 && from === undefined) return -1n;
  const start = from ?? BigInt(length - 1);
  if (start < 0n) throw outOfRange(start);
  if (start >= length) return -1n;
  const found = text.lastIndexOf(part, unitOffset(text, Number(start)));
  return found < 0 ? -1n : BigInt(codePointCount(text.slice(0, found)));
}

function bounded(length: number): void {
  if (length > maxTextLength) throw new CelCostError();
}

function replace(text: string, old: string, replacement: string, limit: bigint = -1n): string {
  if (limit === 0n) return text;
  const pieces = old === "" ? ["", ...text, ""] : text.split(old);
  const wanted = limit < 0n ? pieces.length - 1 : Math.min(Number(limit), pieces.length - 1);
  const emptyTail = old === "" ? 1 : 0;
  const count = Math.min(wanted, pieces.length - emptyTail);
  bounded(text.length + count * replacement.length);
  if (old === "") return replaceEmpty(text, replacement, limit);
  const head = pieces.slice(0, count + 1).join(replacement);
  return count + 1 < pieces.length ? `${head}${old}${pieces.slice(count + 1).join(old)}` : head;
}

/** The replacement before every character and at the end. */
function replaceEmpty(text: string, replacement: string, limit: bigint): string {
  let left = limit < 0n ? Infinity : Number(limit);
  let result = "";
  for (const char of text) {
    if (left-- > 0) result += replacement;
    result += char;
  }
  return left > 0 ? result + replacement : result;
}

function split(text: string, separator: string, limit: bigint = -1n): CelList {
  if (limit === 0n) return new ArrayList([]);
  const parts = separator === "" ? Array.from(text) : text.split(separator);
  if (limit < 0n || parts.length <= limit) return new ArrayList(parts);
  const head = parts.slice(0, Number(limit) - 1);
  return new ArrayList([...head, parts.slice(Number(limit) - 1).join(separator)]);
}

function join(list: CelList, separator = ""): string {
  let length = 0;
  const parts = list.toArray().map((value) => {
    if (typeof value !== "string") throw noSuchOverload();
    length += value.length + separator.length;
    bounded(length);
    return value;
  });
  return parts.join(separator);
}

const quoteEscapes = new Map([
  ["\x07", "\\a"],
  ["\b", "\\b"],
  ["\f", "\\f"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
  ["\v", "\\v"],
  ["\\", "\\\\"],
  ['"', '\\"'],
]);

function quote(text: string): string {
  return `"${Array.from(text, (char) => quoteEscapes.get(char) ?? char).join("")}"`;
}

/** Blank characters as Go's unicode.IsSpace has them. */
const blank = "[\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const leading = new RegExp(`^${blank}+`);

function trim(text: string): string {
  const start = text.replace(leading, "");
  let end = start.length;
  while (end > 0 && leading.test(start.charAt(end - 1))) end--;
  return start.slice(0, end);
}

function lower(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function upper(text: string): string {
  return text.replaceAll(/[a-z]+/g, (letters) => letters.toUpperCase());
}

function format(text: string, args: CelList): string {
  const result = formatText(text, args);
  bounded(result.length);
  return result;
}

/** Version 2 of the strings extension. */
export const stringsLibrary: CelLibrary = {
  overloads: [
    method("charAt", "string_char_at_int", [stringType, intType], stringType, charAt),
    method("indexOf", "string_index_of_string", [stringType, stringType], intType, indexOf),
    method("indexOf", "string_index_of_string_int", [stringType, stringType, intType], intType, indexOf),
    method("lastIndexOf", "string_last_index_of_string", [stringType, stringType], intType, lastIndexOf),
    method("lastIndexOf", "string_last_index_of_string_int", [stringType, stringType, intType], intType, lastIndexOf),
    method("lowerAscii", "string_lower_ascii", [stringType], stringType, lower),
    method("upperAscii", "string_upper_ascii", [stringType], stringType, upper),
    method("replace", "string_replace_string_string", [stringType, stringType, stringType], stringType, replace),
    method(
      "replace",
      "string_replace_string_string_int",
      [stringType, stringType, stringType, intType],
      stringType,
      replace,
    ),
    method("split", "string_split_string", [stringType, stringType], listOfString, split),
    method("split", "string_split_string_int", [stringType, stringType, intType], listOfString, split),
    method("substring", "string_substring_int", [stringType, intType], stringType, substring),
    method("substring", "string_substring_int_int", [stringType, intType, intType], stringType, substring),
    method("trim", "string_trim", [stringType], stringType, trim),
    method("join", "list_join", [listOfString], stringType, join),
    method("join", "list_join_string", [listOfString, stringType], stringType, join),
    method("format", "string_format", [stringType, listOf(dynType)], stringType, format),
    method("reverse", "string_reverse", [stringType], stringType, (text: string): Value =>
      Array.from(text).reverse().join(""),
    ),
    fn("strings.quote", "strings_quote", [stringType], stringType, quote),
  ],
};
