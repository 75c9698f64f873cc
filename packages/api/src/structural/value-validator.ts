import type { JSONSchemaProps } from "../apiextensions/v1.ts";
import type { FieldError } from "../field-error.ts";
import { isJsonObject, jsonEqual, type JsonObject } from "../json-value.ts";
import { compilePattern, PatternError } from "./linear-pattern.ts";
import { itemsOf, propertyOf, valuesOf } from "./schema-parts.ts";
import { stringFormat } from "./string-formats.ts";
import {
  forbiddenProperty,
  missing,
  notListed,
  numberText,
  shouldBe,
  tooLong,
  tooMany,
  typeName,
  unmet,
  type ValuePath,
  wrongFormat,
  wrongType,
} from "./value-problems.ts";

/** Stands for the old value where there is none, or none that belongs to the new one. */
const unrelated: unique symbol = Symbol("unrelated");

/** What came of a value. `matched` counts what was right, to tell the closest of several schemas. */
interface Outcome {
  readonly errors: FieldError[];
  matched: number;
}

type Check = (value: unknown, path: ValuePath, outcome: Outcome) => void;

/** Checks values against a schema. What can be is compiled once. Errors carry upstream's words. */
export class ValueValidator {
  readonly #root: Node;

  constructor(schema: JSONSchemaProps) {
    this.#root = new Node(schema);
  }

  /** What is wrong with the value. */
  validate(value: unknown): FieldError[] {
    return this.#run(value, unrelated);
  }

  /** What is wrong with the value, leaving out the parts that did not change. */
  validateUpdate(value: unknown, old: unknown): FieldError[] {
    const errors = this.validate(value);
    return errors.length === 0 ? errors : this.#run(value, old);
  }

  #run(value: unknown, old: unknown): FieldError[] {
    const outcome: Outcome = { errors: [], matched: 0 };
    this.#root.run(value, old, "", outcome);
    return outcome.errors;
  }
}

/** One schema with all that it holds. */
class Node {
  readonly #schema: JSONSchemaProps;
  readonly #types: readonly string[];
  readonly #checks: readonly Check[];
  readonly #enum: readonly unknown[] | undefined;
  readonly #items: Node | undefined;
  readonly #values: Node | undefined;
  readonly #properties: ReadonlyMap<string, Node>;
  readonly #all: readonly Node[];
  readonly #any: readonly Node[];
  readonly #one: readonly Node[];
  readonly #not: Node | undefined;

  constructor(schema: JSONSchemaProps) {
    const node = (inner: JSONSchemaProps | undefined) => inner && new Node(inner);
    const nodes = (list: readonly JSONSchemaProps[] = []) => list.map((inner) => new Node(inner));
    this.#schema = schema;
    this.#types = schema["x-kubernetes-int-or-string"] ? ["integer", "string"] : schema.type ? [schema.type] : [];
    this.#checks = [...stringChecks(schema), ...numberChecks(schema)];
    this.#enum = schema.enum?.length ? schema.enum : undefined;
    this.#items = node(itemsOf(schema));
    this.#values = node(valuesOf(schema));
    this.#properties = new Map(Object.entries(schema.properties ?? {}).map(([name, inner]) => [name, new Node(inner)]));
    this.#all = nodes(schema.allOf);
    this.#any = nodes(schema.anyOf);
    this.#one = nodes(schema.oneOf);
    this.#not = node(schema.not);
  }

  run(value: unknown, old: unknown, path: ValuePath, outcome: Outcome): void {
    if (old !== unrelated && jsonEqual(value, old)) return;
    const before = outcome.errors.length;
    this.#checkType(value, path, outcome);
    if (value === null) {
      this.#checkEnum(value, path, outcome);
      return;
    }
    const rightType = outcome.errors.length === before;
    this.#checkCombinations(value, path, outcome);
    if (rightType) for (const check of this.#checks) check(value, path, outcome);
    if (Array.isArray(value)) this.#checkList(value, old, path, outcome);
    this.#checkEnum(value, path, outcome);
    if (isJsonObject(value)) this.#checkObject(value, old, path, outcome);
    if (outcome.errors.length === before) outcome.matched += 1;
  }

  #checkType(value: unknown, path: ValuePath, outcome: Outcome): void {
    if (this.#types.length === 0) return;
    if (value === null) {
      if (!this.#schema.nullable) outcome.errors.push(wrongType(path, this.#types.join(","), value));
      return;
    }
    const name = typeName(value);
    const fits = this.#types.some((type) => type === name || (type === "number" && name === "integer"));
    if (!fits) outcome.errors.push(wrongType(path, this.#types.join(","), value));
  }

  #checkEnum(value: unknown, path: ValuePath, { errors }: Outcome): void {
    if (!this.#enum || (value === null && this.#schema.nullable && this.#enum.includes(null))) return;
    if (this.#enum.some((allowed) => jsonEqual(allowed, value))) return;
    errors.push(notListed(path, value, this.#enum));
  }

  #checkList(list: readonly unknown[], old: unknown, path: ValuePath, outcome: Outcome): void {
    const { minItems, maxItems } = this.#schema;
    if (this.#items) {
      const related = this.#relatedItems(old);
      for (const [index, item] of list.entries()) this.#items.run(item, related(item), `${path}[${index}]`, outcome);
    }
    if (minItems !== undefined && list.length < minItems) {
      outcome.errors.push(shouldBe(path, list.length, `should have at least ${minItems} items`));
    }
    if (maxItems !== undefined && list.length > maxItems) outcome.errors.push(tooMany(path, list.length, maxItems));
  }

  /** Only items of a list of type map can be told apart, by their keys. */
  #relatedItems(old: unknown): (item: unknown) => unknown {
    const keys = this.#schema["x-kubernetes-list-map-keys"] ?? [];
    if (this.#schema["x-kubernetes-list-type"] !== "map" || !Array.isArray(old)) return () => unrelated;
    const byKey = new Map(old.map((item: unknown) => [identity(item, keys), item]));
    return (item) => {
      const key = identity(item, keys);
      return byKey.has(key) ? byKey.get(key) : unrelated;
    };
  }

  #checkObject(object: JsonObject, old: unknown, path: ValuePath, outcome: Outcome): void {
    const { minProperties, maxProperties, required = [], additionalProperties } = this.#schema;
    const names = Object.keys(object);
    if (minProperties !== undefined && names.length < minProperties) {
      outcome.errors.push(shouldBe(path, minProperties, `should have at least ${minProperties} properties`));
    }
    if (maxProperties !== undefined && names.length > maxProperties) {
      outcome.errors.push(tooMany(path, names.length, maxProperties));
    }
    for (const name of required) if (!Object.hasOwn(object, name)) outcome.errors.push(missing(`${path}.${name}`));
    const oldObject = isJsonObject(old) ? old : {};
    for (const name of names) {
      const node = this.#properties.get(name) ?? this.#values;
      if (node) {
        const oldValue = Object.hasOwn(oldObject, name) ? oldObject[name] : unrelated;
        node.run(object[name], oldValue, path === "" ? name : `${path}.${name}`, outcome);
      } else if (additionalProperties === false && !propertyOf(this.#schema, name)) {
        outcome.errors.push(forbiddenProperty(path, name));
      }
    }
  }

  #checkCombinations(value: unknown, path: ValuePath, outcome: Outcome): void {
    if (this.#any.length > 0) {
      const { valid, closest } = tryAll(this.#any, value, path);
      if (valid === 0) outcome.errors.push(unmet(path, "must validate at least one schema (anyOf)"), ...closest);
    }
    if (this.#one.length > 0) {
      const { valid, closest } = tryAll(this.#one, value, path);
      const found = valid === 0 ? "Found none valid" : `Found ${valid} valid alternatives`;
      if (valid !== 1) {
        outcome.errors.push(unmet(path, `must validate one and only one schema (oneOf). ${found}`));
        if (valid === 0) outcome.errors.push(...closest);
      }
    }
    if (this.#all.length > 0) {
      const { valid, errors } = tryAll(this.#all, value, path);
      outcome.errors.push(...errors);
      if (valid < this.#all.length) {
        outcome.errors.push(
          unmet(path, `must validate all the schemas (allOf)${valid === 0 ? ". None validated" : ""}`),
        );
      }
    }
    if (this.#not && tryAll([this.#not], value, path).valid === 1) {
      outcome.errors.push(unmet(path, "must not validate the schema (not)"));
    }
  }
}

/** How many of the schemas the value meets, all errors, and those of the schema that it comes closest to. */
function tryAll(
  nodes: readonly Node[],
  value: unknown,
  path: ValuePath,
): { valid: number; errors: FieldError[]; closest: readonly FieldError[] } {
  let valid = 0;
  let closest: Outcome | undefined;
  const errors: FieldError[] = [];
  for (const node of nodes) {
    const outcome: Outcome = { errors: [], matched: 0 };
    node.run(value, unrelated, path, outcome);
    if (outcome.errors.length === 0) valid += 1;
    else if (!closest || outcome.matched > closest.matched) closest = outcome;
    errors.push(...outcome.errors);
  }
  return { valid, errors, closest: closest?.errors ?? [] };
}

function identity(item: unknown, keys: readonly string[]): string | undefined {
  if (!isJsonObject(item)) return undefined;
  return JSON.stringify(keys.map((key) => (Object.hasOwn(item, key) ? item[key] : null)));
}

function stringChecks(schema: JSONSchemaProps): Check[] {
  const { maxLength, minLength, pattern, format } = schema;
  const checks: ((text: string, path: ValuePath, outcome: Outcome) => void)[] = [];
  if (maxLength !== undefined) {
    checks.push((text, path, { errors }) => {
      if (text.length > maxLength && characters(text) > maxLength) errors.push(tooLong(path, maxLength));
    });
  }
  if (minLength !== undefined) {
    checks.push((text, path, { errors }) => {
      if (characters(text) < minLength) {
        errors.push(shouldBe(path, text, `should be at least ${minLength} chars long`));
      }
    });
  }
  if (pattern) {
    checks.push((text, path, { errors }) => {
      if (!isMatch(pattern, text)) errors.push(shouldBe(path, text, `should match '${pattern}'`));
    });
  }
  const inFormat = format === undefined ? undefined : stringFormat(format);
  if (format !== undefined && inFormat) {
    checks.push((text, path, { errors }) => {
      if (!inFormat(text)) errors.push(wrongFormat(path, format, text));
    });
  }
  return checks.map((check): Check => (value, path, outcome) => {
    if (typeof value === "string") check(value, path, outcome);
  });
}

/** Nothing matches a pattern that is wrong, which a schema from before patterns were checked may have. */
function isMatch(pattern: string, text: string): boolean {
  try {
    return compilePattern(pattern).matches(text);
  } catch (error) {
    if (error instanceof PatternError) return false;
    throw error;
  }
}

function characters(text: string): number {
  let count = 0;
  for (const _character of text) count += 1;
  return count;
}

function numberChecks(schema: JSONSchemaProps): Check[] {
  const { maximum, minimum, exclusiveMaximum, exclusiveMinimum, multipleOf } = schema;
  if (maximum === undefined && minimum === undefined && multipleOf === undefined) return [];
  const check: Check = (value, path, { errors }) => {
    if (typeof value !== "number") return;
    if (multipleOf !== undefined && !isMultiple(value, multipleOf)) {
      errors.push(shouldBe(path, value, `should be a multiple of ${numberText(multipleOf)}`));
    }
    if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum)) {
      const relation = exclusiveMaximum ? "less than" : "less than or equal to";
      errors.push(shouldBe(path, value, `should be ${relation} ${numberText(maximum)}`));
    }
    if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum)) {
      const relation = exclusiveMinimum ? "greater than" : "greater than or equal to";
      errors.push(shouldBe(path, value, `should be ${relation} ${numberText(minimum)}`));
    }
  };
  return [check];
}

function isMultiple(value: number, factor: number): boolean {
  if (factor <= 0) return false;
  const quotient = factor < 1 ? (1 / factor) * value : value / factor;
  return Number.isInteger(quotient);
}
