import { badRequest } from "@kube-ts/api/status-error";
import type { ResourceContext } from "./resource-context.ts";
import { decodeRequestObject } from "./request-object.ts";
import { sendWritten } from "./written-response.ts";
import { parseWriteOptions } from "./write-options.ts";
import { bindWrite } from "./write-request.ts";

/** POST on a collection. */
export async function serveCreate(context: ResourceContext): Promise<void> {
  const { exchange, info, resource, admission } = context;
  const options = parseWriteOptions(info);
  const object = await decodeRequestObject(context, options.fieldValidation);
  if (object.metadata.resourceVersion) throw badRequest("resourceVersion should not be set on objects to be created");
  const request = bindWrite(exchange, info, resource, admission, options.dryRun);
  const written = await resource.registry.create(object, info.namespace, request);
  await sendWritten(context, 201, written);
}
