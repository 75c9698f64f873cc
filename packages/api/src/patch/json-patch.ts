import fastJsonPatch, { type Operation } from "fast-json-patch";
import { type JsonObject, cloneJson, isJsonObject } from "../json-value.ts";
import { requestEntityTooLarge } from "../status-error.ts";
import { inapplicablePatch, malformedPatch } from "./patch-error.ts";

const maxOperations = 10_000;
/** How much larger all `copy` operations together may make the object. */
const maxCopiedBytes = 3 * 1024 * 1024;

/**
 * Applies an RFC 6902 patch to a copy of the object. Throws an `ApiError`: 400 when the patch is malformed, 413 when it
 * has too many operations, 422 when it does not apply, a failed `test` included.
 */
export function applyJsonPatch(object: JsonObject, patch: unknown): JsonObject {
  const operations = parseOperations(patch);
  let result: unknown = cloneJson(object);
  let copiedBytes = 0;
  for (const operation of operations) {
    if (operation.op === "copy") {
      copiedBytes += copySize(result, operation.from);
      if (copiedBytes > maxCopiedBytes) {
        throw inapplicablePatch(
          `Unable to complete the copy, the accumulated size increase of copy is ${copiedBytes}, exceeding the limit ${maxCopiedBytes}`,
        );
      }
    }
    result = applyOne(result, operation);
  }
  if (!isJsonObject(result)) throw inapplicablePatch("the patched document is not an object");
  return result;
}

function applyOne(document: unknown, operation: Operation): unknown {
  try {
    return fastJsonPatch.applyOperation(document, operation, true, true, true).newDocument;
  } catch (error) {
    // The library throws its own errors for what does not apply and a TypeError for a path through the prototype.
    throw inapplicablePatch(error instanceof Error ? error.message : String(error));
  }
}

function parseOperations(patch: unknown): Operation[] {
  if (!Array.isArray(patch)) {
    const type = isJsonObject(patch) ? "object" : patch === null ? "null" : typeof patch;
    throw malformedPatch(`json: cannot unmarshal ${type} into Go value of type jsonpatch.Patch`);
  }
  if (patch.length > maxOperations) {
    throw requestEntityTooLarge(
      `The allowed maximum operations in a JSON patch is ${maxOperations}, got ${patch.length}`,
    );
  }
  return patch.map(parseOperation);
}

const knownOperations = new Set(["add", "remove", "replace", "move", "copy", "test"]);

function parseOperation(operation: unknown): Operation {
  if (!isJsonObject(operation)) {
    throw malformedPatch("json: cannot unmarshal into Go value of type jsonpatch.Operation");
  }
  const { op, path, from, value } = operation;
  if (typeof op !== "string" || !knownOperations.has(op)) throw inapplicablePatch(`Unexpected kind: ${String(op)}`);
  if (typeof path !== "string") throw inapplicablePatch(`${op} operation does not apply: missing path`);
  if ((op === "move" || op === "copy") && typeof from !== "string") {
    throw inapplicablePatch(`${op} operation does not apply: missing from`);
  }
  const needsValue = op === "add" || op === "replace" || op === "test";
  const given = Object.hasOwn(operation, "value") ? cloneJson(value) : null;
  return { op, path, ...(typeof from === "string" && { from }), ...(needsValue && { value: given }) } as Operation;
}

function copySize(document: unknown, from: string): number {
  try {
    const value: unknown = fastJsonPatch.getValueByPointer(document, from);
    return value === undefined ? 0 : JSON.stringify(value).length;
  } catch {
    // The copy itself will report that there is nothing at this path.
    return 0;
  }
}
