/** The generated description of the types of one group version, as it stands in `gen/<group>/<version>.types.json`. */
export interface TypeTable {
  /** Named types that are not objects: closed and open sets of strings, maps, other names of scalars. */
  readonly aliases: Readonly<Record<string, AliasEntry>>;
  readonly objects: Readonly<Record<string, ObjectEntry>>;
}

export interface AliasEntry {
  /** A type expression: see `FieldEntry.type`. */
  readonly type: string;
  /** The only values allowed, where the set is closed. */
  readonly enum?: readonly string[];
}

export interface ObjectEntry {
  /** A top-level object with `kind` and `apiVersion`. */
  readonly kind?: true;
  /** Merged as a whole by server-side apply. */
  readonly atomic?: true;
  readonly fields: Readonly<Record<string, FieldEntry>>;
}

export interface FieldEntry {
  /**
   * A scalar (`string`, `int32`, …), a name of this table, `group/version.Name`, `[]` or `{}` before any of these;
   * or several of these with `|` between them that JSON tells apart: at most one object, list and scalar each.
   */
  readonly type: string;
  readonly proto?: number;
  readonly required?: true;
  /** Served with its zero value when it is not given. */
  readonly alwaysPresent?: true;
  /** Served as null when it is not given or an empty list. */
  readonly nullable?: true;
  readonly listType?: "atomic" | "set" | "map";
  readonly listMapKeys?: readonly string[];
  readonly mapType?: "atomic" | "granular";
  readonly patchStrategy?: readonly string[];
  readonly patchMergeKey?: string;
  readonly default?: unknown;
}

/** The generated comments of one group version: for each type its own and those of its fields. */
export type DocTable = Readonly<
  Record<string, { readonly doc: string; readonly fields?: Readonly<Record<string, string>> }>
>;

export const scalarKinds = [
  "string",
  "bool",
  "int32",
  "int64",
  "float64",
  "quantity",
  "time",
  "microTime",
  "duration",
  "intOrString",
  "bytes",
  "uid",
  "raw",
  "any",
] as const;

/** `raw` is an object kept as it came, `any` a value kept as it came. */
export type ScalarKind = (typeof scalarKinds)[number];
