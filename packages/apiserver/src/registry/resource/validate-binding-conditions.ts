import { type FieldError, duplicateField, invalidField } from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { validateLabelName } from "@kube-ts/api/selectors";
import { checkLimitedList } from "./limited-list.ts";

const maxConditions = 4;

interface WithBindingConditions {
  readonly bindingConditions?: readonly string[];
  readonly bindingFailureConditions?: readonly string[];
}

/** The conditions that a device waits for, and those that say that waiting is in vain: both or none. */
export function checkBindingConditions(
  { bindingConditions: waited = [], bindingFailureConditions: failed = [] }: WithBindingConditions,
  path: FieldPath,
  errors: FieldError[],
): void {
  const waitedPath = path.child("bindingConditions");
  const failedPath = path.child("bindingFailureConditions");
  const check = (name: string, itemPath: FieldPath) => void errors.push(...validateLabelName(name, itemPath));
  checkLimitedList(waited, maxConditions, check, waitedPath, errors);
  checkLimitedList(failed, maxConditions, check, failedPath, errors);
  for (const [index, name] of waited.entries()) {
    if (waited.indexOf(name) < index) errors.push(duplicateField(waitedPath.index(index), name));
  }
  for (const [index, name] of failed.entries()) {
    if (failed.indexOf(name) < index) errors.push(duplicateField(failedPath.index(index), name));
    if (waited.includes(name)) {
      const text = "bindingFailureConditions must not overlap with bindingConditions";
      errors.push(invalidField(failedPath.index(index), name, text));
    }
  }
  if (waited.length === 0 && failed.length > 0) {
    const text = "bindingConditions are required to use bindingFailureConditions";
    errors.push(invalidField(waitedPath, waited, text));
  }
  if (failed.length === 0 && waited.length > 0) {
    const text = "bindingFailureConditions are required to use bindingConditions";
    errors.push(invalidField(failedPath, failed, text));
  }
}
