import type { Taint, Toleration } from "@kube-ts/api/core/v1";
import {
  type FieldError,
  duplicateField,
  invalidField,
  notSupportedField,
  requiredField,
} from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { labelValueErrors } from "@kube-ts/api/names";
import { validateLabelName } from "@kube-ts/api/selectors";
import { isBlank } from "../meta/validate-fields.ts";

const effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

export function checkTolerations(tolerations: readonly Toleration[], path: FieldPath, errors: FieldError[]): void {
  for (const [index, toleration] of tolerations.entries()) checkToleration(toleration, path.index(index), errors);
}

export function checkTaints(taints: readonly Taint[], path: FieldPath, errors: FieldError[]): void {
  const seen = new Set<string>();
  for (const [index, taint] of taints.entries()) {
    const itemPath = path.index(index);
    errors.push(...validateLabelName(taint.key, itemPath.child("key")));
    const value = taint.value ?? "";
    const valueTexts = labelValueErrors(value);
    if (valueTexts.length > 0) errors.push(invalidField(itemPath.child("value"), value, valueTexts.join(";")));
    if (isBlank(taint.effect)) errors.push(requiredField(itemPath.child("effect"), ""));
    else if (!effects.includes(taint.effect)) {
      errors.push(notSupportedField(itemPath.child("effect"), taint.effect, effects));
    }
    const identity = `${taint.effect}/${taint.key}`;
    if (seen.has(identity)) {
      const detail = "taints must be unique by key and effect pair";
      errors.push({ ...duplicateField(itemPath, taint), detail });
    }
    seen.add(identity);
  }
}

function checkToleration(toleration: Toleration, path: FieldPath, errors: FieldError[]): void {
  const { key = "", operator, value = "", effect, tolerationSeconds } = toleration;
  if (key !== "") errors.push(...validateLabelName(key, path.child("key")));
  if (key === "" && operator !== "Exists") {
    const text = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
    errors.push(invalidField(path.child("operator"), operator ?? "", text));
  }
  if (tolerationSeconds !== undefined && effect !== "NoExecute") {
    const text = "effect must be 'NoExecute' when `tolerationSeconds` is set";
    errors.push(invalidField(path.child("effect"), effect ?? "", text));
  }
  switch (operator) {
    case undefined:
    case "Equal": {
      const texts = labelValueErrors(value);
      if (texts.length > 0) errors.push(invalidField(path.child("operator"), value, texts.join(";")));
      break;
    }
    case "Exists":
      if (value !== "") {
        errors.push(invalidField(path.child("operator"), value, "value must be empty when `operator` is 'Exists'"));
      }
      break;
    case "Lt":
    case "Gt":
    default:
      errors.push(notSupportedField(path.child("operator"), operator, ["Equal", "Exists"]));
  }
  if (!isBlank(effect) && !effects.includes(effect)) {
    errors.push(notSupportedField(path.child("effect"), effect, effects));
  }
}
