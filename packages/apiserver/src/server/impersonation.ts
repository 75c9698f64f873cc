import type { IncomingMessage } from "node:http";
import { badRequest } from "@kube-ts/api/status-error";
import type { Authorizer } from "../auth/authorizer.ts";
import { forbiddenRequest } from "../auth/forbidden.ts";
import type { UserInfo } from "../auth/user.ts";

const prefix = "impersonate-";
const extraPrefix = "impersonate-extra-";

/**
 * The user that the `Impersonate-*` headers ask to act as, once the real user may; without such headers the
 * real user. Throws BadRequest or Forbidden.
 */
export async function impersonate(
  request: IncomingMessage,
  user: UserInfo,
  authorizer: Authorizer,
  signal: AbortSignal,
): Promise<UserInfo> {
  const wanted = wantedUser(request);
  if (!wanted) return user;
  const { name, uid, groups, extra } = wanted;
  const serviceAccount = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name);
  const check = async (group: string, resource: string, subresource: string, namespace: string, target: string) => {
    const attributes = {
      kind: "resource",
      user,
      verb: "impersonate",
      group,
      version: "v1",
      resource,
      subresource,
      namespace,
      name: target,
    } as const;
    const { decision, reason } = await authorizer.authorize(attributes, signal);
    if (decision !== "allow") throw forbiddenRequest(attributes, reason);
  };
  if (serviceAccount) await check("", "serviceaccounts", "", serviceAccount[1] ?? "", serviceAccount[2] ?? "");
  else await check("", "users", "", "", name);
  for (const group of groups) await check("", "groups", "", "", group);
  if (uid !== "") await check("authentication.k8s.io", "uids", "", "", uid);
  for (const key in extra) {
    for (const value of extra[key] ?? []) await check("authentication.k8s.io", "userextras", key, "", value);
  }
  return { name, uid, groups: effectiveGroups(name, groups, serviceAccount?.[1]), extra };
}

function wantedUser(request: IncomingMessage): UserInfo | undefined {
  if (!Object.keys(request.headers).some((header) => header.startsWith(prefix))) return undefined;
  const headers = request.headersDistinct;
  const name = headers["impersonate-user"]?.[0] ?? "";
  const uid = headers["impersonate-uid"]?.[0] ?? "";
  const groups = headers["impersonate-group"] ?? [];
  const extra: Record<string, readonly string[]> = Object.create(null) as Record<string, readonly string[]>;
  for (const header in headers) {
    if (!header.startsWith(extraPrefix)) continue;
    extra[decodeKey(header.slice(extraPrefix.length))] = headers[header] ?? [];
  }
  if (name !== "") return { name, uid, groups, extra };
  if (uid !== "" || groups.length > 0 || Object.keys(extra).length > 0) {
    throw badRequest("requested impersonation without a user: Impersonate-User is missing");
  }
  return undefined;
}

function decodeKey(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

function effectiveGroups(
  name: string,
  groups: readonly string[],
  serviceAccountNamespace: string | undefined,
): readonly string[] {
  const all = new Set(groups);
  if (groups.length === 0 && serviceAccountNamespace !== undefined) {
    all.add("system:serviceaccounts").add(`system:serviceaccounts:${serviceAccountNamespace}`);
  }
  if (name === "system:anonymous") all.add("system:unauthenticated");
  else if (!all.has("system:unauthenticated")) all.add("system:authenticated");
  return [...all];
}
