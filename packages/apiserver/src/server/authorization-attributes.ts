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
    name: name || pinnedName(fieldSelector),
    ...(labelSelector && { labelSelector }),
    ...(fieldSelector && { fieldSelector }),
  };
}

function pinnedName(fieldSelector: string | null): string {
  const match = /^metadata\.name==?([^,=!\\]+)$/.exec(fieldSelector ?? "");
  return match?.[1] ?? "";
}
