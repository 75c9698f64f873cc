import type { KubeObject } from "@kube-ts/api/object";
import { typeOf } from "@kube-ts/api/schema-registry";
import { withoutManagedFields } from "../storage/cache/managed-fields-text.ts";
import { applyMediaType } from "./apply-body.ts";
import { serveApply } from "./apply-endpoint.ts";
import { mediaTypeOf } from "./body.ts";
import { checkIdentity } from "./object-name.ts";
import { mayTouchManagedFields, patchFailure, patchTextProblems, patchedValue, readPatch } from "./patch-body.ts";
import { decodeServed } from "./request-object.ts";
import type { ResourceContext } from "./resource-context.ts";
import { updateRules } from "./update-endpoint.ts";
import { sendWritten } from "./written-response.ts";
import { parsePatchOptions } from "./write-options.ts";
import { bindWrite } from "./write-request.ts";

/** PATCH of an object or of a part of it, with a JSON, merge or strategic merge patch or by server-side apply. */
export async function servePatch(context: ResourceContext): Promise<void> {
  const { exchange, info, resource, admission } = context;
  if (mediaTypeOf(exchange.request) === applyMediaType) return serveApply(context);
  const options = parsePatchOptions(info);
  const { group, version, kind } = resource.type;
  const schema = resource.registry.definition.decode ? undefined : typeOf(group, version, kind);
  const body = await readPatch(context, schema !== undefined);
  const keepsFields = mayTouchManagedFields(body);
  const textProblems = () => patchTextProblems(body);
  const decode = (patched: () => unknown): KubeObject => {
    try {
      const value = { value: patched(), textProblems };
      return decodeServed(context, { group, version, kind }, value, options.fieldValidation);
    } catch (error) {
      throw patchFailure(error, body, patched);
    }
  };
  const transform = (current: KubeObject): KubeObject => {
    const base = keepsFields ? current : { ...current, metadata: withoutManagedFields(current.metadata) };
    const patched = () => patchedValue(body, resource.fromStored(base), schema);
    const object = decode(patched);
    checkIdentity(object, info.name, info.namespace);
    return object;
  };
  const request = bindWrite(exchange, info, resource, admission, options.dryRun);
  const rules = updateRules(context);
  const written = await resource.registry.update(info.namespace, info.name, rules, transform, request);
  await sendWritten(context, 200, written);
}
