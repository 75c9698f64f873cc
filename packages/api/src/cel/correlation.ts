import type { CelSchema } from "./schema.ts";

/** The old item for each item of a list, or undefined: only lists of type map say which belong together. */
export function correlateItems(schema: CelSchema, old: unknown): (item: unknown) => unknown {
  if (schema["x-kubernetes-list-type"] !== "map" || !Array.isArray(old)) return () => undefined;
  const keys = schema["x-kubernetes-list-map-keys"] ?? [];
  let byKey: Map<string, unknown> | undefined;
  return (item) => {
    byKey ??= new Map(old.map((entry) => [keyOf(entry, keys), entry]));
    return byKey.get(keyOf(item, keys));
  };
}

function keyOf(item: unknown, keys: readonly string[]): string {
  const entry = typeof item === "object" && item !== null ? (item as Record<string, unknown>) : {};
  return JSON.stringify(keys.map((key) => (Object.hasOwn(entry, key) ? entry[key] : null)));
}

/** The old value of a property or key; atomic maps are replaced as a whole, so nothing in them belongs together. */
export function correlateProperty(schema: CelSchema, old: unknown, name: string): unknown {
  const mapType = schema["x-kubernetes-map-type"];
  if (mapType !== undefined && mapType !== "" && mapType !== "granular") return undefined;
  if (typeof old !== "object" || old === null || Array.isArray(old) || !Object.hasOwn(old, name)) return undefined;
  return (old as Record<string, unknown>)[name];
}
