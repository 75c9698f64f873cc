import { applyJsonPatch } from "@kube-ts/api/patch/json-patch";
import { applyMergePatch } from "@kube-ts/api/patch/merge-patch";
import { applyStrategicMergePatch } from "@kube-ts/api/patch/strategic-merge-patch";
import { decodeObject } from "@kube-ts/api/decode";
import { typeOf } from "@kube-ts/api/schema-registry";
import type { ObjectType } from "@kube-ts/api/schema-registry";
import { unsupportedMediaType } from "@kube-ts/api/status-error";
import type { JsonObject } from "@kube-ts/api/json-value";
import { applyMediaType } from "./apply-body.ts";
import { mediaTypeOf, readBody } from "./body.ts";
import { parseJson } from "./request-object.ts";
import type { KindReference } from "./request-object.ts";
import type { ResourceContext } from "./resource-context.ts";

/** The body of a PATCH request, parsed. */
export interface PatchBody {
  readonly type: "json" | "merge" | "strategic";
  readonly patch: unknown;
  /** The JSON text of the patch, in which duplicate fields show. */
  readonly text: string;
}

const patchTypes: Readonly<Record<string, PatchBody["type"]>> = {
  "application/json-patch+json": "json",
  "application/merge-patch+json": "merge",
  "application/strategic-merge-patch+json": "strategic",
};

/**
 * Reads the patch; only built-in types have strategic merge patches. Throws 415 for a type that is not served,
 * BadRequest for what does not parse.
 */
export async function readPatch(
  { exchange }: Pick<ResourceContext, "exchange">,
  isBuiltIn: boolean,
): Promise<PatchBody> {
  const type = patchTypes[mediaTypeOf(exchange.request)];
  if (!type || (type === "strategic" && !isBuiltIn)) {
    const served = Object.keys(patchTypes).filter((name) => isBuiltIn || patchTypes[name] !== "strategic");
    throw unsupportedMediaType([...served, applyMediaType]);
  }
  const text = (await readBody(exchange.request, exchange.signal)).toString();
  return { type, patch: parseJson(text), text };
}

/** Whether the patch may read or write managed fields; few do, and for the others they need not be read. */
export function mayTouchManagedFields({ type, text }: PatchBody): boolean {
  return text.includes("managedFields") || (type === "json" && /"(?:\/metadata)?"/.test(text)) || text.includes("\\u");
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
