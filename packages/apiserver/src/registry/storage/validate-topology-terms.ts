import type { TopologySelectorLabelRequirement, TopologySelectorTerm } from "@kube-ts/api/core/v1";
import { type FieldError, duplicateField, requiredField } from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { validateLabelName } from "@kube-ts/api/selectors";

/** Terms on the labels of nodes, no two of which may say the same. A term that says nothing counts as said already. */
export function checkTopologyTerms(
  terms: readonly TopologySelectorTerm[],
  path: FieldPath,
  errors: FieldError[],
): void {
  const seen = new Set([identityOf({})]);
  for (const [index, term] of terms.entries()) {
    const listPath = path.index(index).child("matchLabelExpressions");
    checkTerm(term.matchLabelExpressions ?? [], listPath, errors);
    const identity = identityOf(term);
    if (seen.has(identity)) errors.push(duplicateField(listPath, ""));
    seen.add(identity);
  }
}

function checkTerm(requirements: readonly TopologySelectorLabelRequirement[], path: FieldPath, errors: FieldError[]) {
  const keys = new Set<string>();
  for (const [index, requirement] of requirements.entries()) {
    checkRequirement(requirement, path.index(index), errors);
    if (keys.has(requirement.key)) errors.push(duplicateField(path.index(index).child("key"), requirement.key));
    keys.add(requirement.key);
  }
}

function checkRequirement(requirement: TopologySelectorLabelRequirement, path: FieldPath, errors: FieldError[]): void {
  const values = requirement.values ?? [];
  const valuesPath = path.child("values");
  if (values.length === 0) errors.push(requiredField(valuesPath, ""));
  const seen = new Set<string>();
  for (const [index, value] of values.entries()) {
    if (seen.has(value)) errors.push(duplicateField(valuesPath.index(index), value));
    seen.add(value);
  }
  errors.push(...validateLabelName(requirement.key, path.child("key")));
}

/** The same text for terms that select the same; of several requirements for a key, the last counts. */
function identityOf(term: TopologySelectorTerm): string {
  const values = new Map<string, string[]>();
  for (const requirement of term.matchLabelExpressions ?? []) {
    values.set(requirement.key, [...new Set(requirement.values)].toSorted());
  }
  return JSON.stringify([...values].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
