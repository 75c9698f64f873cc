import { type JsonObject, cloneJson, getOwn, isJsonObject, jsonEqual, setOwn } from "../json-value.ts";
import { requestEntityTooLarge } from "../status-error.ts";
import { PatchProblem, inapplicablePatch, malformedPatch, patchProblem } from "./patch-error.ts";

const maxOperations = 10_000;
/** How much larger all `copy` operations together may make the object. */
const maxCopiedBytes = 3 * 1024 * 1024;

type Operation =
  | { readonly op: "add" | "replace" | "test"; readonly path: string; readonly value: unknown }
  | { readonly op: "remove"; readonly path: string }
  | { readonly op: "move" | "copy"; readonly path: string; readonly from: string };

/** Where a path leads: a key of an object or list that is there. */
type Place =
  | { readonly kind: "object"; readonly object: JsonObject; readonly key: string }
  | { readonly kind: "list"; readonly list: unknown[]; readonly key: string };

/**
 * Applies an RFC 6902 patch to a copy of the object, with upstream's liberties: indices may count from the end,
 * `replace` may set a key that is not there, and what is not there is `null` to `test` and `copy`. Throws an
 * `ApiError`: 400 when the patch is malformed, 413 when it has too many operations, 422 when it does not apply, a failed
 * `test` included.
 */
export function applyJsonPatch(object: JsonObject, patch: unknown): JsonObject {
  const operations = parseOperations(patch);
  let result: unknown = cloneJson(object);
  let copiedBytes = 0;
  for (const operation of operations) {
    if (operation.op !== "copy") {
      result = applyOne(result, operation);
      continue;
    }
    const source = valueAt(placeOf(result, operation.from, "copy"));
    const target = placeOf(result, operation.path, "copy");
    copiedBytes += source === undefined ? 0 : Buffer.byteLength(JSON.stringify(source));
    if (copiedBytes > maxCopiedBytes) {
      throw inapplicablePatch(
        `Unable to complete the copy, the accumulated size increase of copy is ${copiedBytes}, exceeding the limit ${maxCopiedBytes}`,
      );
    }
    add(target, cloneJson(source ?? null));
  }
  if (!isJsonObject(result)) throw inapplicablePatch("the patched document is not an object");
  return result;
}

/** The document with the operation carried out in it. */
function applyOne(document: unknown, operation: Exclude<Operation, { op: "copy" }>): unknown {
  const { op, path } = operation;
  if (path === "" && op === "replace") return replacedDocument(operation.value);
  if (path === "" && op === "test") {
    checkEqual(document, operation.value, path);
    return document;
  }
  switch (op) {
    case "add": {
      const place = placeOf(document, path, op);
      explained("add", path, () => add(place, operation.value));
      break;
    }
    case "remove": {
      const place = placeOf(document, path, op);
      explained("remove", path, () => remove(place));
      break;
    }
    case "replace": {
      const place = placeOf(document, path, op);
      explained("remove", path, () => replace(place, operation.value));
      break;
    }
    case "test":
      checkEqual(valueAt(placeOf(document, path, op)), operation.value, path);
      break;
    case "move": {
      const source = placeOf(document, operation.from, op);
      const value = valueAt(source);
      remove(source);
      add(placeOf(document, path, op), value);
    }
  }
  return document;
}

/** Says with which operation something went wrong, in upstream's words. */
function explained(op: string, path: string, change: () => void): void {
  try {
    change();
  } catch (error) {
    const problem = patchProblem(error);
    throw problem ? inapplicablePatch(`error in ${op} for path: '${path}': ${problem.message}`) : error;
  }
}

function replacedDocument(value: unknown): unknown {
  if (!isJsonObject(value) && !Array.isArray(value)) {
    throw inapplicablePatch("replace operation value must be object or array");
  }
  return value;
}

function checkEqual(found: unknown, wanted: unknown, path: string): void {
  if (!jsonEqual(found ?? null, wanted)) {
    throw inapplicablePatch(new PatchProblem(`testing value ${path} failed: test failed`, true));
  }
}

/** The object or list that holds what the path names, which itself need not be there. */
function placeOf(document: unknown, path: string, op: string): Place {
  const keys = path.split("/").slice(1).map(unescapeKey);
  const key = keys.pop();
  let holder: unknown = key === undefined ? undefined : document;
  for (const step of keys) {
    if (isJsonObject(holder)) holder = getOwn(holder, step);
    else if (Array.isArray(holder)) holder = holder[indexOf(step, holder.length, holder.length - 1)];
  }
  if (key !== undefined && isJsonObject(holder)) return { kind: "object", object: holder, key };
  if (key !== undefined && Array.isArray(holder)) return { kind: "list", list: holder, key };
  throw inapplicablePatch(`${op} operation does not apply: doc is missing path: ${path}: missing value`);
}

const unescapeKey = (key: string): string => key.replaceAll("~1", "/").replaceAll("~0", "~");

/** The position that an index means, which may be negative and then counts from `length`. */
function indexOf(text: string, length: number, last: number): number {
  if (!/^[+-]?\d{1,15}$/.test(text)) throw inapplicablePatch(`value was not a proper array index: '${text}'`);
  const index = Number(text);
  const position = index < 0 ? index + length : index;
  if (position < 0 || position > last) {
    throw inapplicablePatch(`Unable to access invalid index: ${index}: invalid index referenced`);
  }
  return position;
}

/** The position of something that is in the list. */
const positionOf = ({ list, key }: Place & { kind: "list" }): number => indexOf(key, list.length, list.length - 1);

/** Undefined for a key that its object has not. */
function valueAt(place: Place): unknown {
  return place.kind === "object" ? getOwn(place.object, place.key) : place.list[positionOf(place)];
}

function add(place: Place, value: unknown): void {
  if (place.kind === "object") setOwn(place.object, place.key, value);
  else {
    const { list, key } = place;
    list.splice(key === "-" ? list.length : indexOf(key, list.length + 1, list.length), 0, value);
  }
}

function replace(place: Place, value: unknown): void {
  if (place.kind === "object") setOwn(place.object, place.key, value);
  else place.list[positionOf(place)] = value;
}

function remove(place: Place): void {
  if (place.kind === "list") place.list.splice(positionOf(place), 1);
  else if (Object.hasOwn(place.object, place.key)) delete place.object[place.key];
  else throw inapplicablePatch(`Unable to remove nonexistent key: ${place.key}: missing value`);
}

function parseOperations(patch: unknown): Operation[] {
  if (patch === null) return [];
  if (!Array.isArray(patch)) {
    const type = isJsonObject(patch) ? "object" : typeof patch;
    throw malformedPatch(`json: cannot unmarshal ${type} into Go value of type jsonpatch.Patch`);
  }
  if (patch.length > maxOperations) {
    throw requestEntityTooLarge(
      `The allowed maximum operations in a JSON patch is ${maxOperations}, got ${patch.length}`,
    );
  }
  return patch.map(parseOperation);
}

function parseOperation(given: unknown): Operation {
  const operation = given ?? {};
  if (!isJsonObject(operation)) {
    throw malformedPatch("json: cannot unmarshal into Go value of type jsonpatch.Operation");
  }
  const [op, path, from] = [getOwn(operation, "op"), getOwn(operation, "path"), getOwn(operation, "from")];
  switch (op) {
    case "add":
    case "replace":
    case "test":
      return { op, path: pathText(op, "path", path), value: cloneJson(getOwn(operation, "value") ?? null) };
    case "remove":
      return { op, path: pathText(op, "path", path) };
    case "move":
    case "copy":
      return { op, path: pathText(op, "path", path), from: pathText(op, "from", from) };
    default:
      throw inapplicablePatch(`Unexpected kind: ${typeof op === "string" ? op : "unknown"}`);
  }
}

function pathText(op: string, name: string, path: unknown): string {
  if (typeof path === "string") return path;
  throw inapplicablePatch(`${op} operation failed to decode ${name}: missing value`);
}
