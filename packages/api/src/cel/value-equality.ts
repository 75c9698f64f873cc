import { noSuchOverload } from "./evaluation-error.ts";
import { JsonList, JsonMap, KindedList, type ListKind } from "./native-value.ts";
import {
  CelDuration,
  CelList,
  CelMap,
  CelOpaque,
  CelOptional,
  CelStruct,
  CelTimestamp,
  CelTypeValue,
  CelUint,
  ConcatList,
  mapKey,
  type Value,
} from "./values.ts";
import { semanticEqual } from "../deep-equal.ts";

/** Equality of any two values: numbers by amount whatever their type, lists as their list type says. */
export function equals(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  if (isNumeric(a)) return isNumeric(b) && compareNumbers(a, b) === 0;
  if (typeof a !== "object" || typeof b !== "object") return false;
  if (a instanceof CelList) return b instanceof CelList && listsEqual(a, b);
  if (a instanceof CelMap) return b instanceof CelMap && mapsEqual(a, b);
  if (a instanceof CelOpaque) return b instanceof CelOpaque && a.type.name === b.type.name && a.equals(b);
  if (a instanceof CelTimestamp) return b instanceof CelTimestamp && a.ns === b.ns;
  if (a instanceof CelDuration) return b instanceof CelDuration && a.ns === b.ns;
  if (a instanceof CelTypeValue) return b instanceof CelTypeValue && a.typeName === b.typeName;
  if (a instanceof Uint8Array) return b instanceof Uint8Array && Buffer.compare(a, b) === 0;
  if (a instanceof CelOptional) return b instanceof CelOptional && optionalsEqual(a, b);
  if (a instanceof CelStruct) return b instanceof CelStruct && structsEqual(a, b);
  return false;
}

function isNumeric(value: Value): value is bigint | number | CelUint {
  return typeof value === "bigint" || typeof value === "number" || value instanceof CelUint;
}

function amountOf(value: bigint | number | CelUint): bigint | number {
  return value instanceof CelUint ? value.value : value;
}

/** An integer that is compared with a double becomes one, which may round it. */
function compareNumbers(a: bigint | number | CelUint, b: bigint | number | CelUint): number {
  const [x, y] = [amountOf(a), amountOf(b)];
  if (typeof x === "bigint" && typeof y === "bigint") return x < y ? -1 : x > y ? 1 : 0;
  const [left, right] = [Number(x), Number(y)];
  return left < right ? -1 : left > right ? 1 : left === right ? 0 : NaN;
}

function optionalsEqual(a: CelOptional, b: CelOptional): boolean {
  if (a.value === undefined || b.value === undefined) return a.value === b.value;
  return equals(a.value, b.value);
}

function structsEqual(a: CelStruct, b: CelStruct): boolean {
  if (a.typeName !== b.typeName || a.fields.size !== b.fields.size) return false;
  for (const [name, value] of a.fields) {
    const other = b.fields.get(name);
    if (other === undefined || !equals(value, other)) return false;
  }
  return true;
}

function kindOf(list: CelList): ListKind {
  return list instanceof JsonList || list instanceof KindedList ? list.listKind : "atomic";
}

function keysOf(list: CelList): readonly string[] {
  return list instanceof JsonList || list instanceof KindedList ? list.mapKeys : [];
}

function listsEqual(a: CelList, b: CelList): boolean {
  if (a.size !== b.size) return false;
  if (a instanceof JsonList && b instanceof JsonList && a.raw === b.raw && a.element === b.element) return true;
  switch (kindOf(a)) {
    case "set": {
      const members = new Set(a.toArray().map(elementKey));
      return b.toArray().every((value) => members.has(elementKey(value)));
    }
    case "map": {
      const keys = keysOf(a);
      const entries = new Map(a.toArray().map((value) => [entryKey(value, keys), value]));
      return b.toArray().every((value) => {
        const own = entries.get(entryKey(value, keys));
        return own !== undefined && equals(own, value);
      });
    }
    default:
      for (let index = 0; index < a.size; index++) if (!equals(a.at(index), b.at(index))) return false;
      return true;
  }
}

/** Equal scalars have equal keys. */
function elementKey(value: Value): string {
  if (typeof value === "number") return mapKey(value) ?? `d${value}`;
  if (value instanceof CelTimestamp) return `t${value.ns}`;
  if (value instanceof CelDuration) return `p${value.ns}`;
  if (value instanceof Uint8Array) return `y${Buffer.from(value).toString("base64")}`;
  return mapKey(value) ?? "";
}

function entryKey(value: Value, keys: readonly string[]): string {
  const parts = keys.map((key) => {
    const part = value instanceof CelMap ? value.get(key) : undefined;
    return part === undefined ? "" : elementKey(part);
  });
  return JSON.stringify(parts);
}

function mapsEqual(a: CelMap, b: CelMap): boolean {
  if (a instanceof JsonMap && b instanceof JsonMap && a.decl?.kind === "object") return objectsEqual(a, b);
  if (a.size !== b.size) return false;
  for (const key of a.keys()) {
    const value = a.get(key);
    const other = b.get(key);
    if (value === undefined || other === undefined || !equals(value, other)) return false;
  }
  return true;
}

/** Objects compare all properties, those included that expressions cannot see. */
function objectsEqual(a: JsonMap, b: JsonMap): boolean {
  if (a.raw === b.raw) return true;
  const names = Object.keys(a.raw).filter((name) => a.raw[name] !== undefined);
  if (names.length !== Object.keys(b.raw).filter((name) => b.raw[name] !== undefined).length) return false;
  return names.every((name) => {
    if (!Object.hasOwn(b.raw, name)) return false;
    const field = a.decl?.properties?.get(name);
    if (!field) return semanticEqual(a.raw[name], b.raw[name]);
    const value = a.property(name, field.decl);
    const other = b.property(name, b.decl?.properties?.get(name)?.decl ?? field.decl);
    return value !== undefined && other !== undefined && equals(value, other);
  });
}

/**
 * Negative, zero or positive; NaN when a NaN is compared. Throws "no such overload" for what has no order or is of
 * another type.
 */
export function compare(a: Value, b: Value): number {
  if (isNumeric(a) && isNumeric(b)) {
    return compareNumbers(a, b);
  }
  if (typeof a === "string" && typeof b === "string") return compareText(a, b);
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b);
  if (
    (a instanceof CelTimestamp && b instanceof CelTimestamp) ||
    (a instanceof CelDuration && b instanceof CelDuration)
  ) {
    return a.ns < b.ns ? -1 : a.ns > b.ns ? 1 : 0;
  }
  throw noSuchOverload();
}

/** By code point, which is the order of the UTF-8 bytes. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const [x, y] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (x === y) continue;
    // Surrogates sort after every other unit.
    const [xHigh, yHigh] = [x >= 0xd800 && x <= 0xdfff, y >= 0xd800 && y <= 0xdfff];
    return xHigh === yHigh ? x - y : xHigh ? 1 : -1;
  }
  return a.length - b.length;
}

/** `a + b` of lists: a union for sets, a merge by key for map lists, else one after the other. */
export function concatenate(a: CelList, b: CelList): CelList {
  const kind = kindOf(a);
  if (kind === "atomic") return new ConcatList(a, b);
  const keys = keysOf(a);
  const keyOf = (value: Value): string => (kind === "set" ? elementKey(value) : entryKey(value, keys));
  const merged = new Map(a.toArray().map((value) => [keyOf(value), value]));
  for (const value of b.toArray()) {
    const key = keyOf(value);
    if (kind === "map" || !merged.has(key)) merged.set(key, value);
  }
  return new KindedList([...merged.values()], kind, keys);
}

/** Whether the list holds a value equal to this one. */
export function contains(list: CelList, value: Value): boolean {
  for (let index = 0; index < list.size; index++) if (equals(list.at(index), value)) return true;
  return false;
}
