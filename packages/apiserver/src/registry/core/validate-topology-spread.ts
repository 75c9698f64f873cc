import type { TopologySpreadConstraint } from "@kube-ts/api/core/v1";
import {
  type FieldError,
  duplicateField,
  forbiddenField,
  invalidField,
  notSupportedField,
  requiredField,
} from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { validateLabelName, validateLabelSelector } from "@kube-ts/api/selectors";
import { checkChoice, isBlank, notPositiveText } from "../meta/validate-fields.ts";
import { checkKeysSelectedOnce } from "./label-keys.ts";

const actions = ["DoNotSchedule", "ScheduleAnyway"];
const policies = ["Honor", "Ignore"];

export function checkTopologySpread(
  constraints: readonly TopologySpreadConstraint[],
  path: FieldPath,
  errors: FieldError[],
): void {
  for (const [index, constraint] of constraints.entries()) {
    const itemPath = path.index(index);
    checkConstraint(constraint, itemPath, errors);
    const repeated = constraints
      .slice(index + 1)
      .some(
        (other) =>
          other.topologyKey === constraint.topologyKey && other.whenUnsatisfiable === constraint.whenUnsatisfiable,
      );
    if (repeated) {
      const pair = `{${constraint.topologyKey}, ${constraint.whenUnsatisfiable}}`;
      errors.push(duplicateField(itemPath.child("{topologyKey, whenUnsatisfiable}"), pair));
    }
  }
}

function checkConstraint(constraint: TopologySpreadConstraint, path: FieldPath, errors: FieldError[]): void {
  const { maxSkew, topologyKey, whenUnsatisfiable, minDomains, labelSelector } = constraint;
  if (maxSkew <= 0) errors.push(invalidField(path.child("maxSkew"), maxSkew, notPositiveText));
  if (isBlank(topologyKey)) errors.push(requiredField(path.child("topologyKey"), "can not be empty"));
  if (!actions.includes(whenUnsatisfiable)) {
    errors.push(notSupportedField(path.child("whenUnsatisfiable"), whenUnsatisfiable ?? "", actions));
  }
  if (minDomains !== undefined) {
    if (minDomains <= 0) errors.push(invalidField(path.child("minDomains"), minDomains, notPositiveText));
    if (whenUnsatisfiable !== "DoNotSchedule") {
      const text = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`;
      errors.push(invalidField(path.child("minDomains"), minDomains, text));
    }
  }
  checkChoice(constraint.nodeAffinityPolicy, policies, path.child("nodeAffinityPolicy"), errors);
  checkChoice(constraint.nodeTaintsPolicy, policies, path.child("nodeTaintsPolicy"), errors);
  checkMatchLabelKeys(constraint, path.child("matchLabelKeys"), errors);
  errors.push(...validateLabelSelector(labelSelector, path.child("labelSelector")));
}

function checkMatchLabelKeys(constraint: TopologySpreadConstraint, path: FieldPath, errors: FieldError[]): void {
  const { matchLabelKeys = [], labelSelector } = constraint;
  if (matchLabelKeys.length === 0) return;
  if (labelSelector === undefined) {
    errors.push(forbiddenField(path, "must not be specified when labelSelector is not set"));
  }
  for (const [index, key] of matchLabelKeys.entries()) errors.push(...validateLabelName(key, path.index(index)));
  checkKeysSelectedOnce(matchLabelKeys, labelSelector, path, errors);
}
