import { omitsZero } from "./omitted-fields.ts";
import { typeTables } from "../gen/type-tables.js";
import { type GroupVersionSource, groupVersionSources } from "./group-versions.ts";
import {
  type AliasEntry,
  type DocTable,
  type FieldEntry,
  type ScalarKind,
  type TypeTable,
  scalarKinds,
} from "./type-table.ts";

/** The type of a value of the API. */
export type ValueType = ScalarType | ListType | MapType | ObjectType | UnionType;

export interface ScalarType {
  readonly kind: ScalarKind;
  /** The name that upstream's decoding errors give the type. */
  readonly goName: string;
  /** The only values allowed, where the set is closed. */
  readonly enum?: readonly string[];
}

export interface ListType {
  readonly kind: "list";
  readonly goName: string;
  readonly items: ValueType;
}

export interface MapType {
  readonly kind: "map";
  readonly goName: string;
  readonly values: ValueType;
}

/** A value that is of one of several types, which its JSON tells apart: at most one object, list and scalar each. */
export interface UnionType {
  readonly kind: "union";
  readonly goName: string;
  readonly members: readonly ValueType[];
}

/** An object with named fields. One instance stands for each type, so they can be compared and used as keys. */
export class ObjectType {
  readonly kind = "object";
  /** `core/v1.PodSpec`. */
  readonly id: string;
  readonly name: string;
  readonly goName: string;
  readonly source: GroupVersionSource;
  /** A top-level object with `kind` and `apiVersion`. */
  readonly isTopLevel: boolean;
  /** Merged as a whole by server-side apply. */
  readonly isAtomic: boolean;
  #fields: ReadonlyMap<string, Field> | undefined;
  readonly #entries: Readonly<Record<string, FieldEntry>>;

  constructor(source: GroupVersionSource, name: string) {
    const entry = tableOf(source.directory)?.objects[name];
    if (!entry) throw new Error(`no type ${source.directory}.${name}`);
    this.id = `${source.directory}.${name}`;
    this.name = name;
    this.goName = `${source.version}.${name}`;
    this.source = source;
    this.isTopLevel = entry.kind ?? false;
    this.isAtomic = entry.atomic ?? false;
    this.#entries = entry.fields;
  }

  /** In the order in which upstream serves them. */
  get fields(): ReadonlyMap<string, Field> {
    this.#fields ??= new Map(Object.entries(this.#entries).map(([name, entry]) => [name, fieldOf(this, name, entry)]));
    return this.#fields;
  }
}

/** One field of an object type. */
export interface Field extends Omit<FieldEntry, "type" | "required" | "alwaysPresent" | "nullable"> {
  readonly name: string;
  readonly type: ValueType;
  readonly required: boolean;
  /** Served with its zero value when it is not given. */
  readonly alwaysPresent: boolean;
  /** Served as null when it is not given or an empty list. */
  readonly nullable: boolean;
  /** Left out when it has its zero value. */
  readonly omitsZero: boolean;
}

const sources = new Map(groupVersionSources.map((source) => [source.directory, source]));
const sourcesByGroupVersion = new Map(
  groupVersionSources.map((source) => [`${source.group}/${source.version}`, source]),
);
/** The sources and tables of versions that are known since they were added. */
const addedTables = new Map<string, TypeTable>();
const objects = new Map<string, ObjectType>();
const values = new Map<string, ValueType>();

/**
 * The type of a kind in an API group version, undefined when there is none. The kinds of meta/v1, such as
 * DeleteOptions and Status, belong to every group version.
 */
export function typeOf(group: string, version: string, kind: string): ObjectType | undefined {
  const source = sourcesByGroupVersion.get(`${group}/${version}`);
  const own = source && findKind(source, kind);
  return own ?? (isMetaKind(kind) ? findKind(metaSource, kind) : undefined);
}

/** The type with an id such as `core/v1.PodSpec`. Throws when there is none: ids are written by programmers. */
export function typeById(id: string): ObjectType {
  const known = objects.get(id);
  if (known) return known;
  const dot = id.lastIndexOf(".");
  const source = sources.get(id.slice(0, dot));
  if (!source) throw new Error(`no type ${id}`);
  return objectType(source, id.slice(dot + 1));
}

/** Makes the types of further group versions known; again for the same ones changes nothing. */
export function addGroupVersions(
  added: readonly GroupVersionSource[],
  tables: Readonly<Record<string, TypeTable>>,
): void {
  for (const source of added) {
    const table = tables[source.directory];
    if (!table) throw new Error(`no types for ${source.directory}`);
    addedTables.set(source.directory, table);
    sources.set(source.directory, source);
    sourcesByGroupVersion.set(`${source.group}/${source.version}`, source);
  }
}

/** Every group version whose types are known. */
export function knownGroupVersions(): GroupVersionSource[] {
  return [...sources.values()];
}

function tableOf(directory: string): TypeTable | undefined {
  return typeTables[directory] ?? addedTables.get(directory);
}

/** All types with named fields of a group version. */
export function objectTypesOf(source: GroupVersionSource): ObjectType[] {
  return Object.keys(tableOf(source.directory)?.objects ?? {}).map((name) => objectType(source, name));
}

/** The names of the top-level objects of a group version. */
export function kindsOf(source: GroupVersionSource): string[] {
  return objectTypesOf(source)
    .filter((type) => type.isTopLevel)
    .map((type) => type.name);
}

/** The comments of a group version, read on first use: only OpenAPI documents need them. */
export async function loadDocs(source: GroupVersionSource): Promise<DocTable> {
  const module: { default: DocTable } = await import(`../gen/${source.directory}.docs.json`, {
    with: { type: "json" },
  });
  return module.default;
}

const metaSource = groupVersionSources[0] as GroupVersionSource;

function isMetaKind(kind: string): boolean {
  return kind === "Status" || kind === "WatchEvent" || kind.endsWith("Options") || kind === "APIResourceList";
}

function findKind(source: GroupVersionSource, kind: string): ObjectType | undefined {
  const table = tableOf(source.directory)?.objects;
  if (!table || !Object.hasOwn(table, kind) || !table[kind]?.kind) return undefined;
  return objectType(source, kind);
}

function objectType(source: GroupVersionSource, name: string): ObjectType {
  const id = `${source.directory}.${name}`;
  let type = objects.get(id);
  if (!type) objects.set(id, (type = new ObjectType(source, name)));
  return type;
}

function fieldOf(owner: ObjectType, name: string, entry: FieldEntry): Field {
  const type = valueType(entry.type, owner.source);
  return {
    ...entry,
    name,
    type,
    required: entry.required ?? false,
    alwaysPresent: entry.alwaysPresent ?? false,
    nullable: entry.nullable ?? false,
    omitsZero: omitsZero(owner.source.directory, owner.name, name, entry, type.kind),
  };
}

function valueType(expression: string, source: GroupVersionSource): ValueType {
  const key = `${source.directory} ${expression}`;
  let type = values.get(key);
  if (!type) values.set(key, (type = parseType(expression, source)));
  return type;
}

const goScalars: Readonly<Record<ScalarKind, string>> = {
  string: "string",
  bool: "bool",
  int32: "int32",
  int64: "int64",
  float64: "float64",
  quantity: "resource.Quantity",
  time: "v1.Time",
  microTime: "v1.MicroTime",
  duration: "v1.Duration",
  intOrString: "intstr.IntOrString",
  bytes: "[]uint8",
  uid: "types.UID",
  raw: "map[string]interface {}",
  any: "interface {}",
};

function parseType(expression: string, source: GroupVersionSource): ValueType {
  if (expression.includes("|")) {
    const members = expression.split("|").map((member) => valueType(member, source));
    return { kind: "union", members, goName: expression };
  }
  if (expression.startsWith("[]")) {
    const items = valueType(expression.slice(2), source);
    return { kind: "list", items, goName: `[]${items.goName}` };
  }
  if (expression.startsWith("{}")) {
    const values = valueType(expression.slice(2), source);
    return { kind: "map", values, goName: `map[string]${values.goName}` };
  }
  const scalar = scalarKinds.find((kind) => kind === expression);
  if (scalar) return { kind: scalar, goName: goScalars[scalar] };
  const dot = expression.lastIndexOf(".");
  const owner = dot < 0 ? source : sources.get(expression.slice(0, dot));
  if (!owner) throw new Error(`no group version for ${expression}`);
  const name = expression.slice(dot + 1);
  const alias = tableOf(owner.directory)?.aliases[name];
  return alias ? aliasType(name, alias, owner) : objectType(owner, name);
}

function aliasType(name: string, alias: AliasEntry, owner: GroupVersionSource): ValueType {
  const goName = `${owner.version}.${name}`;
  const type = valueType(alias.type, owner);
  if (type.kind === "object") return type;
  return { ...type, goName, ...(alias.enum && { enum: alias.enum }) };
}
