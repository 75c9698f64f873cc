import { applyJsonPatch } from "@kube-ts/api/patch/json-patch";
import { applyMergePatch } from "@kube-ts/api/patch/merge-patch";
import { applyStrategicMergePatch } from "@kube-ts/api/patch/strategic-merge-patch";
import { DecodeError, decodeObject, duplicateFieldProblems } from "@kube-ts/api/decode";
import { invalidField } from "@kube-ts/api/field-error";
import { goValue } from "@kube-ts/api/go-value";
import { typeOf } from "@kube-ts/api/schema-registry";
import type { ObjectType } from "@kube-ts/api/schema-registry";
import { badRequest, invalid, unsupportedMediaType } from "@kube-ts/api/status-error";
import { isNestedDeeper, maxNesting } from "@kube-ts/api/structural/nesting";
import { isJsonObject } from "@kube-ts/api/json-value";
import type { JsonObject } from "@kube-ts/api/json-value";
import { applyMediaType } from "./apply-body.ts";
import { mediaTypeOf, readBody } from "./body.ts";
import { parseJsonPatch } from "./request-object.ts";
import type { KindReference } from "./request-object.ts";
import type { ResourceContext } from "./resource-context.ts";

/** The body of a PATCH request, parsed. */
export interface PatchBody {
  readonly type: "json" | "merge" | "strategic";
  readonly patch: unknown;
  /** The JSON text of the patch, in which duplicate fields show. */
  readonly text: string;
}

const patchTypes: ReadonlyMap<string, PatchBody["type"]> = new Map([
  ["application/json-patch+json", "json"],
  ["application/merge-patch+json", "merge"],
  ["application/strategic-merge-patch+json", "strategic"],
]);

/**
 * Reads the patch; only built-in types have strategic merge patches. Throws 415 for a type that is not served,
 * BadRequest for what does not parse.
 */
export async function readPatch(
  { exchange }: Pick<ResourceContext, "exchange">,
  isBuiltIn: boolean,
): Promise<PatchBody> {
  const type = patchTypes.get(mediaTypeOf(exchange.request));
  if (!type || (type === "strategic" && !isBuiltIn)) {
    const served = [...patchTypes].filter(([, other]) => isBuiltIn || other !== "strategic").map(([name]) => name);
    throw unsupportedMediaType([...served, applyMediaType]);
  }
  const text = (await readBody(exchange.request, exchange.signal)).toString();
  const patch = parseJsonPatch(text);
  if (isNestedDeeper(patch, maxNesting)) throw badRequest("exceeded max depth");
  exchange.audit?.requestPatch(patch);
  return { type, patch, text };
}

/** Whether the patch may read or write managed fields; few do, and for the others they need not be read. */
export function mayTouchManagedFields({ type, text }: PatchBody): boolean {
  return text.includes("managedFields") || (type === "json" && /"(?:\/metadata)?"/.test(text)) || text.includes("\\u");
}

/** What is wrong with the text of the patch: fields that are given twice, which only the last one of counts. */
export function patchTextProblems({ type, text }: PatchBody): string[] {
  const problems = duplicateFieldProblems(text);
  return type === "json" ? problems.map((problem) => `json patch ${problem}`) : problems;
}

/**
 * The error for a patched object that cannot be decoded: 422 for the patch, which shows the patch or what it made,
 * unless that is secret. Other errors stay what they are.
 */
export function patchFailure(error: unknown, { type, patch }: PatchBody, patched: () => unknown): unknown {
  const cause = error instanceof Error ? error.cause : undefined;
  if (!(cause instanceof DecodeError)) return error;
  const value = patched();
  const isSecret = isJsonObject(value) && value["kind"] === "Secret";
  const shown = type === "strategic" ? goValue(patch) : JSON.stringify(value);
  const problem = invalidField("patch", isSecret ? "" : shown, cause.message);
  return invalid({ group: "", kind: "" }, "", [problem]);
}

/** The JSON value that the patch makes of the object. Throws BadRequest or Invalid. */
export function patchedValue({ type, patch }: PatchBody, current: object, schema: ObjectType | undefined): unknown {
  const target = current as JsonObject;
  switch (type) {
    case "json":
      return applyJsonPatch(target, patch);
    case "merge":
      return applyMergePatch(target, patch);
    default:
      if (!schema) throw new Error("a strategic merge patch of an object without a built-in type");
      return applyStrategicMergePatch(schema, target, patch);
  }
}

/** Patches an object of a kind that is not stored. */
export function applyPatch<T extends object>(body: PatchBody, current: T, kind: KindReference): T {
  const schema = typeOf(kind.group, kind.version, kind.kind);
  if (!schema) throw new Error(`no type ${kind.group}/${kind.version} ${kind.kind}`);
  return decodeObject<T>(schema, patchedValue(body, current, schema), { fieldValidation: "Strict" }).object;
}
