import { SelectorError } from "./label-requirement.ts";

/** One condition of a field selector. */
export interface FieldRequirement {
  readonly field: string;
  readonly operator: "=" | "!=";
  readonly value: string;
}

/** A condition on the selectable fields of an object: all requirements must hold. Immutable. */
export class FieldSelector {
  readonly requirements: readonly FieldRequirement[];

  constructor(requirements: readonly FieldRequirement[]) {
    this.requirements = requirements;
  }

  get isEverything(): boolean {
    return this.requirements.length === 0;
  }

  /** An absent field counts as empty. */
  matches(fields: Readonly<Record<string, string>>): boolean {
    for (const { field, operator, value } of this.requirements) {
      const equal = ((Object.hasOwn(fields, field) ? fields[field] : undefined) ?? "") === value;
      if (equal !== (operator === "=")) return false;
    }
    return true;
  }

  /** The value that the field must have, when the selector admits only one. */
  exactValue(field: string): string | undefined {
    return this.requirements.find((requirement) => requirement.field === field && requirement.operator === "=")?.value;
  }

  toString(): string {
    return this.requirements
      .map(({ field, operator, value }) => `${field}${operator}${escapeFieldValue(value)}`)
      .join(",");
  }
}

export const everyField: FieldSelector = new FieldSelector([]);

/** Reads `status.phase!=Running,spec.nodeName=n1`. Throws `SelectorError` with upstream's text. */
export function parseFieldSelector(text: string): FieldSelector {
  if (text === "") return everyField;
  const requirements: FieldRequirement[] = [];
  for (const term of splitTerms(text).toSorted()) {
    if (term === "") continue;
    const match = /!=|==?/.exec(term);
    if (!match) throw new SelectorError(`invalid selector: '${text}'; can't understand '${term}'`);
    const [operator] = match;
    const value = unescapeFieldValue(term.slice(match.index + operator.length));
    requirements.push({ field: term.slice(0, match.index), operator: operator === "!=" ? "!=" : "=", value });
  }
  return requirements.length === 0 ? everyField : new FieldSelector(requirements);
}

/** The value with backslashes before what has a meaning in a selector. */
export function escapeFieldValue(value: string): string {
  return value.replace(/[\\,=]/g, "\\$&");
}

function splitTerms(text: string): string[] {
  const terms: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === ",") {
      terms.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...terms, text.slice(start)];
}

function unescapeFieldValue(text: string): string {
  if (!/[\\,=]/.test(text)) return text;
  let value = "";
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === "\\") {
      at += 1;
      const escaped = text.charAt(at);
      if (escaped === "" || !"\\,=".includes(escaped)) {
        throw new SelectorError(`invalid field selector: invalid escape sequence: \\${escaped}`);
      }
      value += escaped;
    } else if (character === "," || character === "=") {
      throw new SelectorError(`invalid field selector: unescaped character in value: ${character.charCodeAt(0)}`);
    } else value += character;
  }
  return value;
}
