import { goQuote } from "@kube-ts/api/go-quote";
import type { PolicyRule } from "@kube-ts/api/rbac/v1";
import type { UserRules } from "../rule-resolver.ts";
import { quoteList } from "../tokens/token-authenticator.ts";
import { type UserInfo, mastersGroup } from "../user.ts";
import { compactRules, describeRule, uncoveredRules } from "./policy-rules.ts";

/** Every permission there is: what it takes to set an aggregation rule, which may gather anything. */
export const fullAuthority: readonly PolicyRule[] = [
  { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
  { verbs: ["*"], nonResourceURLs: ["*"] },
];

/** Members of system:masters may do everything, so nothing that they grant is an escalation. */
export function mayEscalate(user: UserInfo): boolean {
  return user.groups.includes(mastersGroup);
}

/**
 * Why the user may not grant the rules: the ones that no rule they hold covers. Undefined when they hold all.
 * The text is upstream's.
 */
export function escalationProblem(user: UserInfo, held: UserRules, granted: readonly PolicyRule[]): string | undefined {
  const missing = uncoveredRules(held.rules, granted);
  if (missing.length === 0) return undefined;
  const descriptions = [...new Set(compactRules(missing).map(describeRule))].sort();
  const subject = `user ${goQuote(user.name)} (groups=${quoteList(user.groups)})`;
  const problems = held.problems.length === 0 ? "" : `; resolution errors: [${held.problems.join(" ")}]`;
  return `${subject} is attempting to grant RBAC permissions not currently held:\n${descriptions.join("\n")}${problems}`;
}
