import { semanticEqual } from "@kube-ts/api/deep-equal";
import type { LabelSelector } from "@kube-ts/api/meta/v1";
import type { PodDisruptionBudget } from "@kube-ts/api/policy/v1";
import { podDisruptionBudgets } from "@kube-ts/api/resource-types";
import { legacyVersion } from "../legacy-version.ts";
import type { AlternateVersion } from "../resource-definition.ts";

/** An empty selector means no pod in v1beta1 and all pods in v1: a label that nothing has stands for the other meaning. */
const key = "pdb.kubernetes.io/deprecated-v1beta1-empty-selector-match";
const empty: LabelSelector = {};
const selectsNone: LabelSelector = { matchExpressions: [{ key, operator: "Exists" }] };
const selectsAll: LabelSelector = { matchExpressions: [{ key, operator: "DoesNotExist" }] };

export const legacyDisruptionBudgets: readonly AlternateVersion<PodDisruptionBudget>[] = [
  legacyVersion<PodDisruptionBudget>(podDisruptionBudgets, "policy/v1beta1", {
    fromStored: (budget) => replaced(replaced(budget, empty, selectsAll), selectsNone, empty, budget),
    toStored: (budget) => replaced(replaced(budget, empty, selectsNone), selectsAll, empty, budget),
  }),
];

/** The budget with one selector in place of another, as far as it had that from the start. */
function replaced(
  budget: PodDisruptionBudget,
  from: LabelSelector,
  to: LabelSelector,
  original = budget,
): PodDisruptionBudget {
  const selector = original.spec?.selector;
  if (!selector || !semanticEqual(selector, from)) return budget;
  return { ...budget, spec: { ...budget.spec, selector: structuredClone(to) } };
}
