import type { IncomingMessage } from "node:http";
import { goQuote } from "@kube-ts/api/go-quote";
import { badRequest } from "@kube-ts/api/status-error";
import type { UserInfo } from "../user.ts";

const prefix = "impersonate-";
const extraPrefix = "impersonate-extra-";

/**
 * The user that the `Impersonate-*` headers name, exactly as they do; undefined without such headers. Throws BadRequest
 * for headers that name no user.
 */
export function wantedUser(request: IncomingMessage): UserInfo | undefined {
  if (!hasImpersonation(request.headers)) return undefined;
  const distinct = request.headersDistinct;
  const user: UserInfo = {
    name: distinct["impersonate-user"]?.[0] ?? "",
    uid: distinct["impersonate-uid"]?.[0] ?? "",
    groups: distinct["impersonate-group"] ?? [],
    extra: extraOf(distinct),
  };
  if (user.name !== "") return user;
  if (user.uid === "" && user.groups.length === 0 && Object.keys(user.extra).length === 0) return undefined;
  throw badRequest(`requested ${describe(user)} without impersonating a user name`);
}

/** Looked at for each request, so nothing is made for those without. */
function hasImpersonation(headers: IncomingMessage["headers"]): boolean {
  for (const header in headers) if (header.startsWith(prefix)) return true;
  return false;
}

function extraOf(headers: NodeJS.Dict<readonly string[]>): UserInfo["extra"] {
  const extra = Object.create(null) as Record<string, readonly string[]>;
  for (const header in headers) {
    if (!header.startsWith(extraPrefix)) continue;
    const key = decodeKey(header.slice(extraPrefix.length));
    extra[key] = [...(extra[key] ?? []), ...(headers[header] ?? [])];
  }
  return extra;
}

/** A key that is not encoded properly is taken as it is. */
function decodeKey(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

/** The user as upstream's message shows it. */
function describe({ name, uid, groups, extra }: UserInfo): string {
  const list = (texts: readonly string[]) => `[]string{${texts.map(goQuote).join(", ")}}`;
  const entries = Object.entries(extra)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, values]) => `${goQuote(key)}:${list(values)}`);
  const groupText = groups.length === 0 ? "[]string(nil)" : list(groups);
  const extraText = entries.length === 0 ? "map[string][]string(nil)" : `map[string][]string{${entries.join(", ")}}`;
  return `&user.DefaultInfo{Name:${goQuote(name)}, UID:${goQuote(uid)}, Groups:${groupText}, Extra:${extraText}}`;
}
