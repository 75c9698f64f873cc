/** One step of a path, or something that prints. */
export type PathNode =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "action"; readonly steps: readonly PathNode[] }
  | { readonly kind: "range"; readonly steps: readonly PathNode[]; readonly body: readonly PathNode[] }
  | { readonly kind: "field"; readonly name: string }
  | { readonly kind: "wildcard" }
  | { readonly kind: "recursive" }
  | { readonly kind: "slice"; readonly slice: Slice }
  | { readonly kind: "union"; readonly members: readonly (readonly PathNode[])[] }
  | {
      readonly kind: "filter";
      readonly left: readonly PathNode[];
      readonly operator: string;
      readonly right: readonly PathNode[];
    }
  | { readonly kind: "value"; readonly value: number | boolean };

export interface Slice {
  readonly start: number | undefined;
  readonly end: number | undefined;
  /** A single index, whose end was not written. */
  readonly derived: boolean;
  readonly step: number | undefined;
}

export class JsonPathError extends Error {
  override readonly name = "JsonPathError";
}

type FlatNode = PathNode | { readonly kind: "rangeStart" } | { readonly kind: "end" };
type FlatAction = { readonly kind: "text"; readonly text: string } | { readonly steps: readonly FlatNode[] };

/** Reads a template: text with actions in braces. Throws a JsonPathError. */
export function parseJsonPath(template: string): readonly PathNode[] {
  const actions = splitTemplate(template);
  const position = { at: 0 };
  const nodes = nest(actions, position, false);
  return nodes;
}

function splitTemplate(template: string): FlatAction[] {
  const actions: FlatAction[] = [];
  let at = 0;
  while (at < template.length) {
    const open = template.indexOf("{", at);
    if (open < 0) break;
    if (open > at) actions.push({ kind: "text", text: template.slice(at, open) });
    const reader = new ActionReader(template, open + 1);
    actions.push({ steps: reader.readAction("}") });
    at = reader.at;
  }
  if (at < template.length) actions.push({ kind: "text", text: template.slice(at) });
  return actions;
}

/** Puts what lies between `{range …}` and `{end}` under the range. */
function nest(actions: readonly FlatAction[], position: { at: number }, inRange: boolean): PathNode[] {
  const nodes: PathNode[] = [];
  while (position.at < actions.length) {
    const action = actions[position.at];
    position.at += 1;
    if (!action) break;
    if ("kind" in action) {
      nodes.push(action);
      continue;
    }
    const [first] = action.steps;
    const steps = action.steps.filter((step): step is PathNode => step.kind !== "rangeStart" && step.kind !== "end");
    if (first?.kind === "end") {
      if (!inRange) throw new JsonPathError("not in range, nothing to end");
      return nodes;
    }
    if (first?.kind === "rangeStart") nodes.push({ kind: "range", steps, body: nest(actions, position, true) });
    else nodes.push({ kind: "action", steps });
  }
  return nodes;
}

/** Reads a path without braces, such as a part of a filter. */
function parsePath(text: string): PathNode[] {
  return new ActionReader(text, 0)
    .readAction(undefined)
    .filter((step): step is PathNode => step.kind !== "rangeStart" && step.kind !== "end");
}

const sliceSyntax = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/;
const comparison = /^([^!<>=]+)([!<>=]+)(.+?)$/;

class ActionReader {
  readonly #text: string;
  at: number;

  constructor(text: string, at: number) {
    this.#text = text;
    this.at = at;
  }

  /** Reads to the closing delimiter, or to the end where there is none. */
  readAction(close: string | undefined): FlatNode[] {
    const steps: FlatNode[] = [];
    for (;;) {
      const rest = this.#text.slice(this.at);
      if (close !== undefined && rest.startsWith(close)) {
        this.at += close.length;
        return steps;
      }
      if (rest === "" && close === undefined) return steps;
      if (rest === "" || /^[\r\n]/.test(rest)) throw new JsonPathError("unclosed action");
      steps.push(...this.#readStep(rest));
    }
  }

  #readStep(rest: string): FlatNode[] {
    const [character = ""] = rest;
    if (rest.startsWith("[?(")) return [this.#readFilter()];
    if (rest.startsWith("..")) {
      this.at += 2;
      return /^[\w]/.test(this.#text.slice(this.at))
        ? [{ kind: "recursive" }, this.#readField()]
        : [{ kind: "recursive" }];
    }
    if (character === " " || character === "@" || character === "$") {
      this.at += 1;
      return [];
    }
    if (character === "[") return this.#readArray();
    if (character === '"' || character === "'") return [this.#readQuoted(character)];
    if (character === ".") {
      this.at += 1;
      return [this.#readField()];
    }
    const number = /^[-+]?[\d.]+/.exec(rest)?.[0];
    if (number !== undefined) return [this.#readNumber(number)];
    const word = /^\w+/.exec(rest)?.[0];
    if (word !== undefined) return [this.#readWord(word)];
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    throw new JsonPathError(`unrecognized character in action: U+${code} '${character}'`);
  }

  #readNumber(number: string): PathNode {
    this.at += number.length;
    const value = Number(number);
    if (Number.isNaN(value)) throw new JsonPathError(`cannot parse number ${number}`);
    return { kind: "value", value };
  }

  #readWord(word: string): FlatNode {
    this.at += word.length;
    if (word === "range") return { kind: "rangeStart" };
    if (word === "end") return { kind: "end" };
    if (word === "true" || word === "false") return { kind: "value", value: word === "true" };
    throw new JsonPathError(`unrecognized identifier ${word}`);
  }

  #readField(): PathNode {
    const match = /^(?:\\[\s\S]|[^\s\\.,[\]$@{}])*/.exec(this.#text.slice(this.at))?.[0] ?? "";
    this.at += match.length;
    return match === "*" ? { kind: "wildcard" } : { kind: "field", name: match.replaceAll("\\", "") };
  }

  #readQuoted(quote: string): PathNode {
    const body = new RegExp(`^${quote}((?:\\\\[\\s\\S]|[^${quote}\\\\])*)${quote}`).exec(this.#text.slice(this.at));
    if (!body) throw new JsonPathError("unterminated quoted string");
    this.at += body[0].length;
    return { kind: "text", text: unescape(body[1] ?? "") };
  }

  #readArray(): PathNode[] {
    const close = this.#text.indexOf("]", this.at);
    if (close < 0) throw new JsonPathError("unterminated array");
    const inner = this.#text.slice(this.at + 1, close);
    this.at = close + 1;
    const members = inner.split(",");
    if (members.length > 1) return [{ kind: "union", members: members.map((each) => parsePath(`[${each.trim()}]`)) }];
    const key = /^'([^']*)'$/.exec(inner)?.[1];
    if (key !== undefined) return parsePath(`.${key}`);
    return [{ kind: "slice", slice: parseSlice(inner === "*" ? ":" : inner) }];
  }

  #readFilter(): PathNode {
    const start = this.at + 3;
    let quote = "";
    let closed = false;
    for (let at = start; at < this.#text.length; at += 1) {
      const character = this.#text.charAt(at);
      if (quote === "" && (character === '"' || character === "'")) quote = character;
      else if (quote !== "" && character === quote && this.#text.charAt(at - 1) !== "\\") closed = true;
      else if (character === ")" && (quote === "" || closed)) return this.#finishFilter(start, at);
    }
    throw new JsonPathError("unterminated filter");
  }

  #finishFilter(start: number, end: number): PathNode {
    if (this.#text.charAt(end + 1) !== "]") throw new JsonPathError("unclosed array expect ]");
    this.at = end + 2;
    const text = this.#text.slice(start, end);
    const match = comparison.exec(text);
    if (!match) return { kind: "filter", left: parsePath(text), operator: "exists", right: [] };
    const [, left = "", operator = "", right = ""] = match;
    return { kind: "filter", left: parsePath(left), operator, right: parsePath(right) };
  }
}

function parseSlice(text: string): Slice {
  const match = sliceSyntax.exec(text);
  if (!match) throw new JsonPathError(`invalid array index ${text}`);
  const [, first = "", second, third] = match;
  const start = first === "" ? undefined : Number(first);
  const number = (part: string | undefined) => (part === undefined || part === ":" ? undefined : Number(part.slice(1)));
  if (second === undefined) return { start, end: (start ?? 0) + 1, derived: true, step: undefined };
  return { start, end: number(second), derived: false, step: number(third) };
}

const escapeTexts: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
};

/** Resolves the backslash sequences of a quoted text. */
function unescape(text: string): string {
  return text.replace(
    /\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([\s\S]))/g,
    (_all, unicode?: string, hex?: string, one?: string) => {
      if (unicode !== undefined || hex !== undefined)
        return String.fromCharCode(Number.parseInt(unicode ?? hex ?? "", 16));
      return escapeTexts[one ?? ""] ?? one ?? "";
    },
  );
}
