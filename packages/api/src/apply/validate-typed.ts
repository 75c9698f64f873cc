import { goQuote } from "../go-quote.ts";
import { goValue } from "../go-value.ts";
import { isJsonObject } from "../json-value.ts";
import { type ApplySchema, type ListSchema, type MapSchema, type ScalarSchema, resolveFor } from "./apply-schema.ts";
import { TypedValueError, itemElement } from "./list-element.ts";
import { type PathElement, elementText, fieldElement, indexElement } from "./path-element.ts";

export interface ValidationRules {
  /** Sets and lists with keys may hold an element more than once, as stored objects may. */
  readonly allowDuplicates: boolean;
}

/** Throws a `TypedValueError` with all that the schema does not allow in the value. */
export function validateTyped(schema: ApplySchema, value: unknown, rules: ValidationRules): void {
  const problems: string[] = [];
  validate(schema, value, "", rules, problems);
  if (problems.length === 1) throw new TypedValueError(problems[0]);
  if (problems.length > 1) throw new TypedValueError(["errors:", ...problems.map((text) => `  ${text}`)].join("\n"));
}

function validate(schema: ApplySchema, value: unknown, path: string, rules: ValidationRules, problems: string[]): void {
  if (value === null || value === undefined) return;
  const report = (problem: string) => void problems.push(path === "" ? problem : `${path}: ${problem}`);
  const resolved = resolveFor(schema, value);
  switch (resolved.kind) {
    case "scalar":
      return checkScalar(resolved, value, report);
    case "list":
      if (!Array.isArray(value)) return report(`expected list, got &{${goValue(value)}}`);
      return checkItems(resolved, value, path, rules, problems, report);
    default:
      if (!isJsonObject(value)) return report(`expected map, got &{${goValue(value)}}`);
      return checkFields(resolved, value, path, rules, problems);
  }
}

function checkScalar({ type }: ScalarSchema, value: unknown, report: (problem: string) => void): void {
  switch (type) {
    case "untyped":
      if (typeof value === "object") report(`expected any scalar, got ${printed(value)}`);
      return;
    case "number":
      if (typeof value !== "number") report(`expected numeric (int or float), got ${goKind(value)}`);
      return;
    default:
      if (typeof value !== type) report(`expected ${type}, got ${printed(value)}`);
  }
}

function checkItems(
  list: ListSchema,
  items: readonly unknown[],
  path: string,
  rules: ValidationRules,
  problems: string[],
  report: (problem: string) => void,
): void {
  const seen = new Set<PathElement>();
  for (const [index, item] of items.entries()) {
    let element = indexElement(index);
    if (list.relation !== "atomic") {
      try {
        element = itemElement(list, item);
      } catch (error) {
        if (!(error instanceof TypedValueError)) throw error;
        return report(`element ${index}: ${error.message}`);
      }
      if (seen.has(element) && !rules.allowDuplicates) {
        report(`duplicate entries for key ${elementText(element)}`);
      }
      seen.add(element);
    }
    validate(list.items, item, path + elementText(element), rules, problems);
  }
}

function checkFields(
  map: MapSchema,
  value: Record<string, unknown>,
  path: string,
  rules: ValidationRules,
  problems: string[],
): void {
  for (const name of Object.keys(value)) {
    const schema = map.field(name)?.schema ?? map.elements;
    const below = path + elementText(fieldElement(name));
    if (schema) validate(schema, value[name], below, rules, problems);
    else problems.push(`${below}: field not declared in schema`);
  }
}

/** A value as Go prints it with its type. */
function printed(value: unknown): string {
  const text = typeof value === "string" ? goQuote(value) : goValue(value);
  return `&value.valueUnstructured{Value:${text}}`;
}

function goKind(value: unknown): string {
  if (typeof value === "boolean") return "bool";
  if (Array.isArray(value)) return "[]interface {}";
  return typeof value === "object" ? "map[string]interface {}" : typeof value;
}
