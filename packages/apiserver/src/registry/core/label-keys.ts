import type { Pod, PodAffinityTerm } from "@kube-ts/api/core/v1";
import { type FieldError, invalidField } from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import type { LabelSelector, LabelSelectorOperator } from "@kube-ts/api/meta/v1";

/**
 * Turns the label keys of a new pod's affinity terms and spread constraints into requirements on the pod's own
 * values, so that the scheduler need not know of them.
 */
export function mergeLabelKeys(pod: Pod): void {
  const { affinity, topologySpreadConstraints } = pod.spec;
  for (const terms of [affinity?.podAffinity, affinity?.podAntiAffinity]) {
    for (const term of terms?.requiredDuringSchedulingIgnoredDuringExecution ?? []) mergeTerm(term, pod);
    for (const { podAffinityTerm } of terms?.preferredDuringSchedulingIgnoredDuringExecution ?? []) {
      mergeTerm(podAffinityTerm, pod);
    }
  }
  for (const { labelSelector, matchLabelKeys } of topologySpreadConstraints ?? []) {
    addRequirements(labelSelector, matchLabelKeys, "In", pod);
  }
}

/** A key of the pod may not be selected on beside the requirement that `mergeLabelKeys` made of it. */
export function checkKeysSelectedOnce(
  keys: readonly string[],
  selector: LabelSelector | undefined,
  path: FieldPath,
  errors: FieldError[],
): void {
  const selected = new Set(Object.keys(selector?.matchLabels ?? {}));
  for (const { key } of selector?.matchExpressions ?? []) {
    const index = keys.lastIndexOf(key);
    if (index >= 0 && selected.has(key)) {
      errors.push(invalidField(path.index(index), key, "exists in both matchLabelKeys and labelSelector"));
    }
    selected.add(key);
  }
}

function mergeTerm(term: PodAffinityTerm, pod: Pod): void {
  addRequirements(term.labelSelector, term.matchLabelKeys, "In", pod);
  addRequirements(term.labelSelector, term.mismatchLabelKeys, "NotIn", pod);
}

function addRequirements(
  selector: LabelSelector | undefined,
  keys: readonly string[] | undefined,
  operator: LabelSelectorOperator,
  pod: Pod,
): void {
  if (selector === undefined) return;
  for (const key of keys ?? []) {
    const value = pod.metadata.labels?.[key];
    if (value === undefined) continue;
    selector.matchExpressions ??= [];
    selector.matchExpressions.push({ key, operator, values: [value] });
  }
}
