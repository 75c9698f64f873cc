import type { PolicyRule } from "@kube-ts/api/rbac/v1";
import type { AuthorizationAttributes, AuthorizationDecision } from "../authorizer.ts";
import { urlMatches } from "./policy-rules.ts";

/** What one rule allows on what it is filed under. Undefined sets mean everything. */
interface Grant {
  readonly verbs: ReadonlySet<string> | undefined;
  readonly names: ReadonlySet<string> | undefined;
  readonly decision: AuthorizationDecision;
}

interface PathGrant extends Grant {
  readonly pattern: string;
}

/** Rules arranged so that a request meets only those about its own resource, or about all. */
export class RuleTable {
  // By group, then by resource, with `/subresource` if it has one; an asterisk stands for every group or resource.
  readonly #resources = new Map<string, Map<string, Grant[]>>();
  readonly #paths: PathGrant[] = [];

  /** Adds a rule; `decision` is the answer to requests that it allows. */
  add(rule: PolicyRule, decision: AuthorizationDecision): void {
    const verbs = rule.verbs.includes("*") ? undefined : new Set(rule.verbs);
    const names = rule.resourceNames?.length ? new Set(rule.resourceNames) : undefined;
    const grant: Grant = { verbs, names, decision };
    for (const group of rule.apiGroups ?? []) {
      for (const resource of rule.resources ?? []) this.#file(group, resource, grant);
    }
    for (const pattern of rule.nonResourceURLs ?? []) this.#paths.push({ ...grant, pattern });
  }

  /** The decision of a rule that allows the request, if there is one. */
  find(attributes: AuthorizationAttributes): AuthorizationDecision | undefined {
    if (attributes.kind === "path") return this.#findPath(attributes.verb, attributes.path);
    const { verb, group, resource, subresource, name } = attributes;
    const full = subresource === "" ? resource : `${resource}/${subresource}`;
    return (
      findIn(this.#resources.get(group), full, subresource, verb, name) ??
      findIn(this.#resources.get("*"), full, subresource, verb, name)
    );
  }

  #findPath(verb: string, path: string): AuthorizationDecision | undefined {
    return this.#paths.find((grant) => (grant.verbs?.has(verb) ?? true) && urlMatches(grant.pattern, path))?.decision;
  }

  #file(group: string, resource: string, grant: Grant): void {
    const resources = this.#resources.get(group) ?? new Map<string, Grant[]>();
    this.#resources.set(group, resources);
    const grants = resources.get(resource);
    if (grants) grants.push(grant);
    else resources.set(resource, [grant]);
  }
}

function findIn(
  resources: ReadonlyMap<string, readonly Grant[]> | undefined,
  full: string,
  subresource: string,
  verb: string,
  name: string,
): AuthorizationDecision | undefined {
  if (!resources) return undefined;
  return (
    firstAllowing(resources.get(full), verb, name) ??
    firstAllowing(resources.get("*"), verb, name) ??
    (subresource === "" ? undefined : firstAllowing(resources.get(`*/${subresource}`), verb, name))
  );
}

function firstAllowing(
  grants: readonly Grant[] | undefined,
  verb: string,
  name: string,
): AuthorizationDecision | undefined {
  if (!grants) return undefined;
  for (const grant of grants) {
    if (grant.verbs && !grant.verbs.has(verb)) continue;
    if (!grant.names || grant.names.has(name)) return grant.decision;
  }
  return undefined;
}
