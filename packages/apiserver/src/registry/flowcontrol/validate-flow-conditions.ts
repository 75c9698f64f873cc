import type { FlowSchemaCondition, PriorityLevelConfigurationCondition } from "@kube-ts/api/flowcontrol/v1";
import { type FieldError, duplicateField, requiredField } from "@kube-ts/api/field-error";
import { fieldPath } from "@kube-ts/api/field-path";
import { isBlank } from "../meta/validate-fields.ts";

const conditionsPath = fieldPath("status", "conditions");

/** The conditions of schemas and levels: only their types matter. */
export function checkFlowConditions(
  conditions: readonly (FlowSchemaCondition | PriorityLevelConfigurationCondition)[] | undefined,
  errors: FieldError[],
): void {
  const types = new Set<string>();
  for (const [index, { type = "" }] of (conditions ?? []).entries()) {
    const path = conditionsPath.index(index).child("type");
    if (types.has(type)) errors.push(duplicateField(path, type));
    types.add(type);
    if (isBlank(type)) errors.push(requiredField(path, "must not be empty"));
  }
}
