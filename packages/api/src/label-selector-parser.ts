import { fieldErrorText } from "./field-error.ts";
import {
  type LabelRequirement,
  type RequirementOperator,
  SelectorError,
  labelKeyErrors,
  labelRequirement,
} from "./label-requirement.ts";

type Kind = "end" | "identifier" | "in" | "notin" | ")" | "(" | "," | "!" | "=" | "==" | "!=" | ">" | "<";

interface Token {
  readonly kind: Kind;
  readonly text: string;
}

const end: Token = { kind: "end", text: "" };

/** Reads the text form of a label selector. Throws `SelectorError` with upstream's text. */
export function parseRequirements(text: string): LabelRequirement[] {
  return new Parser(tokenize(text)).parse();
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (const [match] of text.matchAll(/==|!=|[=!(),<>]|[^=!(),<>\s]+/g)) {
    tokens.push({ kind: kindOf(match), text: match });
  }
  return tokens;
}

function kindOf(text: string): Kind {
  if (text === "in" || text === "notin") return text;
  return /^[=!(),<>]/.test(text) ? (text as Kind) : "identifier";
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parse(): LabelRequirement[] {
    const requirements: LabelRequirement[] = [];
    for (;;) {
      const next = this.#peek();
      if (next.kind === "end") return requirements;
      if (next.kind !== "identifier" && next.kind !== "!") {
        throw new SelectorError(`found '${next.text}', expected: !, identifier, or 'end of string'`);
      }
      requirements.push(this.#requirement());
      const separator = this.#take();
      if (separator.kind === "end") return requirements;
      if (separator.kind !== ",") {
        throw new SelectorError(`found '${separator.text}', expected: ',' or 'end of string'`);
      }
      const after = this.#peek();
      if (after.kind !== "identifier" && after.kind !== "!") {
        throw new SelectorError(`found '${after.text}', expected: identifier after ','`);
      }
    }
  }

  #requirement(): LabelRequirement {
    try {
      return this.#parseRequirement();
    } catch (error) {
      if (!(error instanceof SelectorError)) throw error;
      throw new SelectorError(`unable to parse requirement: ${error.message}`);
    }
  }

  #parseRequirement(): LabelRequirement {
    let first = this.#take();
    const negated = first.kind === "!";
    if (negated) first = this.#take();
    if (first.kind !== "identifier") throw new SelectorError(`found '${first.text}', expected: identifier`);
    const key = first.text;
    for (const error of labelKeyErrors(key, "<nil>")) throw new SelectorError(fieldErrorText(error));
    const next = this.#peek();
    if (negated || next.kind === "end" || next.kind === ",") return labelRequirement(key, negated ? "!" : "exists", []);
    const operator = this.#operator();
    const values = operator === "in" || operator === "notin" ? this.#values() : [this.#exactValue()];
    return labelRequirement(key, operator, [...new Set(values)].toSorted());
  }

  #operator(): RequirementOperator {
    const token = this.#tokens[this.#at] ?? end;
    this.#at += 1;
    switch (token.kind) {
      case "in":
      case "notin":
      case "=":
      case "==":
      case "!=":
        return token.kind;
      case ">":
        return "gt";
      case "<":
        return "lt";
      default:
        throw new SelectorError(`found '${token.text}', expected: in, notin, =, ==, !=, gt, lt`);
    }
  }

  #exactValue(): string {
    const next = this.#peek();
    if (next.kind === "end" || next.kind === ",") return "";
    const token = this.#take();
    if (token.kind !== "identifier") throw new SelectorError(`found '${token.text}', expected: identifier`);
    return token.text;
  }

  /** `(a,b)`; an empty place between commas or parentheses is the empty value. */
  #values(): string[] {
    const open = this.#take();
    if (open.kind !== "(") throw new SelectorError(`found '${open.text}' expected: '('`);
    const first = this.#peek();
    if (first.kind !== "identifier" && first.kind !== "," && first.kind !== ")") {
      throw new SelectorError(`found '${first.text}', expected: ',', ')' or identifier`);
    }
    if (first.kind === ")") {
      this.#take();
      return [""];
    }
    const values: string[] = [];
    for (;;) {
      const token = this.#take();
      if (token.kind === "identifier") values.push(token.text);
      else if (token.kind !== ",") throw new SelectorError(`found '${token.text}', expected: ',', or identifier`);
      else if (values.length === 0) values.push("");
      const next = this.#peek();
      if (next.kind === ")") {
        this.#take();
        return token.kind === "," ? [...values, ""] : values;
      }
      if (token.kind === "identifier" && next.kind !== ",") {
        throw new SelectorError(`found '${next.text}', expected: ',' or ')'`);
      }
      if (token.kind === "," && next.kind === ",") {
        this.#take();
        values.push("");
      }
    }
  }

  /** The next token where `in` and `notin` are ordinary words. */
  #peek(): Token {
    const token = this.#tokens[this.#at] ?? end;
    return token.kind === "in" || token.kind === "notin" ? { kind: "identifier", text: token.text } : token;
  }

  #take(): Token {
    const token = this.#peek();
    this.#at += 1;
    return token;
  }
}
