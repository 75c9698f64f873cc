import { badRequest } from "@kube-ts/api/status-error";
import { objectKey } from "@kube-ts/api/object";
import { parseRevision, waitFor, waitForLatest } from "../registry/list-reader.ts";
import type { CachedObject } from "../storage/watch-cache.ts";
import type { ResourceContext } from "./resource-context.ts";
import { sendEncoded, singleBytes } from "./respond.ts";

/** GET of one object, or of a part that shows the whole object. */
export async function serveGet(context: ResourceContext): Promise<void> {
  const { exchange, form, view } = context;
  const object = await readObject(context, context.info.query.get("resourceVersion") ?? "");
  await sendEncoded(exchange, 200, form, singleBytes(exchange, form, view, object));
}

/**
 * The object, no older than the version asks for: empty for the latest, `0` for whatever is at hand. Throws
 * NotFound.
 */
export async function readObject(
  { exchange, info, resource }: Pick<ResourceContext, "exchange" | "info" | "resource">,
  resourceVersion: string,
): Promise<CachedObject> {
  const { registry } = resource;
  if (info.name === "") throw badRequest("the name of the object is missing");
  if (resourceVersion === "") await waitForLatest(registry, exchange.signal, exchange.audit);
  else await waitFor(registry, parseRevision(resourceVersion), exchange.signal);
  registry.checkReadable(info.namespace, info.name);
  const object = registry.cache.get(objectKey(info.namespace, info.name));
  if (!object) throw registry.notFound(info.name);
  return object;
}
