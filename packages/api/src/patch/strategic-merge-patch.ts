import { goValue } from "../go-value.ts";
import { type JsonObject, cloneJson, getOwn, isJsonObject, jsonEqual, setOwn } from "../json-value.ts";
import type { ObjectType } from "../schema-registry.ts";
import { asPatchObject } from "./merge-patch.ts";
import { failedPatch, malformedPatch } from "./patch-error.ts";
import { elementKind, goType, isDeletion, matchValue, orderMerged } from "./patch-list.ts";
import { type PatchRule, type PatchSchema, elementSchema, patchRule } from "./patch-schema.ts";

export const directiveKey = "$patch";
export const retainKeysKey = "$retainKeys";
export const deleteFromListPrefix = "$deleteFromPrimitiveList";
export const setElementOrderPrefix = "$setElementOrder";

/**
 * Applies a strategic merge patch to a copy of the object. Throws an `ApiError`: 400 when a directive is malformed,
 * 422 or 500 as upstream does when the contents cannot be merged.
 */
export function applyStrategicMergePatch(type: ObjectType, object: JsonObject, patch: unknown): JsonObject {
  return mergeObjects(cloneJson(object), cloneJson(asPatchObject(patch)), type, "apply");
}

/**
 * `apply` carries out a patch on an object. `combine` adds one patch to another patch and keeps its directives and
 * nulls, as the making of three-way patches needs. Both arguments are used up.
 */
export type MergeMode = "apply" | "combine";

export function mergeObjects(
  original: JsonObject,
  patch: JsonObject,
  schema: PatchSchema,
  mode: MergeMode,
): JsonObject {
  const directive = getOwn(patch, directiveKey);
  if (directive !== undefined) {
    delete patch[directiveKey];
    if (directive === "replace") return patch;
    if (directive === "delete") return {};
    throw failedPatch(`unknown patch type: ${goValue(directive)} in map: ${goValue({ ...patch, $patch: directive })}`);
  }
  retainKeys(original, patch, mode);
  mergeOrderedLists(original, patch, schema, mode);
  for (const key of Object.keys(patch)) mergeField(original, key, patch[key], schema, mode);
  return original;
}

function mergeField(original: JsonObject, key: string, value: unknown, schema: PatchSchema, mode: MergeMode): void {
  if (key.startsWith(deleteFromListPrefix)) {
    if (mode === "combine") setOwn(original, key, value);
    else deleteFromList(original, listName(key, deleteFromListPrefix), value);
    return;
  }
  if (value === null) {
    delete original[key];
    if (mode === "combine") setOwn(original, key, null);
    return;
  }
  const current = getOwn(original, key);
  if (isJsonObject(value) && (isJsonObject(current) || (mode === "apply" && current === undefined))) {
    const rule = current === undefined ? ruleOrPlain(schema, key) : patchRule(schema, key);
    const merged = rule.strategy === "replace" ? value : mergeObjects(current ?? {}, value, rule.schema, mode);
    setOwn(original, key, merged);
  } else if (Array.isArray(value) && Array.isArray(current)) {
    setOwn(original, key, mergeLists(current, value, patchRule(schema, key), mode));
  } else setOwn(original, key, value);
}

/** A field that the object does not have yet need not be known here: decoding will find out. */
function ruleOrPlain(schema: PatchSchema, key: string): PatchRule {
  if (schema?.kind === "object" && !schema.fields.has(key)) return patchRule(undefined, key);
  return patchRule(schema, key);
}

function mergeLists(original: unknown[], patch: unknown[], rule: PatchRule, mode: MergeMode): unknown[] {
  if (rule.strategy !== "merge") return patch;
  const kind = elementKind(original, patch);
  if (kind === undefined) return original;
  if (kind === "scalar") return orderMerged([...new Set([...original, ...patch])], patch, original, "");
  if (rule.mergeKey === "") throw failedPatch("cannot merge lists without merge key for type struct");
  const { kept, changes } = applyElementDirectives(original, patch, rule.mergeKey);
  const merged = [...kept];
  for (const change of changes) {
    const value = matchValue(change, rule.mergeKey);
    const at = merged.findIndex((item) => isJsonObject(item) && getOwn(item, rule.mergeKey) === value);
    const current = merged[at];
    if (isJsonObject(current)) merged[at] = mergeObjects(current, change, elementSchema(rule.schema), mode);
    else merged.push(mode === "apply" ? mergeObjects({}, change, elementSchema(rule.schema), mode) : change);
  }
  return orderMerged(merged, changes, kept, rule.mergeKey);
}

/** Carries out the elements that delete others or replace the list. */
function applyElementDirectives(
  original: readonly unknown[],
  patch: readonly unknown[],
  mergeKey: string,
): { kept: unknown[]; changes: JsonObject[] } {
  const changes: JsonObject[] = [];
  let kept = [...original];
  let replace = false;
  for (const item of patch as readonly JsonObject[]) {
    const directive = getOwn(item, directiveKey);
    if (directive === undefined) changes.push(item);
    else if (directive === "replace") replace = true;
    else if (directive === "delete") {
      const value = matchValue(item, mergeKey);
      kept = kept.filter((element) => !isJsonObject(element) || getOwn(element, mergeKey) !== value);
    } else if (directive === "merge") throw failedPatch("merging lists cannot yet be specified in the patch");
    else throw failedPatch(`unknown patch type: ${goValue(directive)} in map: ${goValue(item)}`);
  }
  return replace ? { kept: changes, changes: [] } : { kept, changes };
}

/** Lists for which the patch asks for an order. What is merged here is taken out of the patch. */
function mergeOrderedLists(original: JsonObject, patch: JsonObject, schema: PatchSchema, mode: MergeMode): void {
  for (const key of Object.keys(patch)) {
    if (!key.startsWith(setElementOrderPrefix)) continue;
    const order = patch[key];
    delete patch[key];
    if (mode === "combine") keepOrder(original, key, order);
    if (!Array.isArray(order)) throw failedPatch(`expected a []interface {}, but received a ${goType(order)}`);
    const name = listName(key, setElementOrderPrefix);
    const [before, changes] = [listOrNone(original, name), listOrNone(patch, name)];
    const rule = patchRule(schema, name);
    if (changes) checkOrder(changes, order, rule.mergeKey);
    delete patch[name];
    const merged = before && changes ? mergeLists(before, changes, rule, mode) : (before ?? changes);
    if (merged) setOwn(original, name, orderMerged(merged, order, before ?? [], rule.mergeKey));
  }
}

function keepOrder(original: JsonObject, key: string, order: unknown): void {
  const known = getOwn(original, key);
  if (known !== undefined && !jsonEqual(known, order))
    throw malformedPatch("invalid patch format of setElementOrder list");
  setOwn(original, key, order);
}

function listOrNone(object: JsonObject, key: string): unknown[] | undefined {
  const value = getOwn(object, key);
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw failedPatch(`expected a []interface {}, but received a ${goType(value)}`);
  return value;
}

/** Everything that the patch sets must stand in the order list, in the same order. */
function checkOrder(changes: readonly unknown[], order: readonly unknown[], mergeKey: string): void {
  if (order.length === 0) return;
  let at = 0;
  for (const item of changes) {
    if (isDeletion(item) || (isJsonObject(item) && Object.hasOwn(item, directiveKey))) continue;
    const value = matchValue(item, mergeKey);
    while (at < order.length && matchValue(order[at], mergeKey) !== value) at += 1;
    if (at === order.length) {
      throw failedPatch(
        `The order in patch list:\n${goValue(changes)}\n doesn't match ${setElementOrderPrefix} list:\n${goValue(order)}\n`,
      );
    }
    at += 1;
  }
}

/** Removes the fields that the patch does not list as to be kept. */
function retainKeys(original: JsonObject, patch: JsonObject, mode: MergeMode): void {
  const keys = getOwn(patch, retainKeysKey);
  if (keys === undefined) return;
  delete patch[retainKeysKey];
  if (mode === "combine") {
    const known = getOwn(original, retainKeysKey);
    if (known !== undefined && !jsonEqual(known, keys)) {
      throw failedPatch(
        `${goValue(known)} and ${goValue(keys)} are not deep equal: this may happen when calculating the 3-way diff patch`,
      );
    }
    original[retainKeysKey] = keys;
    return;
  }
  if (!Array.isArray(keys)) throw malformedPatch("invalid patch format of retainKeys");
  const kept = new Set<unknown>(keys);
  for (const key of Object.keys(patch)) {
    const isDirective = key.startsWith(deleteFromListPrefix) || key.startsWith(setElementOrderPrefix);
    if (patch[key] !== null && !isDirective && !kept.has(key))
      throw malformedPatch("invalid patch format of retainKeys");
  }
  for (const key of Object.keys(original)) if (!kept.has(key)) delete original[key];
}

function deleteFromList(original: JsonObject, name: string, values: unknown): void {
  const current = getOwn(original, name);
  if (!Array.isArray(current)) return;
  if (!Array.isArray(values)) throw malformedPatch("invalid patch format of primitive list");
  const removed = new Set<unknown>(values);
  setOwn(
    original,
    name,
    current.filter((item) => !removed.has(item)),
  );
}

/** The list that a directive such as `$setElementOrder/containers` is about. */
function listName(key: string, prefix: string): string {
  const slash = key.indexOf("/");
  if (slash < 0 || key.slice(0, slash) !== prefix) {
    const what = prefix === deleteFromListPrefix ? "primitive list" : "setElementOrder list";
    throw malformedPatch(`invalid patch format of ${what}`);
  }
  return key.slice(slash + 1);
}
