import type { Namespace } from "@kube-ts/api/core/v1";
import { namespaces } from "@kube-ts/api/resource-types";
import { notFound } from "@kube-ts/api/status-error";
import type { ObjectSource } from "../registry/object-source.ts";

/** The namespace as cached, or by a consistent read when it is new. Throws NotFound. */
export async function findNamespace(source: ObjectSource, name: string, signal: AbortSignal): Promise<Namespace> {
  const namespace = source.get(namespaces, "", name) ?? (await source.getLatest(namespaces, "", name, signal));
  if (!namespace) throw notFound({ group: "", resource: "namespaces" }, name);
  return namespace;
}
