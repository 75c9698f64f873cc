import type { KubeObject } from "@kube-ts/api/object";
import { badRequest } from "@kube-ts/api/status-error";
import { typeOf } from "@kube-ts/api/schema-registry";
import { patchedValue, readPatch } from "./patch-body.ts";
import { decodeServed } from "./request-object.ts";
import type { ResourceContext } from "./resource-context.ts";
import { updateRules } from "./update-endpoint.ts";
import { sendWritten } from "./written-response.ts";
import { parseWriteOptions } from "./write-options.ts";
import { bindWrite } from "./write-request.ts";

/** PATCH of an object or of a part of it, with a JSON, merge or strategic merge patch. */
export async function servePatch(context: ResourceContext): Promise<void> {
  const { exchange, info, resource, admission } = context;
  const options = parseWriteOptions(info);
  if (options.force !== undefined) {
    throw badRequest(
      'PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch',
    );
  }
  const body = await readPatch(context);
  const { group, version, kind } = resource.type;
  const schema = typeOf(group, version, kind);
  if (!schema) throw new Error(`no type ${group}/${version} ${kind}`);
  const transform = (current: KubeObject): KubeObject => {
    const value = patchedValue(body, resource.fromStored(current), schema);
    const object = decodeServed(context, { group, version, kind }, { value, text: undefined }, options.fieldValidation);
    checkIdentity(object, info.name, info.namespace);
    return object;
  };
  const request = bindWrite(exchange, info, resource, admission, options.dryRun);
  const rules = updateRules(context);
  const written = await resource.registry.update(info.namespace, info.name, rules, transform, request);
  await sendWritten(context, 200, written);
}

function checkIdentity({ metadata }: KubeObject, name: string, namespace: string): void {
  if (metadata.name !== name) {
    throw badRequest(`the name of the object (${metadata.name ?? ""}) does not match the name on the URL (${name})`);
  }
  if ((metadata.namespace ?? "") !== namespace) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
}
