import { CelCostError } from "./evaluation-error.ts";
import type { CelType } from "./types.ts";

/**
 * A value of the language: bigint is `int`, number is `double`, Uint8Array is `bytes`; everything else that is not
 * itself a JavaScript primitive has a class here.
 */
export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | Uint8Array
  | CelUint
  | CelTimestamp
  | CelDuration
  | CelTypeValue
  | CelOptional
  | CelList
  | CelMap
  | CelStruct
  | CelOpaque;

export class CelUint {
  readonly value: bigint;

  constructor(value: bigint) {
    this.value = value;
  }
}

/** An instant; nanoseconds since the epoch. */
export class CelTimestamp {
  readonly ns: bigint;

  constructor(ns: bigint) {
    this.ns = ns;
  }
}

/** A span of time in nanoseconds. */
export class CelDuration {
  readonly ns: bigint;

  constructor(ns: bigint) {
    this.ns = ns;
  }
}

/** A type as a value, as `type(x)` gives. */
export class CelTypeValue {
  readonly typeName: string;

  constructor(typeName: string) {
    this.typeName = typeName;
  }
}

export class CelOptional {
  static readonly none: CelOptional = new CelOptional(undefined);
  readonly value: Value | undefined;

  constructor(value: Value | undefined) {
    this.value = value;
  }
}

export abstract class CelList {
  abstract readonly size: number;

  /** The element at an index from 0 to size − 1. */
  abstract at(index: number): Value;

  toArray(): Value[] {
    return Array.from({ length: this.size }, (_unused, index) => this.at(index));
  }
}

export class ArrayList extends CelList {
  readonly values: readonly Value[];

  constructor(values: readonly Value[]) {
    super();
    this.values = values;
  }

  override get size(): number {
    return this.values.length;
  }

  override at(index: number): Value {
    return this.values[index] ?? null;
  }

  override toArray(): Value[] {
    return [...this.values];
  }
}

/** More elements than this are not brought together: no budget pays for them. */
export const maxListSize = 1_000_000;

/** Two lists after one another; joined when an element is first read. */
export class ConcatList extends CelList {
  override readonly size: number;
  #parts: readonly [CelList, CelList] | undefined;
  #values: readonly Value[] = [];

  constructor(left: CelList, right: CelList) {
    super();
    this.size = left.size + right.size;
    if (this.size > maxListSize) throw new CelCostError();
    this.#parts = [left, right];
  }

  override at(index: number): Value {
    if (this.#parts) this.#join();
    return this.#values[index] ?? null;
  }

  #join(): void {
    const values: Value[] = [];
    const pending: CelList[] = [this];
    for (let list = pending.pop(); list; list = pending.pop()) {
      if (list instanceof ConcatList && list.#parts) pending.push(list.#parts[1], list.#parts[0]);
      else for (let index = 0; index < list.size; index++) values.push(list.at(index));
    }
    this.#values = values;
    this.#parts = undefined;
  }
}

export abstract class CelMap {
  abstract readonly size: number;

  /** Undefined when there is no such key. */
  abstract get(key: Value): Value | undefined;

  abstract keys(): Value[];

  has(key: Value): boolean {
    return this.get(key) !== undefined;
  }
}

/** A map made by an expression. */
export class EntryMap extends CelMap {
  readonly #entries: ReadonlyMap<string, readonly [Value, Value]>;

  constructor(entries: ReadonlyMap<string, readonly [Value, Value]>) {
    super();
    this.#entries = entries;
  }

  static of(pairs: Iterable<readonly [Value, Value]>): EntryMap {
    const entries = new Map<string, readonly [Value, Value]>();
    for (const pair of pairs) entries.set(mapKey(pair[0]) ?? "", pair);
    return new EntryMap(entries);
  }

  override get size(): number {
    return this.#entries.size;
  }

  override get(key: Value): Value | undefined {
    const text = mapKey(key);
    return text === undefined ? undefined : this.#entries.get(text)?.[1];
  }

  override keys(): Value[] {
    return Array.from(this.#entries.values(), ([key]) => key);
  }
}

/** Keys that are equal have the same text; undefined for what cannot be a key. */
export function mapKey(key: Value): string | undefined {
  if (typeof key === "string") return `s${key}`;
  if (typeof key === "bigint") return `n${key}`;
  if (typeof key === "boolean") return `b${key}`;
  if (key instanceof CelUint) return `n${key.value}`;
  if (typeof key === "number" && Number.isInteger(key)) return `n${BigInt(key)}`;
  return undefined;
}

/** An object made with `Name{…}`. */
export class CelStruct {
  readonly typeName: string;
  readonly fields: ReadonlyMap<string, Value>;

  constructor(typeName: string, fields: ReadonlyMap<string, Value>) {
    this.typeName = typeName;
    this.fields = fields;
  }
}

/** A value of a type that a library brings, such as a quantity or an IP address. */
export abstract class CelOpaque {
  abstract readonly type: CelType;

  abstract equals(other: CelOpaque): boolean;

  /** What `size` counts for cost; a constant for most. */
  get costSize(): number {
    return 1;
  }
}

/** The number of code points, which is what `size` of a string is. */
export function codePointCount(text: string): number {
  let count = text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit >= 0xd800 && unit <= 0xdbff && at + 1 < text.length) {
      const next = text.charCodeAt(at + 1);
      if (next >= 0xdc00 && next <= 0xdfff) {
        count--;
        at++;
      }
    }
  }
  return count;
}

/** The name of the type of a value at run time. */
export function typeNameOf(value: Value): string {
  switch (typeof value) {
    case "boolean":
      return "bool";
    case "bigint":
      return "int";
    case "number":
      return "double";
    case "string":
      return "string";
    default:
  }
  if (value === null) return "null_type";
  if (value instanceof Uint8Array) return "bytes";
  if (value instanceof CelUint) return "uint";
  if (value instanceof CelList) return "list";
  if (value instanceof CelMap) return "map";
  if (value instanceof CelTimestamp) return "google.protobuf.Timestamp";
  if (value instanceof CelDuration) return "google.protobuf.Duration";
  if (value instanceof CelTypeValue) return "type";
  if (value instanceof CelOptional) return "optional_type";
  if (value instanceof CelStruct) return value.typeName;
  return value.type.name;
}
