import { additionalPropertiesOf, type CelSchema } from "./schema.ts";
import { FieldPath } from "../field-path.ts";

/** The text of a rule's `fieldPath` is no path of the schema; the message is upstream's. */
export class FieldPathError extends Error {
  override readonly name = "FieldPathError";
}

export interface FieldPathStep {
  readonly name: string;
  /** Whether the step is a key of a map rather than a field. */
  readonly isKey: boolean;
}

const unescapes = new Map([
  ["a", "\x07"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["v", "\v"],
  ["'", "'"],
  ["\\", "\\"],
]);

/** Reads `.spec.replicas` or `.map['key']` and checks it against the schema. Throws `FieldPathError`. */
export function parseFieldPath(text: string, schema: CelSchema): FieldPathStep[] {
  const steps: FieldPathStep[] = [];
  const tokens = tokenize(text);
  let current = schema;
  let at = 0;
  const next = (): string => {
    const token = tokens[at++];
    if (token === undefined) throw new FieldPathError("unexpected end of JSON path");
    return token;
  };
  while (at < tokens.length) {
    const token = next();
    let name: string;
    if (token === "[") {
      name = unquote(next());
      const isKnown = current.properties !== undefined || additionalPropertiesOf(current) !== undefined;
      if (!isKnown) throw new FieldPathError("does not refer to a valid field");
    } else if (token === ".") name = next();
    else throw new FieldPathError(`expected [ or . but got: ${token}`);
    current = append(steps, name, current);
    if (token !== "[") continue;
    const close = next();
    if (close !== "]") throw new FieldPathError(`expected ] but got ${close}`);
  }
  return steps;
}

/** The path of the steps below a path; undefined stands for the root. */
export function appendSteps(path: FieldPath | undefined, steps: readonly FieldPathStep[]): FieldPath | undefined {
  let below = path;
  for (const { name, isKey } of steps) {
    if (below === undefined) below = FieldPath.of(isKey ? `[${name}]` : name);
    else below = isKey ? below.key(name) : below.child(name);
  }
  return below;
}

/** Delimiters, quoted texts with their quotes, and what lies between. */
function tokenize(text: string): string[] {
  return text.match(/'(?:[^'\\]|\\[^])*'|[.[\]]|[^.[\]']+|'/g) ?? [];
}

function unquote(token: string): string {
  if (token.length < 2 || !token.startsWith("'") || !token.endsWith("'")) {
    throw new FieldPathError(`expected single quoted string but got ${token}`);
  }
  return token.slice(1, -1).replaceAll(/\\([^])/g, (escape, char: string) => {
    const plain = unescapes.get(char);
    if (plain === undefined) throw new FieldPathError(`invalid string literal: invalid escape char ${escape}`);
    return plain;
  });
}

function append(steps: FieldPathStep[], name: string, schema: CelSchema): CelSchema {
  const { properties } = schema;
  const next = properties
    ? Object.hasOwn(properties, name)
      ? properties[name]
      : undefined
    : additionalPropertiesOf(schema);
  if (!next) throw new FieldPathError("does not refer to a valid field");
  steps.push({ name, isKey: properties === undefined });
  return next;
}
