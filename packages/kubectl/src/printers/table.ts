import { goValue } from "@kube-ts/api/go-value";
import { isRecord } from "@kube-ts/std/config-schema";
import { labelsOf, nameOf, namespaceOf } from "../builder/object-reference.ts";
import type { JsonObject } from "../session/api.ts";
import { TabWriter, tableLayout } from "./tab-writer.ts";
import { safeCell } from "./terminal-text.ts";

export interface TableColumn {
  readonly name: string;
  /** Columns above zero belong to `-o wide`. */
  readonly priority: number;
}

export interface TableRow {
  readonly cells: readonly unknown[];
  /** At least the object's metadata. */
  readonly object: JsonObject;
}

export interface Table {
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow[];
}

export interface TableOptions {
  readonly wide: boolean;
  readonly headers: boolean;
  readonly namespaceColumn: boolean;
  /** Such as `deployment.apps`, put before names; empty for none. */
  readonly kindPrefix: string;
  readonly showKindColumn?: boolean;
  readonly showLabels: boolean;
  readonly labelColumns: readonly string[];
  /** The column of a watch that tells what happened. */
  readonly eventColumn?: boolean;
}

/** Reads a `Table` of the server; undefined when the document is something else. */
export function decodeTable(document: JsonObject): Table | undefined {
  if (document["kind"] !== "Table") return undefined;
  const columns = records(document["columnDefinitions"]).map((column) => ({
    name: String(column["name"] ?? ""),
    priority: Number(column["priority"] ?? 0),
  }));
  const rows = records(document["rows"]).map((row) => ({
    cells: Array.isArray(row["cells"]) ? row["cells"] : [],
    object: isRecord(row["object"]) ? row["object"] : {},
  }));
  return { columns, rows };
}

/** Prints tables of one kind, in one set of columns. */
export class TablePrinter {
  readonly #options: TableOptions;
  readonly #writer = new TabWriter(tableLayout);
  #columns: readonly TableColumn[] = [];
  #headersDone: boolean;

  constructor(options: TableOptions) {
    this.#options = options;
    this.#headersDone = !options.headers;
  }

  /** Lines for the rows; the first ones come with headers. `event` fills the event column. */
  format(table: Table, event = ""): string {
    if (table.columns.length > 0) this.#columns = table.columns;
    const { labelColumns, showLabels, namespaceColumn, eventColumn, wide } = this.#options;
    const visible = this.#columns.flatMap((column, index) => (wide || column.priority === 0 ? [index] : []));
    if (!this.#headersDone) {
      this.#headersDone = true;
      const titles = [
        ...(eventColumn ? ["EVENT"] : []),
        ...(namespaceColumn ? ["NAMESPACE"] : []),
        ...visible.map((index) => (this.#columns[index]?.name ?? "").toUpperCase()),
        ...labelColumns.map((label) => (label.split("/").at(-1) ?? label).toUpperCase()),
        ...(showLabels ? ["LABELS"] : []),
      ];
      this.#writer.write(`${titles.join("\t")}\n`);
    }
    for (const row of table.rows) this.#writer.write(`${this.#cells(row, visible, event).join("\t")}\n`);
    return this.#writer.flush();
  }

  #cells(row: TableRow, visible: readonly number[], event: string): string[] {
    const { labelColumns, showLabels, namespaceColumn, eventColumn, kindPrefix } = this.#options;
    const labels = labelsOf(row.object);
    const cells = visible.map((index) => {
      const cell = row.cells[index];
      const text = cell === null || cell === undefined ? "" : safeCell(typeof cell === "string" ? cell : goValue(cell));
      return kindPrefix !== "" && this.#columns[index]?.name.toLowerCase() === "name" ? `${kindPrefix}/${text}` : text;
    });
    return [
      ...(eventColumn ? [event] : []),
      ...(namespaceColumn ? [safeCell(namespaceOf(row.object))] : []),
      ...cells,
      ...labelColumns.map((label) => safeCell(labels[label] ?? "")),
      ...(showLabels ? [safeCell(formatLabels(labels))] : []),
    ];
  }
}

/** `a=1,b=2`, or `<none>`. */
export function formatLabels(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.keys(labels).toSorted();
  return pairs.length === 0 ? "<none>" : pairs.map((key) => `${key}=${labels[key] ?? ""}`).join(",");
}

/** A table of names, for servers that make none. */
export function plainTable(objects: readonly JsonObject[], age: (object: JsonObject) => string): Table {
  return {
    columns: [
      { name: "Name", priority: 0 },
      { name: "Age", priority: 0 },
    ],
    rows: objects.map((object) => ({ cells: [nameOf(object), age(object)], object })),
  };
}

function records(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter((each): each is JsonObject => isRecord(each)) : [];
}
