import { type JsonObject, cloneJson, getOwn, isJsonObject, jsonEqual, setOwn } from "../json-value.ts";
import { malformedPatch } from "./patch-error.ts";

/** Applies an RFC 7386 patch to a copy of the object. Throws a 400 `ApiError` when the patch is not an object. */
export function applyMergePatch(object: JsonObject, patch: unknown): JsonObject {
  return mergeInto(cloneJson(object), asPatchObject(patch));
}

/** The patch as an object; throws a 400 `ApiError` otherwise. */
export function asPatchObject(patch: unknown): JsonObject {
  if (isJsonObject(patch)) return patch;
  const type = Array.isArray(patch) ? "array" : patch === null ? "null" : typeof patch;
  throw malformedPatch(
    `error decoding patch: json: cannot unmarshal ${type} into Go value of type map[string]interface {}`,
  );
}

function mergeInto(target: JsonObject, patch: JsonObject): JsonObject {
  for (const key of Object.keys(patch)) {
    const value = patch[key];
    if (value === null) delete target[key];
    else if (!isJsonObject(value)) setOwn(target, key, cloneJson(value));
    else {
      const current = getOwn(target, key);
      setOwn(target, key, mergeInto(isJsonObject(current) ? current : {}, value));
    }
  }
  return target;
}

/** The RFC 7386 patch that makes `modified` of `original`. */
export function createMergePatch(original: JsonObject, modified: JsonObject): JsonObject {
  const patch: JsonObject = {};
  for (const key of Object.keys(modified)) {
    const before = getOwn(original, key);
    const after = modified[key];
    if (isJsonObject(before) && isJsonObject(after)) {
      const nested = createMergePatch(before, after);
      if (Object.keys(nested).length > 0) setOwn(patch, key, nested);
    } else if (!jsonEqual(before, after)) setOwn(patch, key, cloneJson(after));
  }
  for (const key of Object.keys(original)) {
    if (!Object.hasOwn(modified, key)) setOwn(patch, key, null);
  }
  return patch;
}

/**
 * The RFC 7386 patch for declarative updates: what `modified` adds to and changes in `current`, and the removal of what
 * was in `original` and is no longer in `modified`.
 */
export function createThreeWayJsonMergePatch(
  original: JsonObject,
  modified: JsonObject,
  current: JsonObject,
): JsonObject {
  const changes = filterNulls(createMergePatch(current, modified), "drop");
  const removals = filterNulls(createMergePatch(original, modified), "keep");
  return overlay(changes, removals);
}

function filterNulls(patch: JsonObject, mode: "keep" | "drop"): JsonObject {
  const result: JsonObject = {};
  for (const key of Object.keys(patch)) {
    const value = patch[key];
    if (isJsonObject(value)) {
      const nested = filterNulls(value, mode);
      if (Object.keys(nested).length > 0 || (mode === "drop" && Object.keys(value).length === 0)) {
        setOwn(result, key, nested);
      }
    } else if ((value === null) === (mode === "keep")) setOwn(result, key, value);
  }
  return result;
}

function overlay(changes: JsonObject, removals: JsonObject): JsonObject {
  const result = cloneJson(changes);
  for (const key of Object.keys(removals)) {
    const [change, removal] = [getOwn(result, key), removals[key]];
    setOwn(result, key, isJsonObject(change) && isJsonObject(removal) ? overlay(change, removal) : removal);
  }
  return result;
}
