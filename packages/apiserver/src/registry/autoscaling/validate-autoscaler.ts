import type {
  HPAScalingPolicy,
  HPAScalingRules,
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerSpec,
} from "@kube-ts/api/autoscaling/v2";
import { type FieldError, invalidField, notSupportedField, requiredField } from "@kube-ts/api/field-error";
import { type FieldPath, fieldPath } from "@kube-ts/api/field-path";
import { parseQuantity } from "@kube-ts/api/quantity";
import { subdomainName } from "../meta/object-names.ts";
import { checkNonNegative, notPositiveText } from "../meta/validate-fields.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { type ApiVersionRule, checkReference } from "./validate-reference.ts";
import { checkMetrics } from "./validate-metrics.ts";

const specPath = fieldPath("spec");
const targetPath = specPath.child("scaleTargetRef");
const statusPath = fieldPath("status");
const maxPeriodSeconds = 1800;
const maxWindowSeconds = 3600;
const selectPolicies = ["Disabled", "Max", "Min"];
const policyTypes = ["Percent", "Pods"];

export function validateAutoscaler(autoscaler: HorizontalPodAutoscaler): FieldError[] {
  const errors = validateObjectMeta(autoscaler.metadata, "Namespaced", subdomainName);
  checkSpec(autoscaler.spec, undefined, errors);
  return errors;
}

export function validateAutoscalerUpdate(
  autoscaler: HorizontalPodAutoscaler,
  old: HorizontalPodAutoscaler,
): FieldError[] {
  const errors = validateObjectMetaUpdate(autoscaler.metadata, old.metadata);
  checkSpec(autoscaler.spec, old.spec, errors);
  return errors;
}

export function validateAutoscalerStatusUpdate(
  autoscaler: HorizontalPodAutoscaler,
  old: HorizontalPodAutoscaler,
): FieldError[] {
  const errors = validateObjectMetaUpdate(autoscaler.metadata, old.metadata);
  for (const field of ["currentReplicas", "desiredReplicas"] as const) {
    checkNonNegative(autoscaler.status?.[field], statusPath.child(field), errors);
  }
  return errors;
}

function checkSpec(
  spec: HorizontalPodAutoscalerSpec,
  old: HorizontalPodAutoscalerSpec | undefined,
  errors: FieldError[],
): void {
  const { minReplicas, maxReplicas, behavior } = spec;
  const leastMin = old?.minReplicas === 0 ? 0 : 1;
  const maxPath = specPath.child("maxReplicas");
  if (minReplicas !== undefined && minReplicas < leastMin) {
    const text = `must be greater than or equal to ${leastMin}`;
    errors.push(invalidField(specPath.child("minReplicas"), minReplicas, text));
  }
  if (maxReplicas < 1) errors.push(invalidField(maxPath, maxReplicas, "must be greater than 0"));
  if (minReplicas !== undefined && maxReplicas < minReplicas) {
    errors.push(invalidField(maxPath, maxReplicas, "must be greater than or equal to `minReplicas`"));
  }
  checkReference(spec.scaleTargetRef, targetRule(spec, old), targetPath, errors);
  checkMetrics(spec, old, specPath.child("metrics"), errors);
  const behaviorPath = specPath.child("behavior");
  if (behavior?.scaleUp) checkRules(behavior.scaleUp, behaviorPath.child("scaleUp"), errors);
  if (behavior?.scaleDown) checkRules(behavior.scaleDown, behaviorPath.child("scaleDown"), errors);
}

/** Only replication controllers are of no group; a reference that stays may be wrong. */
function targetRule(
  { scaleTargetRef: target }: HorizontalPodAutoscalerSpec,
  old: HorizontalPodAutoscalerSpec | undefined,
): ApiVersionRule {
  const before = old?.scaleTargetRef;
  if (before && before.apiVersion === target.apiVersion && before.kind === target.kind) return "any";
  return target.kind === "ReplicationController" ? "parsable" : "grouped";
}

function checkRules(rules: HPAScalingRules, path: FieldPath, errors: FieldError[]): void {
  const { stabilizationWindowSeconds: window, selectPolicy, policies = [], tolerance } = rules;
  const windowPath = path.child("stabilizationWindowSeconds");
  if (window !== undefined && window < 0) {
    errors.push(invalidField(windowPath, window, "must be greater than or equal to zero"));
  }
  if (window !== undefined && window > maxWindowSeconds) {
    errors.push(invalidField(windowPath, window, `must be less than or equal to ${maxWindowSeconds}`));
  }
  if (selectPolicy !== undefined && !selectPolicies.includes(selectPolicy)) {
    errors.push(notSupportedField(path.child("selectPolicy"), selectPolicy, selectPolicies));
  }
  const policiesPath = path.child("policies");
  if (policies.length === 0) errors.push(requiredField(policiesPath, "must specify at least one Policy"));
  for (const [index, policy] of policies.entries()) checkPolicy(policy, policiesPath.index(index), errors);
  if (tolerance !== undefined && parseQuantity(tolerance).sign() < 0) {
    errors.push(invalidField(path.child("tolerance"), tolerance, "must be greater or equal to zero"));
  }
}

function checkPolicy({ type, value, periodSeconds }: HPAScalingPolicy, path: FieldPath, errors: FieldError[]): void {
  if (!policyTypes.includes(type)) errors.push(notSupportedField(path.child("type"), type, policyTypes));
  if (value <= 0) errors.push(invalidField(path.child("value"), value, notPositiveText));
  const periodPath = path.child("periodSeconds");
  if (periodSeconds <= 0) errors.push(invalidField(periodPath, periodSeconds, notPositiveText));
  if (periodSeconds > maxPeriodSeconds) {
    errors.push(invalidField(periodPath, periodSeconds, `must be less than or equal to ${maxPeriodSeconds}`));
  }
}
