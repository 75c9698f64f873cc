import type { UserInfo } from "../auth/user.ts";
import type { RequestInfo, ResourceRequest } from "../endpoints/request-info.ts";
import type { AuditLevel, AuditStage } from "./audit-event.ts";

export interface RuleResources {
  /** Empty for the core group. */
  readonly group: string;
  /** Empty for all of the group. */
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
}

/** What is recorded of requests. */
export interface Recording {
  readonly level: AuditLevel;
  readonly omitStages: ReadonlySet<AuditStage>;
  readonly omitManagedFields: boolean;
}

/** One rule; an empty list matches everything. */
export interface CompiledRule extends Recording {
  readonly users: readonly string[];
  readonly userGroups: readonly string[];
  readonly verbs: readonly string[];
  readonly resources: readonly RuleResources[];
  readonly namespaces: readonly string[];
  readonly nonResourceUrls: readonly string[];
}

/** The first rule that matches; undefined for a request of which nothing is recorded. */
export function recordingOf(
  rules: readonly CompiledRule[],
  user: UserInfo | undefined,
  info: RequestInfo,
): Recording | undefined {
  for (const rule of rules) if (matches(rule, user, info)) return rule;
  return undefined;
}

function matches(rule: CompiledRule, user: UserInfo | undefined, info: RequestInfo): boolean {
  const { users, userGroups, verbs, namespaces, resources, nonResourceUrls } = rule;
  if (users.length > 0 && (!user || !users.includes(user.name))) return false;
  if (userGroups.length > 0 && !user?.groups.some((group) => userGroups.includes(group))) return false;
  if (verbs.length > 0 && !verbs.includes(info.verb)) return false;
  if (namespaces.length > 0 || resources.length > 0) return info.kind === "resource" && isResource(rule, info);
  if (nonResourceUrls.length > 0) return info.kind === "path" && nonResourceUrls.some((url) => isPath(url, info.path));
  return true;
}

function isPath(pattern: string, path: string): boolean {
  if (pattern === "*" || pattern === path) return true;
  return pattern.endsWith("*") && path.startsWith(pattern.slice(0, -1));
}

function isResource({ namespaces, resources }: CompiledRule, info: ResourceRequest): boolean {
  // Resources that belong to no namespace have the empty one.
  if (namespaces.length > 0 && !namespaces.includes(info.namespace)) return false;
  return resources.length === 0 || resources.some((each) => isAmong(each, info));
}

function isAmong({ group, resources, resourceNames }: RuleResources, info: ResourceRequest): boolean {
  if (group !== info.group) return false;
  if (resources.length === 0) return true;
  if (resourceNames.length > 0 && !resourceNames.includes(info.name)) return false;
  const { resource, subresource } = info;
  const whole = subresource === "" ? resource : `${resource}/${subresource}`;
  return resources.some(
    (pattern) =>
      pattern === "*" ||
      pattern === whole ||
      (subresource !== "" && pattern.startsWith("*/") && pattern.slice(2) === subresource) ||
      (pattern.endsWith("/*") && pattern.slice(0, -2) === resource),
  );
}
