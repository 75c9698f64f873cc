import type { ConditionStatus, ListMeta, ObjectMeta, TypeMeta } from "./object-meta.ts";
import type { Int32, RawExtension } from "./primitives.ts";

/**
 * How much of each object accompanies a table row: None, Metadata (only the object's metadata) or Object
 * (the full object).
 */
export type IncludeObjectPolicy = "None" | "Metadata" | "Object";

/**
 * Representation of any object reduced to its type and metadata, returned when a client asks for metadata
 * only.
 * @kind
 */
export interface PartialObjectMetadata extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
}

/**
 * List of objects reduced to their type and metadata.
 * @kind
 */
export interface PartialObjectMetadataList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * Metadata-only representations of the matching objects.
   * @proto 2
   */
  items: PartialObjectMetadata[];
}

/**
 * Type of a table row condition; Completed is the only defined value and marks a finished resource that may
 * be shown less prominently.
 * @knownValues Completed
 */
export type RowConditionType = string;

/**
 * Tabular representation of API resources, used by clients such as kubectl to print columns chosen by the
 * server.
 * @kind
 */
export interface Table extends TypeMeta {
  /**
   * Standard list metadata.
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * Columns of the table, in display order; the number of cells in each row equals this count.
   * @listType atomic
   */
  columnDefinitions: TableColumnDefinition[];
  /**
   * Rows of the table.
   * @listType atomic
   */
  rows: TableRow[];
}

/** Description of one table column. */
export interface TableColumnDefinition {
  /** Human-readable column name. */
  name: string;
  /** OpenAPI type of the column, such as string, integer, number, boolean or date. */
  type: string;
  /** OpenAPI format refining the type, such as name for the column that holds the resource name. */
  format: string;
  /** Human-readable description of the column. */
  description: string;
  /**
   * Relative importance of the column; columns with a higher number may be omitted when space is limited,
   * and 0 is always shown by default.
   */
  priority: Int32;
}

/**
 * Query options for requests that return a Table.
 * @kind
 */
export interface TableOptions extends TypeMeta {
  /** Suppresses the column headers when printing; used internally and never serialized. */
  "-": boolean;
  /**
   * What to include with each row: None, Metadata (the default) or Object.
   * @proto 1
   */
  includeObject?: IncludeObjectPolicy;
}

/** One row of a table. */
export interface TableRow {
  /**
   * Values of the row, one per column definition. Values are strings, numbers, booleans, simple maps or
   * lists, or null.
   * @listType atomic
   */
  cells: unknown[];
  /**
   * Conditions describing the row, such as Completed for finished work.
   * @listType atomic
   */
  conditions?: TableRowCondition[];
  /** Object that the row represents, present to the extent requested by includeObject. */
  object?: RawExtension | null;
}

/** Condition that characterizes a table row. */
export interface TableRowCondition {
  /** Type of the row condition; Completed is the defined value. */
  type: RowConditionType;
  /** Status of the condition: True, False or Unknown. */
  status: ConditionStatus;
  /** Short machine-readable reason for the condition's status. */
  reason?: string;
  /** Human-readable details about the condition. */
  message?: string;
}
