/**
 * What is wrong with a text that is no JSON, in Go's words where they are known. Of the text itself, which may hold
 * secrets, at most one character is repeated.
 */
export function jsonProblem({ message }: Error, text?: string): string {
  if (/^(?:Unexpected end|Unterminated string)/.test(message)) return endOfInput;
  const unexpected = /^Unexpected token '([\s\S]+?)', /.exec(message)?.[1];
  if (unexpected !== undefined) return `invalid character '${unexpected}' looking for beginning of value`;
  const position = / in JSON at position (\d+)/.exec(message) ?? / after JSON at position (\d+)/.exec(message);
  const place = places.find(([words]) => message.startsWith(words))?.[1];
  if (text === undefined || place === undefined || !position) return message;
  const character = text.charAt(Number(position[1]));
  return character === "" ? endOfInput : `invalid character ${quoted(character)} ${place}`;
}

const endOfInput = "unexpected end of JSON input";

/** How V8's messages begin, and what Go says there. */
const places: readonly (readonly [string, string])[] = [
  ["Expected property name or '}'", "looking for beginning of object key string"],
  ["Expected double-quoted property name", "looking for beginning of object key string"],
  ["Expected ':' after property name", "after object key"],
  ["Expected ',' or '}'", "after object key:value pair"],
  ["Expected ',' or ']'", "after array element"],
  ["Unexpected non-whitespace character", "after top-level value"],
  ["Bad control character", "in string literal"],
  ["Bad escaped character", "in string escape code"],
];

function quoted(character: string): string {
  if (character === "'") return "'\\''";
  return `'${JSON.stringify(character).slice(1, -1).replace('\\"', '"')}'`;
}
