import type { ResourceType } from "@kube-ts/api/resource-type";
import type { ResourceRequest } from "./request-info.ts";

/**
 * Whether a URL names what it was authorized for: it has a namespace exactly where the resource's scope asks for one,
 * and nothing behind a subresource that takes no path.
 */
export function isInScope({ namespaced, plural }: ResourceType, info: ResourceRequest): boolean {
  const { namespace, name, verb } = info;
  if (info.rest !== "" && info.subresource !== "proxy") return false;
  // The URL of a namespace has the namespace's own name where that of an object in it would have its namespace.
  if (!namespaced) return namespace === "" || (plural === "namespaces" && namespace === name);
  const acrossNamespaces = verb === "list" || verb === "watch" || verb === "deletecollection";
  return namespace !== "" || (acrossNamespaces && name === "");
}
