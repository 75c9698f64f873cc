/**
 * How deep custom resources and their schemas may nest. Far more than anybody writes, and far less than the stack takes
 * in whatever walks through them later.
 */
export const maxNesting = 500;

/** Whether a JSON value has more levels of objects and lists than that. */
export function isNestedDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) return value.some((item) => isNestedDeeper(item, levels - 1));
  for (const key in value) if (isNestedDeeper((value as Record<string, unknown>)[key], levels - 1)) return true;
  return false;
}
