import { parseFieldSelector } from "@kube-ts/api/field-selector";
import { pathSegmentNameErrors } from "@kube-ts/api/names";
import { SelectorError } from "@kube-ts/api/selectors";
import type { AuthorizationAttributes } from "../auth/authorizer.ts";
import type { UserInfo } from "../auth/user.ts";
import type { RequestInfo } from "../endpoints/request-info.ts";

/** What the authorizer is asked about a request. */
export function authorizationAttributes(user: UserInfo, info: RequestInfo): AuthorizationAttributes {
  if (info.kind === "path") return { kind: "path", user, verb: info.verb, path: info.path };
  const { verb, group, version, resource, subresource, namespace, name, query } = info;
  const selectorCounts = verb === "list" || verb === "watch" || verb === "deletecollection";
  const labelSelector = selectorCounts ? query.get("labelSelector") : null;
  const fieldSelector = selectorCounts ? query.get("fieldSelector") : null;
  return {
    kind: "resource",
    user,
    verb,
    group,
    version,
    resource,
    subresource,
    namespace,
    // A watch or list pinned to one name by its field selector counts as a request for that name.
    name: name || (fieldSelector && verb !== "deletecollection" ? pinnedName(fieldSelector) : ""),
    ...(labelSelector && { labelSelector }),
    ...(fieldSelector && { fieldSelector }),
  };
}

/** Empty when the selector does not pin a name, or one that no object can have. */
function pinnedName(fieldSelector: string): string {
  try {
    const name = parseFieldSelector(fieldSelector).exactValue("metadata.name") ?? "";
    return pathSegmentNameErrors(name).length === 0 ? name : "";
  } catch (error) {
    if (error instanceof SelectorError) return "";
    throw error;
  }
}
