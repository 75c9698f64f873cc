import { parseQuantity } from "@kube-ts/api/quantity";
import { CommandError } from "../command-line/command-error.ts";
import { JsonPath, relaxedPath } from "@kube-ts/api/json-path/json-path";

/**
 * Sorts by the value at a path, keeping the order of equal ones. Throws a CommandError when the path is malformed, or
 * is required and no item has it.
 */
export function sortByPath<T>(
  items: readonly T[],
  expression: string,
  objectOf: (item: T) => unknown,
  options: { readonly required: boolean } = { required: true },
): T[] {
  let path: JsonPath;
  try {
    path = new JsonPath(relaxedPath(expression), { allowMissingKeys: true });
  } catch (error) {
    throw new CommandError(error instanceof Error ? error.message : String(error), { cause: error });
  }
  const keyed = items.map((item) => ({ item, key: path.find(objectOf(item)).flat()[0] }));
  if (options.required && items.length > 0 && keyed.every(({ key }) => key === undefined)) {
    throw new CommandError(
      `couldn't find any field with path ${JSON.stringify(relaxedPath(expression))} in the list of objects`,
    );
  }
  return keyed.toSorted((a, b) => compareKeys(a.key, b.key)).map(({ item }) => item);
}

function compareKeys(a: unknown, b: unknown): number {
  if (a === undefined || a === null) return b === undefined || b === null ? 0 : -1;
  if (b === undefined || b === null) return 1;
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "string" && typeof b === "string") return compareTexts(a, b);
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
}

function compareTexts(a: string, b: string): number {
  const [left, right] = [quantity(a), quantity(b)];
  if (left !== undefined && right !== undefined) return left - right;
  return naturalCompare(a, b);
}

function quantity(text: string): number | undefined {
  if (!/^\d/.test(text)) return undefined;
  try {
    return parseQuantity(text).toNumber();
  } catch {
    return undefined;
  }
}

/** Runs of digits compare as numbers. */
function naturalCompare(a: string, b: string): number {
  const [left, right] = [a.match(/\d+|\D+/g) ?? [], b.match(/\d+|\D+/g) ?? []];
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    const [x = "", y = ""] = [left[index], right[index]];
    if (x === y) continue;
    const numeric = /^\d/.test(x) && /^\d/.test(y) ? Number(x) - Number(y) : 0;
    if (numeric !== 0) return numeric;
    return x < y ? -1 : 1;
  }
  return left.length - right.length;
}
