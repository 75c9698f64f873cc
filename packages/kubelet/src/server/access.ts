import type { IncomingMessage } from "node:http";
import type { UserInfo } from "@kube-ts/api/authentication/v1";
import type { ResourceAttributes } from "@kube-ts/api/authorization/v1";
import type { Logger } from "@kube-ts/std/log";
import { requestTarget } from "@kube-ts/std/request-target";

/** Who asks, and whether they may. `DelegatedAccess` asks the API server. */
export interface Access {
  /** Undefined when there are no valid credentials. Rejects when that cannot be known. */
  authenticate(request: IncomingMessage): Promise<UserInfo | undefined>;
  authorize(
    user: UserInfo,
    attributes: { readonly resourceAttributes: ResourceAttributes },
  ): Promise<{ readonly allowed: boolean; readonly reason: string }>;
}

/** Lets everybody who is anybody do everything (`authorization.mode: AlwaysAllow`). */
export function withoutAuthorization(access: Pick<Access, "authenticate">): Access {
  return {
    authenticate: (request) => access.authenticate(request),
    authorize: () => Promise.resolve({ allowed: true, reason: "" }),
  };
}

export interface Refusal {
  readonly status: 401 | 403 | 500;
  readonly message: string;
}

const verbs: Readonly<Record<string, string>> = {
  GET: "get",
  HEAD: "get",
  POST: "create",
  PUT: "update",
  PATCH: "patch",
  DELETE: "delete",
};

/** Subresources of the node that cover a path; having one of them is enough. */
export function nodeSubresources(path: string): readonly string[] {
  const below = (prefix: string) => path === prefix || path.startsWith(`${prefix}/`);
  if (below("/stats")) return ["stats"];
  if (below("/metrics")) return ["metrics"];
  if (below("/logs")) return ["log"];
  if (below("/checkpoint")) return ["checkpoint"];
  // Narrow permissions first; whoever may use the proxy may use everything.
  if (below("/pods") || below("/runningpods")) return ["pods", "proxy"];
  if (below("/healthz")) return ["healthz", "proxy"];
  if (below("/configz") || below("/flagz")) return ["configz", "proxy"];
  if (below("/statusz")) return ["statusz", "proxy"];
  return ["proxy"];
}

/** What the request asks of the API's node object, as authorizers see it. */
function nodeAttributes(method: string, path: string, nodeName: string): ResourceAttributes[] {
  const verb = verbs[method] ?? method.toLowerCase();
  return nodeSubresources(path).map((subresource) => ({
    verb,
    version: "v1",
    resource: "nodes",
    subresource,
    name: nodeName,
  }));
}

/** Undefined when the request may pass. */
export async function checkAccess(
  access: Access,
  request: IncomingMessage,
  nodeName: string,
  log: Logger,
): Promise<Refusal | undefined> {
  const { path } = requestTarget(request);
  let user: UserInfo | undefined;
  try {
    user = await access.authenticate(request);
  } catch (error) {
    log.warn("request cannot be authenticated", { error });
  }
  if (!user) return { status: 401, message: "Unauthorized" };
  const attributes = nodeAttributes(request.method ?? "GET", path, nodeName);
  try {
    for (const resourceAttributes of attributes) {
      const { allowed } = await access.authorize(user, { resourceAttributes });
      if (allowed) return undefined;
    }
  } catch (error) {
    log.warn("request cannot be authorized", { error });
    const text = `Authorization error (user=${user.username}, verb=${attributes[0]?.verb}, resource=nodes)`;
    return { status: 500, message: text };
  }
  const subresources = attributes.map((each) => each.subresource).join(" ");
  const asked = `user=${user.username}, verb=${attributes[0]?.verb}, resource=nodes, subresource(s)=[${subresources}]`;
  return { status: 403, message: `Forbidden (${asked})` };
}
