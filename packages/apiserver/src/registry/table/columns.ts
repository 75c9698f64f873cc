import type { Container } from "@kube-ts/api/core/v1";
import type { TableColumnDefinition } from "@kube-ts/api/meta/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { timeSince } from "./human-duration.ts";

export type ColumnType = "string" | "integer" | "boolean" | "date";

/** A column that is always shown. */
export function column(name: string, type: ColumnType, description: string): TableColumnDefinition {
  return { name, type, format: "", description, priority: 0 };
}

/** A column that only wide output shows. */
export function wideColumn(name: string, type: ColumnType, description: string): TableColumnDefinition {
  return { name, type, format: "", description, priority: 1 };
}

export const nameColumn: TableColumnDefinition = {
  name: "Name",
  type: "string",
  format: "name",
  description: "Name of the object.",
  priority: 0,
};

export const ageColumn: TableColumnDefinition = column("Age", "string", "Time since the object was created.");

export const containersColumn: TableColumnDefinition = wideColumn(
  "Containers",
  "string",
  "Names of the containers in the template.",
);

export const imagesColumn: TableColumnDefinition = wideColumn(
  "Images",
  "string",
  "Images of the containers in the template.",
);

export function nameCell(object: KubeObject): string {
  return object.metadata.name ?? "";
}

export function ageCell(object: KubeObject, nowMs: number): string {
  return timeSince(object.metadata.creationTimestamp, nowMs);
}

/** The names of the containers, comma-separated. */
export function containerNames(containers: readonly Container[] | undefined): string {
  return (containers ?? []).map((container) => container.name).join(",");
}

/** The images of the containers, comma-separated. */
export function containerImages(containers: readonly Container[] | undefined): string {
  return (containers ?? []).map((container) => container.image ?? "").join(",");
}

/** A label map as `a=1,b=2` in the order of the keys, `<none>` when it is empty. */
export function formatLabels(labels: Readonly<Record<string, string>> | undefined): string {
  const pairs = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? "<none>" : pairs.sort().join(",");
}

/** The first items of a list, then how many more there are; `none` when the list is empty. */
export function firstItems(items: readonly string[], shown: number, none: string): string {
  if (items.length === 0) return none;
  const text = items.slice(0, shown).join(",");
  return items.length > shown ? `${text} + ${items.length - shown} more...` : text;
}
