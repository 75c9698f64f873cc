import { CelEvaluationError } from "./evaluation-error.ts";
import { goQuote } from "../go-quote.ts";
import { fieldOf, type SchemaDecl, type SchemaField } from "./schema-decl.ts";
import { parseFormatDuration, parseDate, parseTimestamp } from "./time-values.ts";
import {
  ArrayList,
  CelDuration,
  CelList,
  CelMap,
  CelOpaque,
  CelOptional,
  CelStruct,
  CelTimestamp,
  CelTypeValue,
  CelUint,
  mapKey,
  type Value,
} from "./values.ts";

export type ListKind = "atomic" | "set" | "map";

/** A JSON array; elements are converted when they are read. */
export class JsonList extends CelList {
  readonly raw: readonly unknown[];
  readonly element: SchemaDecl | undefined;
  readonly listKind: ListKind;
  readonly mapKeys: readonly string[];

  constructor(raw: readonly unknown[], decl?: SchemaDecl) {
    super();
    this.raw = raw;
    this.element = decl?.element;
    const kind = decl?.schema["x-kubernetes-list-type"];
    this.listKind = kind === "set" || kind === "map" ? kind : "atomic";
    this.mapKeys = decl?.schema["x-kubernetes-list-map-keys"] ?? [];
  }

  override get size(): number {
    return this.raw.length;
  }

  override at(index: number): Value {
    return toValue(this.raw[index], this.element);
  }
}

/** What `+` of a set or map list gives: it keeps its kind. */
export class KindedList extends ArrayList {
  readonly listKind: ListKind;
  readonly mapKeys: readonly string[];

  constructor(values: readonly Value[], listKind: ListKind, mapKeys: readonly string[]) {
    super(values);
    this.listKind = listKind;
    this.mapKeys = mapKeys;
  }
}

/**
 * A JSON object, with or without a schema. Values are converted when they are read. A property of an object that is
 * null counts as absent.
 */
export class JsonMap extends CelMap {
  readonly raw: Readonly<Record<string, unknown>>;
  readonly decl: SchemaDecl | undefined;

  constructor(raw: Readonly<Record<string, unknown>>, decl?: SchemaDecl) {
    super();
    this.raw = raw;
    this.decl = decl;
  }

  override get size(): number {
    let size = 0;
    for (const name of Object.keys(this.raw)) if (this.raw[name] !== undefined) size++;
    return size;
  }

  override get(key: Value): Value | undefined {
    if (typeof key !== "string") return undefined;
    if (this.decl?.kind !== "object") return this.property(key, this.decl?.element);
    const field = fieldOf(this.decl, key);
    return field && this.field(field);
  }

  /** The value of the property as JSON names it; undefined when it is absent. */
  property(name: string, decl: SchemaDecl | undefined): Value | undefined {
    if (!Object.hasOwn(this.raw, name)) return undefined;
    const value = this.raw[name];
    return value === undefined ? undefined : toValue(value, decl);
  }

  /** The value of the field of an object. */
  field(field: SchemaField): Value | undefined {
    if (!Object.hasOwn(this.raw, field.property)) return undefined;
    const value = this.raw[field.property];
    return value === undefined || value === null ? undefined : toValue(value, field.decl);
  }

  override has(key: Value): boolean {
    if (typeof key !== "string") return false;
    if (this.decl?.kind !== "object") return Object.hasOwn(this.raw, key) && this.raw[key] !== undefined;
    const field = fieldOf(this.decl, key);
    return field !== undefined && this.#isSet(field.property);
  }

  override keys(): Value[] {
    if (this.decl?.kind !== "object") return Object.keys(this.raw).filter((name) => this.raw[name] !== undefined);
    const keys: Value[] = [];
    for (const [escaped, field] of this.decl.fields ?? []) if (this.#isSet(field.property)) keys.push(escaped);
    return keys;
  }

  #isSet(property: string): boolean {
    return Object.hasOwn(this.raw, property) && this.raw[property] !== undefined && this.raw[property] !== null;
  }
}

/** An object whose fields are computed when they are first read, such as `variables`. */
export class LazyMap extends CelMap {
  readonly #fields: ReadonlyMap<string, () => Value>;
  readonly #known = new Map<string, Value>();

  constructor(fields: Readonly<Record<string, () => Value>>) {
    super();
    this.#fields = new Map(Object.entries(fields));
  }

  override get size(): number {
    return this.#fields.size;
  }

  override get(key: Value): Value | undefined {
    if (typeof key !== "string") return undefined;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const value = this.#fields.get(key)?.();
    if (value !== undefined) this.#known.set(key, value);
    return value;
  }

  override has(key: Value): boolean {
    return typeof key === "string" && this.#fields.has(key);
  }

  override keys(): Value[] {
    return [...this.#fields.keys()];
  }
}

/**
 * Makes a value of JSON data (or passes a value through). With a declaration the data must fit it; throws
 * `CelEvaluationError` when it does not. Without one, whole numbers are integers.
 */
export function toValue(raw: unknown, decl?: SchemaDecl): Value {
  if (decl === undefined) return untyped(raw);
  if (raw === null || raw === undefined) {
    if (decl.schema.nullable) return null;
    throw new CelEvaluationError("invalid data, got null for schema with nullable=false");
  }
  switch (decl.kind) {
    case "string":
      return typeof raw === "string" ? raw : mismatch("string", raw);
    case "int":
      return integer(raw) ?? mismatch("int", raw);
    case "bool":
      return typeof raw === "boolean" ? raw : mismatch("bool", raw);
    case "double":
      return typeof raw === "number" || typeof raw === "bigint" ? Number(raw) : mismatch("float", raw);
    case "intOrString":
      return typeof raw === "string"
        ? raw
        : (integer(raw) ?? mismatch("XIntOrString value to be either a string or integer", raw));
    case "object":
    case "map":
      if (raw instanceof CelMap) return raw;
      return isRecord(raw) ? new JsonMap(raw, decl) : mismatch("a map for the provided schema with type=object", raw);
    case "list":
      if (raw instanceof CelList) return raw;
      return Array.isArray(raw)
        ? new JsonList(raw, decl)
        : mismatch("an array for the provided schema with type=array", raw);
    default:
      return typeof raw === "string" ? formatted(raw, decl) : mismatch("string", raw);
  }
}

function mismatch(expected: string, raw: unknown): never {
  throw new CelEvaluationError(`invalid data, expected ${expected}, got ${describe(raw)}`);
}

function describe(raw: unknown): string {
  if (typeof raw === "number") return Number.isInteger(raw) ? "int64" : "float64";
  if (typeof raw === "boolean") return "bool";
  if (Array.isArray(raw)) return "[]interface {}";
  return typeof raw === "object" ? "map[string]interface {}" : typeof raw;
}

function integer(raw: unknown): bigint | undefined {
  if (typeof raw === "number") return Number.isInteger(raw) ? BigInt(raw) : undefined;
  return typeof raw === "bigint" ? raw : undefined;
}

function formatted(text: string, decl: SchemaDecl): Value {
  switch (decl.kind) {
    case "duration": {
      const ns = parseFormatDuration(text);
      if (ns === undefined)
        throw new CelEvaluationError(`Invalid duration ${text}: time: invalid duration ${goQuote(text)}`);
      return new CelDuration(ns);
    }
    case "date": {
      const ns = parseDate(text);
      if (ns === undefined) throw new CelEvaluationError(`Invalid date formatted string ${text}`);
      return new CelTimestamp(ns);
    }
    case "timestamp": {
      const ns = parseTimestamp(text);
      if (ns === undefined) throw new CelEvaluationError(`Invalid date-time formatted string ${text}`);
      return new CelTimestamp(ns);
    }
    default:
      if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw new CelEvaluationError(`Invalid byte formatted string ${text}`);
      return new Uint8Array(Buffer.from(text, "base64"));
  }
}

function isRecord(raw: unknown): raw is Record<string, unknown> {
  return typeof raw === "object" && raw !== null && !Array.isArray(raw);
}

function untyped(raw: unknown): Value {
  switch (typeof raw) {
    case "string":
    case "boolean":
    case "bigint":
      return raw;
    case "number":
      return Number.isInteger(raw) && Math.abs(raw) < 2 ** 63 ? BigInt(raw) : raw;
    case "object":
      if (raw === null) return null;
      if (Array.isArray(raw)) return new JsonList(raw);
      return isValueObject(raw) ? raw : new JsonMap(raw as Record<string, unknown>);
    default:
      return null;
  }
}

function isValueObject(raw: object): raw is Exclude<Value, null | boolean | bigint | number | string> {
  return (
    raw instanceof CelMap ||
    raw instanceof CelList ||
    raw instanceof CelOpaque ||
    raw instanceof CelOptional ||
    raw instanceof CelTimestamp ||
    raw instanceof CelDuration ||
    raw instanceof CelUint ||
    raw instanceof CelStruct ||
    raw instanceof CelTypeValue ||
    raw instanceof Uint8Array
  );
}

/**
 * The value as JSON: what apply configurations and JSON patches are made of. Throws `CelEvaluationError` for what JSON
 * cannot hold.
 */
export function toJson(value: Value): unknown {
  if (value === null || typeof value === "boolean" || typeof value === "string" || typeof value === "number")
    return value;
  if (typeof value === "bigint") return Number(value);
  if (value instanceof CelUint) return Number(value.value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (value instanceof JsonMap && value.decl?.kind !== "object") return value.raw;
  if (value instanceof JsonList) return value.raw;
  if (value instanceof CelList) return value.toArray().map(toJson);
  if (value instanceof CelStruct) {
    return Object.fromEntries(Array.from(value.fields, ([name, field]) => [name, toJson(field)]));
  }
  if (value instanceof JsonMap) return value.raw;
  if (value instanceof CelMap) {
    return Object.fromEntries(value.keys().map((key) => [jsonKey(key), toJson(value.get(key) ?? null)]));
  }
  throw new CelEvaluationError("unsupported conversion to JSON");
}

function jsonKey(key: Value): string {
  if (typeof key !== "string") throw new CelEvaluationError(`map key ${mapKey(key)?.slice(1) ?? ""} is not string`);
  return key;
}
