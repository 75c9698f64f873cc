import { badRequest, invalid, isNotFound, methodNotSupported } from "@kube-ts/api/status-error";
import { invalidField } from "@kube-ts/api/field-error";
import type { KubeObject } from "@kube-ts/api/object";
import { matchNamespace } from "../registry/object-identity.ts";
import type { UpdateRules } from "../registry/write-request.ts";
import { authorizeCreation } from "./authorize-creation.ts";
import type { ResourceContext } from "./resource-context.ts";
import { decodeRequestObject } from "./request-object.ts";
import { sendWritten } from "./written-response.ts";
import { parseWriteOptions } from "./write-options.ts";
import { bindWrite } from "./write-request.ts";

/** PUT on an object or on a part of it such as `status`. */
export async function serveUpdate(context: ResourceContext): Promise<void> {
  const { exchange, info, resource, admission } = context;
  const options = parseWriteOptions(info);
  const object = await decodeRequestObject(context, options.fieldValidation);
  matchName(object, info.name);
  matchNamespace(object, info.namespace);
  const { registry } = resource;
  const { strategy } = registry.definition;
  const isUnconditional = !object.metadata.resourceVersion;
  const rules = updateRules(context);
  const request = bindWrite(exchange, info, resource, admission, options.dryRun);
  const sent = repeatedly(object);
  try {
    const transform = () => {
      // Only of an object that is there.
      if (isUnconditional && strategy.allowUnconditionalUpdate === false) {
        const problem = invalidField("metadata.resourceVersion", 0, "must be specified for an update");
        throw invalid(registry.kindName, info.name, [problem]);
      }
      return sent();
    };
    const written = await registry.update(info.namespace, info.name, rules, transform, request);
    await sendWritten(context, 200, written);
  } catch (error) {
    const creates = strategy.allowCreateOnUpdate && info.subresource === "" && isUnconditional;
    if (!creates || !isNotFound(error)) throw error;
    await authorizeCreation(context);
    const written = await registry.create(sent(), info.namespace, request);
    await sendWritten(context, 201, written);
  }
}

/** Gives the object itself once, which a first attempt may change, and then copies of what it was. */
function repeatedly(object: KubeObject): () => KubeObject {
  const text = JSON.stringify(object);
  let isTaken = false;
  return () => {
    if (isTaken) return JSON.parse(text) as KubeObject;
    isTaken = true;
    return object;
  };
}

/** The rules by which the addressed part of an object is updated. Throws 405 when there is no such part. */
export function updateRules({ resource, info }: ResourceContext): UpdateRules<KubeObject> {
  const { definition, resourceName } = resource.registry;
  if (info.subresource === "") return definition.strategy;
  const rules = info.subresource === "status" ? definition.status : definition.parts?.[info.subresource];
  if (!rules) throw methodNotSupported(resourceName, info.verb);
  return rules;
}

function matchName(object: KubeObject, name: string): void {
  if (!object.metadata.name) {
    object.metadata.name = name;
    return;
  }
  if (object.metadata.name !== name) {
    throw badRequest(`the name of the object (${object.metadata.name}) does not match the name on the URL (${name})`);
  }
}
