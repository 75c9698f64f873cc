import type { NonResourceRule, ResourceRule, SelfSubjectRulesReview } from "@kube-ts/api/authorization/v1";
import type { PolicyRule } from "@kube-ts/api/rbac/v1";
import { aggregate } from "./tokens/token-authenticator.ts";
import type { UserInfo } from "./user.ts";

/** What a user may do in a namespace, as far as an authorizer can list it. */
export interface UserRules {
  readonly rules: readonly PolicyRule[];
  /** The authorizer allows more than it can list. */
  readonly incomplete: boolean;
  readonly problems: readonly string[];
}

/** Lists what users may do; for display and for escalation checks, not for decisions. */
export interface RuleResolver {
  rulesFor(user: UserInfo, namespace: string): UserRules;
}

/** Answers a SelfSubjectRulesReview for the user. */
export function reviewRules(
  review: SelfSubjectRulesReview,
  user: UserInfo,
  resolvers: readonly RuleResolver[],
): SelfSubjectRulesReview {
  const found = resolvers.map((resolver) => resolver.rulesFor(user, review.spec.namespace ?? ""));
  const rules = found.flatMap(({ rules }) => rules);
  const problems = found.flatMap(({ problems }) => problems);
  return {
    ...review,
    status: {
      resourceRules: rules.filter((rule) => rule.resources?.length).map(resourceRule),
      nonResourceRules: rules.filter((rule) => rule.nonResourceURLs?.length).map(nonResourceRule),
      incomplete: found.some(({ incomplete }) => incomplete),
      ...(problems.length > 0 && { evaluationError: aggregate(problems) }),
    },
  };
}

function resourceRule(rule: PolicyRule): ResourceRule {
  const { verbs, apiGroups, resources, resourceNames } = rule;
  return {
    verbs: [...verbs],
    ...(apiGroups?.length && { apiGroups: [...apiGroups] }),
    ...(resources?.length && { resources: [...resources] }),
    ...(resourceNames?.length && { resourceNames: [...resourceNames] }),
  };
}

function nonResourceRule(rule: PolicyRule): NonResourceRule {
  return { verbs: [...rule.verbs], nonResourceURLs: [...(rule.nonResourceURLs ?? [])] };
}
