import type { NodeSelector, NodeSelectorRequirement, NodeSelectorTerm } from "@kube-ts/api/core/v1";
import { type FieldError, forbiddenField, invalidField, requiredField } from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { labelValueErrors } from "@kube-ts/api/names";
import { validateLabelName } from "@kube-ts/api/selectors";
import { subdomainName } from "../meta/object-names.ts";
import { checkTexts } from "../meta/validate-fields.ts";

/** A selector of nodes that has to match; its label values are checked. */
export function checkNodeSelector(selector: NodeSelector, path: FieldPath, errors: FieldError[]): void {
  const termsPath = path.child("nodeSelectorTerms");
  const terms = selector.nodeSelectorTerms ?? [];
  if (terms.length === 0) {
    errors.push(requiredField(termsPath, "must have at least one node selector term"));
    return;
  }
  for (const [index, term] of terms.entries()) checkNodeSelectorTerm(term, true, termsPath.index(index), errors);
}

/** One term; label values are not checked in preferences, which never matching may still be meant. */
export function checkNodeSelectorTerm(
  term: NodeSelectorTerm,
  checkValues: boolean,
  path: FieldPath,
  errors: FieldError[],
): void {
  for (const [index, requirement] of (term.matchExpressions ?? []).entries()) {
    checkLabelRequirement(requirement, checkValues, path.child("matchExpressions").index(index), errors);
  }
  for (const [index, requirement] of (term.matchFields ?? []).entries()) {
    checkFieldRequirement(requirement, path.child("matchFields").index(index), errors);
  }
}

function checkLabelRequirement(
  requirement: NodeSelectorRequirement,
  checkValues: boolean,
  path: FieldPath,
  errors: FieldError[],
): void {
  const { key, operator, values = [] } = requirement;
  const valuesPath = path.child("values");
  switch (operator) {
    case "In":
    case "NotIn":
      if (values.length === 0) {
        errors.push(requiredField(valuesPath, "must be specified when `operator` is 'In' or 'NotIn'"));
      }
      break;
    case "Exists":
    case "DoesNotExist":
      if (values.length > 0) {
        const text = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
        errors.push(forbiddenField(valuesPath, text));
      }
      break;
    case "Gt":
    case "Lt":
      if (values.length !== 1) {
        errors.push(requiredField(valuesPath, "must be specified single value when `operator` is 'Lt' or 'Gt'"));
      }
      break;
    default:
      errors.push(invalidField(path.child("operator"), operator ?? "", "not a valid selector operator"));
  }
  errors.push(...validateLabelName(key, path.child("key")));
  if (!checkValues) return;
  for (const [index, value] of values.entries()) {
    checkTexts(labelValueErrors(value), value, valuesPath.index(index), errors);
  }
}

function checkFieldRequirement(requirement: NodeSelectorRequirement, path: FieldPath, errors: FieldError[]): void {
  const { key, operator, values = [] } = requirement;
  if (operator === "In" || operator === "NotIn") {
    if (values.length !== 1) {
      const text = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
      errors.push(requiredField(path.child("values"), text));
    }
  } else {
    errors.push(invalidField(path.child("operator"), operator ?? "", "not a valid selector operator"));
  }
  if (key !== "metadata.name") {
    errors.push(invalidField(path.child("key"), key, "not a valid field selector key"));
    return;
  }
  for (const [index, value] of values.entries()) {
    checkTexts(subdomainName(value, false), value, path.child("values").index(index), errors);
  }
}
