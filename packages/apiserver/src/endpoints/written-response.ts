import type { KubeObject } from "@kube-ts/api/object";
import { attributesOf } from "../registry/attributes.ts";
import type { Written } from "../registry/write-request.ts";
import type { CachedObject } from "../storage/watch-cache.ts";
import type { ResourceContext } from "./resource-context.ts";
import { sendEncoded, singleBytes } from "./respond.ts";

/** Answers with what a write left behind, in the view that the client asked for. */
export function sendWritten(context: ResourceContext, code: number, written: Written<KubeObject>): Promise<void> {
  const { exchange, form, view, resource } = context;
  const bytes =
    form.view === "object" && form.encoding !== "protobuf" && resource.isStoredVersion
      ? written.bytes
      : singleBytes(exchange, form, view, asCached(context, written));
  return sendEncoded(exchange, code, form, bytes);
}

function asCached({ resource }: ResourceContext, { object, bytes, revision }: Written<KubeObject>): CachedObject {
  const { namespace = "", name = "" } = object.metadata;
  return {
    key: namespace === "" ? name : `${namespace}/${name}`,
    namespace,
    name,
    revision,
    bytes,
    ...attributesOf(resource.registry.definition, object),
    parsed: () => object,
  };
}
