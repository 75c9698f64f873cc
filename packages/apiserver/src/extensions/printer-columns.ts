import type { CustomResourceColumnDefinition } from "@kube-ts/api/apiextensions/v1";
import { JsonPath, JsonPathError, printValue } from "@kube-ts/api/json-path/json-path";
import type { TableColumnDefinition } from "@kube-ts/api/meta/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { parseTime } from "@kube-ts/api/rfc3339";
import type { TableColumns } from "../registry/resource-definition.ts";
import { nameCell, nameColumn } from "../registry/table/columns.ts";
import { humanDuration } from "../registry/table/human-duration.ts";

const agePath = ".metadata.creationTimestamp";
const defaultColumns: readonly CustomResourceColumnDefinition[] = [
  { name: "Age", type: "date", description: "Time since the object was created.", jsonPath: agePath },
];

type Cell = (object: KubeObject, nowMs: number) => unknown;

/** The columns of a version: the name and those of its definition, or else the age. */
export function printerColumns(columns: readonly CustomResourceColumnDefinition[] = []): TableColumns<KubeObject> {
  const shown = columns.length > 0 ? columns : defaultColumns;
  const cells = shown.map(cellOf);
  return {
    definitions: [nameColumn, ...shown.map(definitionOf)],
    row: (object, nowMs) => ({ cells: [nameCell(object), ...cells.map((cell) => cell(object, nowMs))] }),
  };
}

function definitionOf(column: CustomResourceColumnDefinition): TableColumnDefinition {
  const { name, type, format = "", priority = 0, jsonPath } = column;
  const description = column.description || `Custom resource definition column (in JSONPath format): ${jsonPath}`;
  return { name, type, format, description, priority };
}

function cellOf({ jsonPath, type }: CustomResourceColumnDefinition): Cell {
  const path = compile(jsonPath);
  return (object, nowMs) => {
    const value = path && firstResult(path, object);
    if (value === undefined) return null;
    if (type === "string") return printValue(value);
    return value === null ? null : cellValue(type, value, nowMs);
  };
}

/** A path that does not compile makes an empty column, as upstream has it. */
function compile(jsonPath: string): JsonPath | undefined {
  try {
    return new JsonPath(`{${jsonPath}}`, { allowMissingKeys: true });
  } catch (error) {
    if (error instanceof JsonPathError) return undefined;
    throw error;
  }
}

function firstResult(path: JsonPath, object: KubeObject): unknown {
  try {
    return path.find(object)[0]?.[0];
  } catch (error) {
    if (error instanceof JsonPathError) return undefined;
    throw error;
  }
}

function cellValue(type: string, value: unknown, nowMs: number): unknown {
  switch (type) {
    case "integer":
      return typeof value === "number" ? Math.trunc(value) : null;
    case "number":
      return typeof value === "number" ? value : null;
    case "boolean":
      return typeof value === "boolean" ? value : null;
    case "date": {
      if (typeof value !== "string") return null;
      const atMs = parseTime(value);
      return atMs === undefined ? "<invalid>" : humanDuration(nowMs - atMs);
    }
    default:
      return null;
  }
}
