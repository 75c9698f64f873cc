import { sortedJson } from "../go-json.ts";
import { isJsonObject } from "../json-value.ts";
import { JsonPathError, parseJsonPath, type PathNode, type Slice } from "./json-path-parser.ts";

export { JsonPathError };

export interface JsonPathOptions {
  /** A field that does not exist selects nothing instead of failing. */
  readonly allowMissingKeys: boolean;
}

/** A template in upstream's dialect of JSONPath. */
export class JsonPath {
  readonly #nodes: readonly PathNode[];
  readonly #allowMissingKeys: boolean;

  /** Throws a JsonPathError when the template is malformed. */
  constructor(template: string, options: JsonPathOptions) {
    this.#nodes = parseJsonPath(template);
    this.#allowMissingKeys = options.allowMissingKeys;
  }

  /** The values that each part of the template selects. Throws a JsonPathError. */
  find(value: unknown): unknown[][] {
    return this.#execute(this.#nodes, value);
  }

  /** What the template prints for a value. Throws a JsonPathError. */
  format(value: unknown): string {
    return this.find(value)
      .map((results) => results.map(printValue).join(" "))
      .join("");
  }

  #execute(nodes: readonly PathNode[], value: unknown): unknown[][] {
    return nodes.flatMap((node): unknown[][] => {
      if (node.kind !== "range") return [this.#walk([value], node)];
      return this.#path(node.steps, [value]).flatMap((item) => this.#execute(node.body, item));
    });
  }

  #path(steps: readonly PathNode[], input: readonly unknown[]): unknown[] {
    let current = [...input];
    for (const step of steps) current = this.#walk(current, step);
    return current;
  }

  #walk(input: readonly unknown[], node: PathNode): unknown[] {
    switch (node.kind) {
      case "text":
        return [node.text];
      case "value":
        return input.map(() => node.value);
      case "action":
        return this.#path(node.steps, input);
      case "range":
        return this.#path(node.steps, input).flatMap((item) => this.#execute(node.body, item).flat());
      case "field":
        return this.#fields(input, node.name);
      case "wildcard":
        return input.flatMap((value) => children(value));
      case "recursive":
        return input.flatMap(descend);
      case "slice":
        return input.flatMap((value) => sliceOf(value, node.slice));
      case "union":
        return node.members.flatMap((member) => this.#path(member, input));
      case "filter":
        return input.flatMap((value) => this.#filter(value, node));
    }
  }

  #fields(input: readonly unknown[], name: string): unknown[] {
    const found = input.flatMap((value) => (isJsonObject(value) && Object.hasOwn(value, name) ? [value[name]] : []));
    const asked = input.some((value) => value !== null && value !== undefined);
    if (found.length === 0 && asked && !this.#allowMissingKeys) throw new JsonPathError(`${name} is not found`);
    return found;
  }

  #filter(value: unknown, node: PathNode & { kind: "filter" }): unknown[] {
    if (value === null || value === undefined) return [];
    if (!Array.isArray(value) && !isJsonObject(value)) {
      throw new JsonPathError(`${printValue(value)} is not array or slice and cannot be filtered`);
    }
    return children(value).filter((item) => {
      const left = this.#lenient(node.left, item);
      if (node.operator === "exists") return left.length > 0;
      if (left.length === 0) return false;
      if (left.length > 1) throw new JsonPathError("can only compare one element at a time");
      const right = this.#lenient(node.right, item);
      if (right.length === 0) return false;
      if (right.length > 1) throw new JsonPathError("can only compare one element at a time");
      return compare(left[0], node.operator, right[0]);
    });
  }

  #lenient(steps: readonly PathNode[], item: unknown): unknown[] {
    try {
      return this.#path(steps, [item]);
    } catch (error) {
      if (error instanceof JsonPathError && error.message.endsWith(" is not found")) return [];
      throw error;
    }
  }
}

/** The members of a list or map; those of a map in the order of their keys. */
function children(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (!isJsonObject(value)) return [];
  return Object.keys(value)
    .toSorted()
    .map((key) => value[key]);
}

function descend(value: unknown): unknown[] {
  const inner = children(value);
  return inner.length === 0 ? [] : [value, ...inner.flatMap(descend)];
}

function sliceOf(value: unknown, { start, end, derived, step = 1 }: Slice): unknown[] {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) throw new JsonPathError(`${typeName(value)} is not array or slice`);
  const { length } = value;
  const from = start === undefined ? 0 : start < 0 ? start + length : start;
  let to = end ?? length;
  if (to < 0 || (to === 0 && derived)) to += length;
  if (from === to) return [];
  if (from >= length || from < 0) {
    throw new JsonPathError(`array index out of bounds: index ${from}, length ${length}`);
  }
  if (to > length || to < 0) throw new JsonPathError(`array index out of bounds: index ${to - 1}, length ${length}`);
  if (from > to) throw new JsonPathError(`starting index ${from} is greater than ending index ${to}`);
  if (step <= 0) throw new JsonPathError("step must be > 0");
  return value.slice(from, to).filter((_item, index) => index % step === 0);
}

function typeName(value: unknown): string {
  if (typeof value === "number") return Number.isInteger(value) ? "int64" : "float64";
  if (typeof value === "boolean") return "bool";
  return typeof value === "string" ? "string" : "map[string]interface {}";
}

function compare(left: unknown, operator: string, right: unknown): boolean {
  if (typeof left !== typeof right) {
    if (operator === "==" || operator === "!=") throw new JsonPathError("incompatible types for comparison");
    throw new JsonPathError("incompatible types for comparison");
  }
  const ordered =
    typeof left === "number" ? left - (right as number) : left === right ? 0 : String(left) < String(right) ? -1 : 1;
  switch (operator) {
    case "==":
      return left === right;
    case "!=":
      return left !== right;
    case "<":
      return ordered < 0;
    case "<=":
      return ordered <= 0;
    case ">":
      return ordered > 0;
    case ">=":
      return ordered >= 0;
    default:
      throw new JsonPathError(`unrecognized filter operator ${operator}`);
  }
}

/** One value as a template prints it: texts as they are, structures as JSON. */
export function printValue(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "<nil>";
  if (typeof value === "object") return sortedJson(value);
  return String(value);
}

/**
 * A path as people write it for columns and sorting: `.a.b`, `a.b`, `{.a.b}` or `{a.b}`, with the braces and dot
 * that were left out. Throws a JsonPathError.
 */
export function relaxedPath(text: string): string {
  if (text === "") return "";
  const match = /^\{?\.?([^{}]+)\}?$/.exec(text);
  if (!match || text.startsWith("{") !== text.endsWith("}")) {
    throw new JsonPathError(
      `unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'`,
    );
  }
  return `{.${match[1] ?? ""}}`;
}
