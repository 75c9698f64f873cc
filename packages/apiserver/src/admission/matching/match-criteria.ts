import type { MatchResources, NamedRuleWithOperations } from "@kube-ts/api/admissionregistration/v1";
import type { LabelSelector } from "@kube-ts/api/meta/v1";
import { type Selector, everything, selectorOf } from "@kube-ts/api/selectors";
import { type RequestShape, ruleMatches } from "./resource-rules.ts";
import type { AdmissionForm } from "./served-forms.ts";

/** Which requests a webhook, policy or binding is about, read once. */
export interface MatchCriteria {
  readonly rules: readonly NamedRuleWithOperations[];
  readonly exclude: readonly NamedRuleWithOperations[];
  /** Whether no rules mean every resource. */
  readonly anyWithoutRules: boolean;
  readonly equivalent: boolean;
  /** Whether rules name objects, so that they have to be asked for each request. */
  readonly namesObjects: boolean;
  readonly namespaceSelector: Selector;
  readonly objectSelector: Selector;
}

export interface WebhookMatch {
  readonly rules?: readonly NamedRuleWithOperations[];
  readonly matchPolicy?: string;
  readonly namespaceSelector?: LabelSelector;
  readonly objectSelector?: LabelSelector;
}

export function webhookCriteria(match: WebhookMatch): MatchCriteria {
  return { ...criteriaOf(match, match.rules ?? [], []), anyWithoutRules: false };
}

/** Of a policy or binding; without any, everything matches. */
export function policyCriteria(match: MatchResources | undefined): MatchCriteria {
  return criteriaOf(match ?? {}, match?.resourceRules ?? [], match?.excludeResourceRules ?? []);
}

function criteriaOf(
  match: WebhookMatch,
  rules: readonly NamedRuleWithOperations[],
  exclude: readonly NamedRuleWithOperations[],
): MatchCriteria {
  return {
    rules,
    exclude,
    anyWithoutRules: true,
    equivalent: match.matchPolicy !== "Exact",
    namesObjects: [...rules, ...exclude].some(({ resourceNames }) => resourceNames?.length),
    namespaceSelector: match.namespaceSelector ? selectorOf(match.namespaceSelector) : everything,
    objectSelector: match.objectSelector ? selectorOf(match.objectSelector) : everything,
  };
}

/**
 * The form in which the object is to be shown: the requested one where a rule names it, else, unless the match is to be
 * exact, the first equivalent that a rule names. Undefined when the rules are not about the request.
 */
export function matchRules(
  criteria: MatchCriteria,
  request: RequestShape,
  requested: AdmissionForm,
  equivalents: readonly AdmissionForm[],
): AdmissionForm | undefined {
  const others = criteria.equivalent ? equivalents : [];
  if (firstMatch(criteria.exclude, request, requested, others)) return undefined;
  if (criteria.rules.length === 0) return criteria.anyWithoutRules ? requested : undefined;
  return firstMatch(criteria.rules, request, requested, others);
}

function firstMatch(
  rules: readonly NamedRuleWithOperations[],
  request: RequestShape,
  requested: AdmissionForm,
  others: readonly AdmissionForm[],
): AdmissionForm | undefined {
  if (rules.some((rule) => ruleMatches(rule, request))) return requested;
  for (const rule of rules) {
    for (const form of others) {
      if (ruleMatches(rule, { ...request, resource: form.resource })) return form;
    }
  }
  return undefined;
}
