import { goValue } from "../go-value.ts";
import { type JsonObject, cloneJson, getOwn, isJsonObject, jsonEqual, setOwn } from "../json-value.ts";
import type { ObjectType } from "../schema-registry.ts";
import { deletionOf, elementKind, matchValue, positions, sortByPosition } from "./patch-list.ts";
import { type PatchSchema, elementSchema, patchRule } from "./patch-schema.ts";
import {
  deleteFromListPrefix,
  directiveKey,
  mergeObjects,
  retainKeysKey,
  setElementOrderPrefix,
} from "./strategic-merge-patch.ts";

/** The strategic merge patch that makes `modified` of `original`. */
export function createTwoWayMergePatch(type: ObjectType, original: JsonObject, modified: JsonObject): JsonObject {
  return diffObjects(original, modified, type, { changes: true, deletions: true, retainKeys: false });
}

/**
 * The strategic merge patch for declarative updates: what `modified` adds to and changes in `current`, and the deletion
 * of what was in `original` (what was applied last) and is no longer in `modified`.
 */
export function createThreeWayMergePatch(
  type: ObjectType,
  original: JsonObject,
  modified: JsonObject,
  current: JsonObject,
): JsonObject {
  const changes = diffObjects(current, modified, type, { changes: true, deletions: false, retainKeys: false });
  const deletions = diffObjects(original, modified, type, { changes: false, deletions: true, retainKeys: false });
  return mergeObjects(deletions, changes, type, "combine");
}

interface DiffOptions {
  /** Whether the patch has what was added and changed. */
  readonly changes: boolean;
  /** Whether the patch has what was removed. */
  readonly deletions: boolean;
  /** Whether to list the fields that are left, so that all others are removed. */
  readonly retainKeys: boolean;
}

function diffObjects(
  original: JsonObject,
  modified: JsonObject,
  schema: PatchSchema,
  options: DiffOptions,
): JsonObject {
  const patch: JsonObject = {};
  for (const key of Object.keys(modified)) {
    if (Object.hasOwn(original, key)) diffField(patch, key, original[key], modified[key], schema, options);
    else if (options.changes) setOwn(patch, key, cloneJson(modified[key]));
  }
  const removed = Object.keys(original).filter((key) => !Object.hasOwn(modified, key));
  if (options.deletions) for (const key of removed) setOwn(patch, key, null);
  if (options.retainKeys) {
    const kept = Object.keys(modified).filter((key) => modified[key] !== null);
    const clears = removed.some((key) => original[key] !== null);
    if (kept.length > 0 && (Object.keys(patch).length > 0 || clears)) patch[retainKeysKey] = kept.toSorted();
  }
  return patch;
}

function diffField(
  patch: JsonObject,
  key: string,
  before: unknown,
  after: unknown,
  schema: PatchSchema,
  options: DiffOptions,
): void {
  if (isJsonObject(before) && isJsonObject(after)) {
    if (jsonEqual(before, after)) return;
    const rule = patchRule(schema, key);
    if (rule.strategy === "replace") {
      if (options.changes) setOwn(patch, key, cloneJson(after));
      return;
    }
    const nested = diffObjects(before, after, rule.schema, { ...options, retainKeys: rule.retainKeys });
    if (Object.keys(nested).length > 0) setOwn(patch, key, nested);
  } else if (Array.isArray(before) && Array.isArray(after)) {
    diffList(patch, key, before, after, schema, options);
  } else if (key === directiveKey ? before !== after : options.changes && !jsonEqual(before, after)) {
    setOwn(patch, key, cloneJson(after));
  }
}

function diffList(
  patch: JsonObject,
  key: string,
  before: readonly unknown[],
  after: readonly unknown[],
  schema: PatchSchema,
  options: DiffOptions,
): void {
  if (jsonEqual(before, after)) return;
  const rule = patchRule(schema, key);
  if (rule.strategy !== "merge" || before.length === 0) {
    if (options.changes && (after.length > 0 || rule.strategy !== "merge")) setOwn(patch, key, cloneJson(after));
    return;
  }
  const isObjects = elementKind(before, after) === "object";
  const diff = isObjects
    ? diffListsOfObjects(before, after, rule.mergeKey, elementSchema(rule.schema), {
        ...options,
        retainKeys: rule.retainKeys,
      })
    : diffListsOfScalars(before, after, options);
  if (diff.changes.length > 0) setOwn(patch, key, cloneJson(diff.changes));
  if (diff.deletions.length > 0) setOwn(patch, `${deleteFromListPrefix}/${key}`, diff.deletions);
  if (diff.order.length > 0) setOwn(patch, `${setElementOrderPrefix}/${key}`, diff.order);
}

interface ListDiff {
  readonly changes: readonly unknown[];
  readonly deletions: readonly unknown[];
  readonly order: readonly unknown[];
}

function diffListsOfScalars(before: readonly unknown[], after: readonly unknown[], options: DiffOptions): ListDiff {
  const [old, wanted] = [new Set(before), new Set(after)];
  const changes = options.changes ? [...wanted].filter((item) => !old.has(item)) : [];
  const deletions = options.deletions ? sortScalars([...old].filter((item) => !wanted.has(item))) : [];
  return { changes, deletions, order: options.changes || deletions.length > 0 ? after : [] };
}

function diffListsOfObjects(
  before: readonly unknown[],
  after: readonly unknown[],
  mergeKey: string,
  schema: PatchSchema,
  options: DiffOptions,
): ListDiff {
  const [old, wanted] = [positions(before, mergeKey), positions(after, mergeKey)];
  const changes: JsonObject[] = [];
  for (const item of after as readonly JsonObject[]) {
    const value = matchValue(item, mergeKey);
    const at = old.get(value);
    if (at === undefined) {
      if (options.changes) changes.push(item);
      continue;
    }
    const nested = diffObjects(before[at] as JsonObject, item, schema, options);
    if (Object.keys(nested).length > 0) changes.push({ ...nested, [mergeKey]: value });
  }
  const deleted = options.deletions ? [...old.keys()].filter((value) => !wanted.has(value)) : [];
  const patch = [
    ...sortByPosition(changes, wanted, mergeKey),
    ...sortScalars(deleted).map((value) => deletionOf(mergeKey, value)),
  ];
  const sameOrder =
    before.length === after.length && after.every((item, index) => old.get(matchValue(item, mergeKey)) === index);
  const ordered = patch.length > 0 || (options.changes && !sameOrder);
  const order = ordered ? after.map((item) => ({ [mergeKey]: matchValue(item, mergeKey) })) : [];
  return { changes: patch, deletions: [], order };
}

function sortScalars(values: readonly unknown[]): unknown[] {
  return values.toSorted((a, b) => (goValue(a) < goValue(b) ? -1 : 1));
}

/** Whether two patches of one type set the same field to different values. */
export function patchesConflict(type: ObjectType, left: JsonObject, right: JsonObject): boolean {
  return objectsConflict(left, right, type);
}

function objectsConflict(left: JsonObject, right: JsonObject, schema: PatchSchema): boolean {
  if (getOwn(left, directiveKey) !== getOwn(right, directiveKey)) return true;
  return Object.keys(left).some((key) => {
    if (key === directiveKey || key === retainKeysKey || !Object.hasOwn(right, key)) return false;
    if (key.startsWith(deleteFromListPrefix) || key.startsWith(setElementOrderPrefix)) return false;
    return valuesConflict(left[key], right[key], key, schema);
  });
}

function valuesConflict(left: unknown, right: unknown, key: string, schema: PatchSchema): boolean {
  if (isJsonObject(left) && isJsonObject(right)) {
    const rule = patchRule(schema, key);
    return rule.strategy !== "replace" && objectsConflict(left, right, rule.schema);
  }
  if (!Array.isArray(left) || !Array.isArray(right)) return !jsonEqual(left, right);
  const rule = patchRule(schema, key);
  if (rule.strategy !== "merge") return !jsonEqual(left, right);
  if (rule.mergeKey === "") return false;
  const others = positions(right, rule.mergeKey);
  return left.some((item) => {
    const at = others.get(matchValue(item, rule.mergeKey));
    return at !== undefined && objectsConflict(item as JsonObject, right[at] as JsonObject, elementSchema(rule.schema));
  });
}
