import { isRecord } from "@kube-ts/std/config-schema";

/** An object, a list of them or a table as it is, with none of their managed fields; what it was given stays whole. */
export function withoutManagedFields(value: object): object {
  if (!isRecord(value)) return value;
  const { items, rows } = value;
  if (Array.isArray(items)) return { ...value, items: items.map(bare) };
  if (value["kind"] === "Table" && Array.isArray(rows)) {
    return {
      ...value,
      rows: rows.map((row: unknown) => (isRecord(row) ? { ...row, object: bare(row["object"]) } : row)),
    };
  }
  return bare(value) as object;
}

function bare(object: unknown): unknown {
  if (!isRecord(object) || !isRecord(object["metadata"])) return object;
  const { managedFields: _managedFields, ...metadata } = object["metadata"];
  return { ...object, metadata };
}
