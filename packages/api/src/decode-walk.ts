import {
  anyOk,
  base64Error,
  durationOk,
  intOrStringOk,
  isEmpty,
  microTimeText,
  quantityError,
  quantityText,
  timeText,
} from "./decode-scalars.ts";
import { goQuote } from "./go-quote.ts";
import { timeError } from "./rfc3339.ts";
import type { Field, ListType, MapType, ObjectType, ScalarType, UnionType, ValueType } from "./schema-registry.ts";

/** A value that cannot be decoded. The message is that of upstream's decoder. */
export class DecodeError extends Error {
  override readonly name = "DecodeError";
  readonly code = "decode";
}

const maxUnknownFields = 100;

/** What came of a value: the object without nulls and unknown fields, and the paths of the latter. */
export interface WalkResult {
  readonly object: Record<string, unknown>;
  readonly unknownFields: readonly string[];
}

/** Decodes any value that JSON can hold, as upstream's decoder does. Throws `DecodeError`. */
export function walkObject(type: ObjectType, value: unknown): WalkResult {
  const walker = new Walker();
  const object = walker.root(type, value);
  return { object, unknownFields: walker.unknownFields };
}

class Walker {
  readonly unknownFields: string[] = [];
  /** The names of the fields from the root, and the type that declares the last, as error messages print them. */
  readonly #fields: string[] = [];
  #struct: ObjectType | undefined;
  /** The same way with list indexes and map keys. */
  readonly #path: string[] = [];
  /** The first mismatch of types; as upstream does, it is reported unless something worse follows. */
  #mismatch: DecodeError | undefined;

  root(type: ObjectType, value: unknown): Record<string, unknown> {
    const object = isRecord(value) ? this.#object(type, value) : undefined;
    if (object === undefined && value !== null) this.#mismatched(describe(value), type.goName);
    if (this.#mismatch) throw this.#mismatch;
    return object ?? zeroObject(type);
  }

  #object(type: ObjectType, value: Record<string, unknown>): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    const outer = this.#struct;
    for (const key of Object.keys(value)) {
      const field = type.fields.get(key);
      if (!field) {
        this.#unknown(key);
        continue;
      }
      const item = value[key];
      if (item === null || item === undefined) continue;
      this.#struct = type;
      this.#fields.push(key);
      this.#path.push(this.#path.length === 0 ? key : `.${key}`);
      const decoded = this.#value(field.type, item);
      if (decoded !== undefined && !isLeftOut(field, decoded)) result[key] = decoded;
      this.#path.pop();
      this.#fields.pop();
    }
    this.#struct = outer;
    fillAbsent(type, result);
    return result;
  }

  #value(type: ValueType, value: unknown): unknown {
    switch (type.kind) {
      case "object":
        if (isRecord(value)) return this.#object(type, value);
        return this.#mismatched(describe(value), type.goName);
      case "list":
        return this.#list(type, value);
      case "map":
        return this.#map(type, value);
      case "union":
        return this.#union(type, value);
      default:
        return this.#scalar(type, value);
    }
  }

  #list(type: ListType, value: unknown): unknown {
    if (!Array.isArray(value)) return this.#mismatched(describe(value), type.goName);
    const result: unknown[] = [];
    for (const [index, item] of value.entries()) {
      this.#path.push(`[${index}]`);
      const decoded = item === null ? ofNull(type.items) : this.#value(type.items, item);
      if (decoded !== undefined) result.push(decoded);
      this.#path.pop();
    }
    return result;
  }

  #map(type: MapType, value: unknown): unknown {
    if (!isRecord(value)) return this.#mismatched(describe(value), type.goName);
    const result: Record<string, unknown> = {};
    for (const key of Object.keys(value)) {
      const item = value[key];
      this.#path.push(this.#path.length === 0 ? key : `.${key}`);
      const decoded = item === null ? ofNull(type.values) : this.#value(type.values, item);
      if (decoded !== undefined) setOwn(result, key, decoded);
      this.#path.pop();
    }
    return result;
  }

  /** The member of the value's shape; the last one, a scalar or list, gives the message when there is none. */
  #union({ members }: UnionType, value: unknown): unknown {
    const shape = Array.isArray(value) ? "list" : isRecord(value) ? "object" : "scalar";
    const member = members.find((type) => shapeOf(type) === shape) ?? members.at(-1);
    return member && this.#value(member, value);
  }

  #scalar(type: ScalarType, value: unknown): unknown {
    switch (type.kind) {
      case "string":
      case "uid":
        return typeof value === "string" ? value : this.#mismatched(describe(value), type.goName);
      case "bool":
        return typeof value === "boolean" ? value : this.#mismatched(describe(value), type.goName);
      case "int32":
      case "int64":
        return this.#integer(type, value);
      case "float64":
        return typeof value === "number" ? value : this.#mismatched(describe(value), type.goName);
      case "quantity":
        return quantityText(value) ?? this.#fail(quantityError(value));
      case "time":
      case "microTime":
        return this.#time(type.kind, value);
      case "duration":
        if (durationOk(value)) return value;
        return this.#fail(
          typeof value === "string"
            ? `time: invalid duration ${goQuote(value)}`
            : this.#inContext(describe(value), "string"),
        );
      case "intOrString":
        return intOrStringOk(value) ? value : this.#fail(this.#inContext(describeNumber(value), "int32"));
      case "bytes":
        return this.#bytes(type, value);
      default:
        return anyOk(value) ? value : this.#fail("exceeded max depth");
    }
  }

  #integer(type: ScalarType, value: unknown): unknown {
    const limit = type.kind === "int32" ? 2 ** 31 - 1 : Number.MAX_SAFE_INTEGER;
    const low = type.kind === "int32" ? -(2 ** 31) : Number.MIN_SAFE_INTEGER;
    if (typeof value === "number" && Number.isInteger(value) && value >= low && value <= limit) return value;
    return this.#mismatched(describeNumber(value), type.goName);
  }

  #time(kind: "time" | "microTime", value: unknown): unknown {
    const text = kind === "time" ? timeText(value) : microTimeText(value);
    if (text !== undefined) return text;
    return this.#fail(typeof value === "string" ? timeError(value) : this.#inContext(describe(value), "string"));
  }

  #bytes(type: ScalarType, value: unknown): unknown {
    if (typeof value !== "string") return this.#mismatched(describe(value), type.goName);
    const offset = base64Error(value);
    if (offset === undefined) return value;
    this.#mismatch ??= new DecodeError(`illegal base64 data at input byte ${offset}`);
    return undefined;
  }

  #unknown(key: string): void {
    if (this.unknownFields.length >= maxUnknownFields) return;
    this.unknownFields.push(this.#path.length === 0 ? key : `${this.#path.join("")}.${key}`);
  }

  #mismatched(value: string, goName: string): undefined {
    this.#mismatch ??= new DecodeError(this.#inContext(value, goName));
  }

  #fail(message: string): never {
    throw new DecodeError(message);
  }

  #inContext(value: string, goName: string): string {
    if (!this.#struct || this.#fields.length === 0)
      return `json: cannot unmarshal ${value} into Go value of type ${goName}`;
    const field = `${this.#struct.name}.${this.#fields.join(".")}`;
    return `json: cannot unmarshal ${value} into Go struct field ${field} of type ${goName}`;
  }
}

/** Fields that an object always has when it is served, with what they are when nothing was given. */
const fillers = new WeakMap<ObjectType, readonly (readonly [name: string, make: () => unknown])[]>();

function fillAbsent(type: ObjectType, object: Record<string, unknown>): void {
  let list = fillers.get(type);
  if (!list) fillers.set(type, (list = [...type.fields.values()].flatMap(fillerOf)));
  for (const [name, make] of list) {
    if (object[name] === undefined) object[name] = make();
  }
}

function fillerOf(field: Field): (readonly [string, () => unknown])[] {
  if (field.default !== undefined && !isLeftOut(field, field.default))
    return [[field.name, () => structuredClone(field.default)]];
  if (field.nullable) return [[field.name, () => null]];
  if (!field.required && !field.alwaysPresent) return [];
  return zeroOf(field.type) === undefined ? [] : [[field.name, () => zeroOf(field.type)]];
}

/** Whether what stands in a field is the same as nothing. */
function isLeftOut(field: Field, value: unknown): boolean {
  if (field.nullable) return Array.isArray(value) && value.length === 0;
  if (!field.omitsZero) return false;
  if (typeof value === "object") return isEmpty(value as object);
  return value === "" || value === 0 || value === false;
}

function zeroObject(type: ObjectType): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  fillAbsent(type, object);
  return object;
}

/** What upstream makes of a null in a list or map. */
function ofNull(type: ValueType): unknown {
  return type.kind === "any" ? null : zeroOf(type);
}

/** What Go makes of a value that is not given; undefined for what JSON cannot express, such as a zero time. */
function zeroOf(type: ValueType): unknown {
  switch (type.kind) {
    case "object":
      return zeroObject(type);
    case "list":
      return [];
    case "map":
      return {};
    case "string":
    case "uid":
      return "";
    case "bool":
      return false;
    case "int32":
    case "int64":
    case "float64":
    case "intOrString":
      return 0;
    case "quantity":
      return "0";
    default:
      return undefined;
  }
}

function shapeOf({ kind }: ValueType): "list" | "object" | "scalar" {
  return kind === "list" || kind === "object" ? kind : "scalar";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Assigns without reaching a setter of the prototype, as `__proto__` would. */
function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else target[key] = value;
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "boolean") return "bool";
  return value === null ? "null" : typeof value;
}

function describeNumber(value: unknown): string {
  return typeof value === "number" ? `number ${value}` : describe(value);
}
