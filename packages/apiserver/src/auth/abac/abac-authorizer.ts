import type { PolicyRule } from "@kube-ts/api/rbac/v1";
import type { AuthorizationAttributes, AuthorizationDecision, Authorizer } from "../authorizer.ts";
import type { RuleResolver, UserRules } from "../rule-resolver.ts";
import type { UserInfo } from "../user.ts";
import type { AbacPolicy } from "./abac-policy.ts";

const readVerbs: readonly string[] = ["get", "list", "watch"];
const allowed: AuthorizationDecision = { decision: "allow", reason: "" };
const noMatch: AuthorizationDecision = { decision: "noOpinion", reason: "No policy matched." };

/** Attribute-based access control: a request is allowed when a line of the policy file is about it. */
export class AbacAuthorizer implements Authorizer, RuleResolver {
  readonly #policies: readonly AbacPolicy[];

  constructor(policies: readonly AbacPolicy[]) {
    this.#policies = policies;
  }

  authorize(attributes: AuthorizationAttributes): AuthorizationDecision {
    return this.#policies.some((policy) => matches(policy, attributes)) ? allowed : noMatch;
  }

  rulesFor(user: UserInfo, namespace: string): UserRules {
    const rules = this.#policies
      .filter((policy) => isAbout(policy, user))
      .flatMap((policy) => rulesOf(policy, namespace));
    return { rules, incomplete: false, problems: [] };
  }
}

function matches(policy: AbacPolicy, attributes: AuthorizationAttributes): boolean {
  if (!isAbout(policy, attributes.user)) return false;
  if (policy.readonly && !readVerbs.includes(attributes.verb)) return false;
  if (attributes.kind === "path") return coversPath(policy.nonResourcePath, attributes.path);
  return (
    covers(policy.namespace, attributes.namespace) &&
    covers(policy.resource, attributes.resource) &&
    covers(policy.apiGroup, attributes.group)
  );
}

/** A policy that names a user and a group is about users who are both. */
function isAbout({ user, group }: AbacPolicy, { name, groups }: UserInfo): boolean {
  if (user === "" && group === "") return false;
  return (user === "" || covers(user, name)) && (group === "" || group === "*" || groups.includes(group));
}

function covers(pattern: string, value: string): boolean {
  return pattern === "*" || pattern === value;
}

function coversPath(pattern: string, path: string): boolean {
  if (covers(pattern, path)) return true;
  return pattern.endsWith("*") && path.startsWith(pattern.replace(/\*+$/, ""));
}

function rulesOf(policy: AbacPolicy, namespace: string): PolicyRule[] {
  const verbs = policy.readonly ? [...readVerbs] : ["*"];
  const { resource, apiGroup, nonResourcePath } = policy;
  return [
    ...(resource !== "" && covers(policy.namespace, namespace)
      ? [{ verbs, apiGroups: [apiGroup], resources: [resource] }]
      : []),
    ...(nonResourcePath === "" ? [] : [{ verbs, nonResourceURLs: [nonResourcePath] }]),
  ];
}
