import { goValue } from "../go-value.ts";
import { type JsonObject, getOwn, isJsonObject } from "../json-value.ts";
import { failedPatch, inapplicablePatch } from "./patch-error.ts";

/** What a list holds; lists of lists are not supported. */
export type ElementKind = "object" | "scalar";

/** The kind of the elements of all the lists together, undefined when there is none. Throws when they differ. */
export function elementKind(...lists: readonly (readonly unknown[])[]): ElementKind | undefined {
  let kind: string | undefined;
  for (const item of lists.flat()) {
    const next = Array.isArray(item) ? "list" : item === null ? "null" : typeof item;
    if (next === "list") throw inapplicablePatch("lists of lists are not supported");
    if (kind !== undefined && kind !== next) {
      throw failedPatch(`list element types are not identical: ${goValue(lists)}`);
    }
    kind = next;
  }
  return kind === undefined ? undefined : kind === "object" ? "object" : "scalar";
}

/** The value by which an element is matched: its merge key, or itself when there is none. Throws when it lacks the key. */
export function matchValue(item: unknown, mergeKey: string): unknown {
  if (mergeKey === "") return item;
  if (!isJsonObject(item)) throw failedPatch(`expected a map[string]interface {}, but received a ${goType(item)}`);
  if (!Object.hasOwn(item, mergeKey)) {
    throw failedPatch(`map: ${goValue(item)} does not contain declared merge key: ${mergeKey}`);
  }
  return item[mergeKey];
}

/** Positions by match value. Of equal values the first counts. */
export function positions(list: readonly unknown[], mergeKey: string): Map<unknown, number> {
  const found = new Map<unknown, number>();
  for (const [index, item] of list.entries()) {
    const value = matchValue(item, mergeKey);
    if (!found.has(value)) found.set(value, index);
  }
  return found;
}

/**
 * The merged list in its final order: what the patch names in the order it asks for, what only the server has in the
 * server's order, interleaved as far as both orders allow.
 */
export function orderMerged(
  merged: readonly unknown[],
  patchOrder: readonly unknown[],
  serverOrder: readonly unknown[],
  mergeKey: string,
): unknown[] {
  const patchPositions = positions(patchOrder, mergeKey);
  const serverPositions = positions(serverOrder, mergeKey);
  const isInPatch = (item: unknown) => patchPositions.has(matchValue(item, mergeKey));
  const fromPatch = sortByPosition(merged.filter(isInPatch), patchPositions, mergeKey);
  const fromServer = sortByPosition(
    merged.filter((item) => !isInPatch(item)),
    serverPositions,
    mergeKey,
  );
  const result: unknown[] = [];
  let next = 0;
  for (const item of fromPatch) {
    const position = serverPositions.get(matchValue(item, mergeKey)) ?? -1;
    const follows = fromServer.findIndex(
      (other, index) => index >= next && (serverPositions.get(matchValue(other, mergeKey)) ?? Infinity) >= position,
    );
    const end = follows < 0 ? fromServer.length : follows;
    result.push(...fromServer.slice(next, end), item);
    next = end;
  }
  return [...result, ...fromServer.slice(next)];
}

/** Sorted by the positions of their match values, deletions last; what has no position keeps its place at the front. */
export function sortByPosition(
  list: readonly unknown[],
  order: ReadonlyMap<unknown, number>,
  mergeKey: string,
): unknown[] {
  const position = (item: unknown) => order.get(matchValue(item, mergeKey)) ?? -1;
  const kept = list.filter((item) => !isDeletion(item));
  return [...kept.toSorted((a, b) => position(a) - position(b)), ...list.filter(isDeletion)];
}

export function isDeletion(item: unknown): boolean {
  return isJsonObject(item) && getOwn(item, "$patch") === "delete";
}

export function goType(value: unknown): string {
  if (Array.isArray(value)) return "[]interface {}";
  if (isJsonObject(value)) return "map[string]interface {}";
  if (typeof value === "number") return Number.isInteger(value) ? "int64" : "float64";
  return typeof value === "boolean" ? "bool" : typeof value;
}

/** A patch element that deletes the element with this key. */
export function deletionOf(mergeKey: string, value: unknown): JsonObject {
  return { [mergeKey]: value, $patch: "delete" };
}
