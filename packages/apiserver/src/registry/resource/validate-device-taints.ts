import { type FieldError, invalidField, notSupportedField, requiredField } from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { labelValueErrors } from "@kube-ts/api/names";
import type { DeviceTaint, DeviceToleration } from "@kube-ts/api/resource/v1";
import { validateLabelName } from "@kube-ts/api/selectors";
import { checkRequiredChoice, checkTexts, isBlank } from "../meta/validate-fields.ts";

const effects = ["NoExecute", "NoSchedule", "None"];
const operators = ["Equal", "Exists"];

export function checkDeviceTaint(taint: DeviceTaint, path: FieldPath, errors: FieldError[]): void {
  errors.push(...validateLabelName(taint.key, path.child("key")));
  const { value } = taint;
  if (!isBlank(value)) checkTexts(labelValueErrors(value), value, path.child("value"), errors);
  checkRequiredChoice(taint.effect, effects, path.child("effect"), errors);
}

export function checkDeviceTolerations(
  tolerations: readonly DeviceToleration[] | undefined,
  path: FieldPath,
  errors: FieldError[],
): void {
  for (const [index, toleration] of (tolerations ?? []).entries()) {
    checkToleration(toleration, path.index(index), errors);
  }
}

function checkToleration(toleration: DeviceToleration, path: FieldPath, errors: FieldError[]): void {
  const { key, operator, value = "", effect } = toleration;
  if (!isBlank(key)) errors.push(...validateLabelName(key, path.child("key")));
  if (operator === "Exists") {
    if (value !== "") errors.push(invalidField(path.child("value"), value, "must be empty for operator `Exists`"));
  } else if (operator === "Equal") {
    checkTexts(labelValueErrors(value), value, path.child("value"), errors);
  } else if (isBlank(operator)) {
    errors.push(requiredField(path.child("operator"), ""));
  } else {
    errors.push(notSupportedField(path.child("operator"), operator, operators));
  }
  if (!isBlank(effect) && !effects.includes(effect)) {
    errors.push(notSupportedField(path.child("effect"), effect, effects));
  }
}
