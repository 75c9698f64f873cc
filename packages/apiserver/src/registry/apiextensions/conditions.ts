import type {
  ConditionStatus,
  CustomResourceDefinition,
  CustomResourceDefinitionCondition,
} from "@kube-ts/api/apiextensions/v1";

export type ConditionType =
  | "Established"
  | "NamesAccepted"
  | "NonStructuralSchema"
  | "Terminating"
  | "KubernetesAPIApprovalPolicyConformant";

/** A condition without its time. */
export interface ConditionDraft {
  readonly type: ConditionType;
  readonly status: ConditionStatus;
  readonly reason: string;
  readonly message: string;
}

export function findCondition(
  { status }: CustomResourceDefinition,
  type: ConditionType,
): CustomResourceDefinitionCondition | undefined {
  return status?.conditions?.find((condition) => condition.type === type);
}

export function isConditionTrue(definition: CustomResourceDefinition, type: ConditionType): boolean {
  return findCondition(definition, type)?.status === "True";
}

/** Whether the condition says what the draft does. */
export function isSameCondition(
  draft: ConditionDraft | undefined,
  condition: CustomResourceDefinitionCondition | undefined,
): boolean {
  if (!draft || !condition) return draft === condition;
  return draft.status === condition.status && draft.reason === condition.reason && draft.message === condition.message;
}

/** Sets a condition, in place; its time changes with its status only. */
export function setCondition(definition: CustomResourceDefinition, draft: ConditionDraft, now: string): void {
  definition.status ??= {};
  const conditions = (definition.status.conditions ??= []);
  const known = conditions.find((condition) => condition.type === draft.type);
  const { type, status, reason, message } = draft;
  if (!known) {
    conditions.push({ type, status, lastTransitionTime: now, reason, message });
    return;
  }
  if (known.status !== status || !known.lastTransitionTime) known.lastTransitionTime = now;
  known.status = status;
  known.reason = reason;
  known.message = message;
}

export function removeCondition({ status }: CustomResourceDefinition, type: ConditionType): void {
  if (status?.conditions) status.conditions = status.conditions.filter((condition) => condition.type !== type);
}
