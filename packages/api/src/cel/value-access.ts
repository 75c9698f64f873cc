import { CelEvaluationError, noSuchKey, noSuchOverload } from "./evaluation-error.ts";
import { JsonMap } from "./native-value.ts";
import type { SchemaField } from "./schema-decl.ts";
import { CelList, CelMap, CelOptional, CelStruct, CelUint, typeNameOf, type Value } from "./values.ts";

/** The field of a map or object; undefined when it has none. Throws for what has no fields. */
function findField(target: Value, name: string): Value | undefined {
  if (target instanceof CelMap) return target.get(name);
  if (target instanceof CelStruct) return target.fields.get(name);
  throw noSuchOverload();
}

/** `target.name`; of an optional value, an optional value. */
export function selectField(target: Value, name: string, field: SchemaField | undefined): Value {
  if (field !== undefined && target instanceof JsonMap && target.decl?.fields?.get(name) === field) {
    const value = target.field(field);
    if (value === undefined) throw noSuchKey(name);
    return value;
  }
  if (target instanceof CelOptional) return optionalField(target, name);
  const value = findField(target, name);
  if (value === undefined) throw noSuchKey(name);
  return value;
}

/** `target.?name`. */
export function optionalField(target: Value, name: string): CelOptional {
  const container = target instanceof CelOptional ? target.value : target;
  if (container === undefined) return CelOptional.none;
  const value = findField(container, name);
  if (value instanceof CelOptional) return value;
  return value === undefined ? CelOptional.none : new CelOptional(value);
}

/** `has(target.name)`. */
export function hasField(target: Value, name: string): boolean {
  if (target instanceof CelOptional) return target.value !== undefined && hasField(target.value, name);
  if (target instanceof CelMap) return target.has(name);
  if (target instanceof CelStruct) return target.fields.has(name);
  throw noSuchOverload();
}

function listIndex(index: Value): number {
  if (typeof index === "bigint") return Number(index);
  if (index instanceof CelUint) return Number(index.value);
  if (typeof index === "number" && Number.isInteger(index)) return index;
  throw new CelEvaluationError(`unsupported index type '${typeNameOf(index)}' in list`);
}

function findIndexed(target: Value, index: Value): Value | undefined {
  if (target instanceof CelList) {
    const at = listIndex(index);
    return at >= 0 && at < target.size ? target.at(at) : undefined;
  }
  if (target instanceof CelMap) return target.get(index);
  throw noSuchOverload();
}

/** `target[index]`. */
export function indexValue(target: Value, index: Value): Value {
  if (target instanceof CelOptional) return optionalIndex(target, index);
  const value = findIndexed(target, index);
  if (value !== undefined) return value;
  const text = keyText(index);
  throw target instanceof CelList ? new CelEvaluationError(`index out of bounds: ${text}`) : noSuchKey(text);
}

function keyText(key: Value): string {
  if (key instanceof CelUint) return String(key.value);
  return typeof key === "object" && key !== null ? typeNameOf(key) : String(key);
}

/** `target[?index]`. */
export function optionalIndex(target: Value, index: Value): CelOptional {
  const container = target instanceof CelOptional ? target.value : target;
  if (container === undefined) return CelOptional.none;
  const value = findIndexed(container, index);
  if (value instanceof CelOptional) return value;
  return value === undefined ? CelOptional.none : new CelOptional(value);
}
