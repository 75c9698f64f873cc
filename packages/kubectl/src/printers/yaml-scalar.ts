/** Lines are broken at the first space beyond this column. */
const bestWidth = 80;

export type ScalarStyle = "plain" | "single" | "double" | "literal";

interface Traits {
  readonly multiline: boolean;
  readonly plain: boolean;
  readonly single: boolean;
  readonly block: boolean;
}

/** Texts that would read as something other than a string. */
const otherTypes: readonly RegExp[] = [
  /^(?:~|null|Null|NULL|<<)?$/,
  /^(?:y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF|true|True|TRUE|false|False|FALSE)$/,
  /^[-+]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|[0-9][0-9_]*)$/,
  /^[-+]?(?:\.[0-9]+|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?$/,
  /^[-+]?(?:\.inf|\.Inf|\.INF)$|^(?:\.nan|\.NaN|\.NAN)$/,
  /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/,
  /^\d{4}-\d{1,2}-\d{1,2}(?:(?:[Tt]|[ \t]+)\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d{1,2}(?::\d{2})?))?)?$/,
];

/** How upstream's YAML writer quotes a text. `key` marks the key of a mapping, which stays on one line. */
export function scalarStyle(text: string, key: boolean): ScalarStyle {
  if (otherTypes.some((pattern) => pattern.test(text))) return "double";
  const traits = analyse(text);
  if (text.includes("\n")) return traits.block && !key ? "literal" : "double";
  if (traits.plain && !(key && traits.multiline)) return "plain";
  return traits.single && !(key && traits.multiline) ? "single" : "double";
}

const printable = /^(?:\n|[\x20-\x7e]|[\u0085\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd])$/;
const lineBreak = /^[\r\n\u0085\u2028\u2029]$/;

function analyse(text: string): Traits {
  const characters = [...text];
  const last = characters.length - 1;
  let [special, breaks, spaceBreak, breakSpace] = [false, false, false, false];
  let previous = "";
  for (const character of characters) {
    const isBreak = lineBreak.test(character);
    if (isBreak) breaks = true;
    if (!printable.test(character) && character !== "\r") special = true;
    if (character === "\r") special = true;
    if (isBreak && previous === " ") spaceBreak = true;
    if (character === " " && lineBreak.test(previous)) breakSpace = true;
    previous = character;
  }
  const edge = (character: string | undefined) => character === " " || lineBreak.test(character ?? "");
  const edges = edge(characters[0]) || edge(characters[last]);
  return {
    multiline: breaks,
    plain: !(edges || breakSpace || spaceBreak || special || breaks || hasIndicators(characters)),
    single: !(breakSpace || spaceBreak || special),
    block: !(characters[last] === " " || spaceBreak || special),
  };
}

/** Characters that would start something else in the block context. */
function hasIndicators(characters: readonly string[]): boolean {
  const text = characters.slice(0, 3).join("");
  if (text === "---" || text === "...") return true;
  return characters.some((character, index) => {
    const next = characters[index + 1];
    const followedByBlank = next === undefined || /^[ \t\r\n\u0085\u2028\u2029]$/.test(next);
    if (index === 0) {
      if ("#,[]{}&*!|>'\"%@`".includes(character)) return true;
      return "?:-".includes(character) && followedByBlank;
    }
    if (character === ":") return followedByBlank;
    return character === "#" && /^[ \t\r\n\u0085\u2028\u2029]$/.test(characters[index - 1] ?? "");
  });
}

export interface ScalarPlace {
  /** The column where the scalar begins. */
  readonly column: number;
  /** Spaces before a continued line. */
  readonly indent: number;
  readonly breakable: boolean;
}

/** The text of a scalar in a style; it may have several lines. */
export function writeScalar(text: string, style: ScalarStyle, place: ScalarPlace): string {
  switch (style) {
    case "plain":
      return fold([...text], place, 0);
    case "single":
      return `'${foldSingle(text, place)}'`;
    case "double":
      return writeDouble(text, place);
    case "literal":
      return writeLiteral(text, place.indent);
  }
}

function fold(characters: readonly string[], place: ScalarPlace, margin: number): string {
  let column = place.column + margin;
  let spaces = false;
  let result = "";
  for (const [index, character] of characters.entries()) {
    if (character === " ") {
      const inside = margin === 0 || (index > 0 && index < characters.length - 1);
      if (place.breakable && !spaces && column > bestWidth && inside && characters[index + 1] !== " ") {
        result += `\n${" ".repeat(place.indent)}`;
        column = place.indent;
      } else {
        result += " ";
        column += 1;
      }
      spaces = true;
      continue;
    }
    result += character;
    column += 1;
    spaces = false;
  }
  return result;
}

function foldSingle(text: string, place: ScalarPlace): string {
  // A doubled quote counts as two columns, so it is doubled before folding.
  return fold([...text.replaceAll("'", "''")], place, 1);
}

const shortEscapes: Readonly<Record<string, string>> = {
  "\0": "\\0",
  "\x07": "\\a",
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\v": "\\v",
  "\f": "\\f",
  "\r": "\\r",
  "\x1b": "\\e",
  '"': '\\"',
  "\\": "\\\\",
  "\u0085": "\\N",
  "\u00a0": "\\_",
  "\u2028": "\\L",
  "\u2029": "\\P",
};

function writeDouble(text: string, place: ScalarPlace): string {
  const characters = [...text];
  let column = place.column + 1;
  let spaces = false;
  let result = '"';
  for (const [index, character] of characters.entries()) {
    const plain = printable.test(character) && !lineBreak.test(character) && character !== '"' && character !== "\\";
    if (!plain) {
      const escaped = shortEscapes[character] ?? numericEscape(character);
      result += escaped;
      column += escaped.length;
      spaces = false;
    } else if (character === " ") {
      const inside = index > 0 && index < characters.length - 1;
      if (place.breakable && !spaces && column > bestWidth && inside) {
        result += `\n${" ".repeat(place.indent)}`;
        column = place.indent;
        if (characters[index + 1] === " ") {
          result += "\\";
          column += 1;
        }
      } else {
        result += " ";
        column += 1;
      }
      spaces = true;
    } else {
      result += character;
      column += 1;
      spaces = false;
    }
  }
  return `${result}"`;
}

function numericEscape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${hex.padStart(2, "0")}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}

function writeLiteral(text: string, indent: number): string {
  const hint = /^[ \n]/.test(text) ? "2" : "";
  const chomping = !text.endsWith("\n") ? "-" : text === "\n" || text.endsWith("\n\n") ? "+" : "";
  const body = text.replace(/\n$/, "").split("\n");
  const lines = body.map((line) => (line === "" ? "" : " ".repeat(indent) + line));
  return [`|${hint}${chomping}`, ...lines].join("\n");
}
