import type { Affinity, NodeAffinity, PodAffinity, PodAffinityTerm, PodAntiAffinity } from "@kube-ts/api/core/v1";
import { type FieldError, forbiddenField, invalidField, requiredField } from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { dns1123LabelErrors } from "@kube-ts/api/names";
import { validateLabelName, validateLabelSelector } from "@kube-ts/api/selectors";
import { checkTexts, isBlank } from "../meta/validate-fields.ts";
import { checkKeysSelectedOnce } from "./label-keys.ts";
import { checkNodeSelector, checkNodeSelectorTerm } from "./validate-node-selector.ts";

const required = "requiredDuringSchedulingIgnoredDuringExecution";
const preferred = "preferredDuringSchedulingIgnoredDuringExecution";

export function checkAffinity(affinity: Affinity, path: FieldPath, errors: FieldError[]): void {
  const { nodeAffinity, podAffinity, podAntiAffinity } = affinity;
  if (nodeAffinity) checkNodeAffinity(nodeAffinity, path.child("nodeAffinity"), errors);
  if (podAffinity) checkPodTerms(podAffinity, path.child("podAffinity"), errors);
  if (podAntiAffinity) checkPodTerms(podAntiAffinity, path.child("podAntiAffinity"), errors);
}

function checkNodeAffinity(affinity: NodeAffinity, path: FieldPath, errors: FieldError[]): void {
  if (affinity[required]) checkNodeSelector(affinity[required], path.child(required), errors);
  for (const [index, { weight, preference }] of (affinity[preferred] ?? []).entries()) {
    const termPath = path.child(preferred).index(index);
    checkWeight(weight, termPath, errors);
    checkNodeSelectorTerm(preference, false, termPath.child("preference"), errors);
  }
}

function checkPodTerms(affinity: PodAffinity | PodAntiAffinity, path: FieldPath, errors: FieldError[]): void {
  for (const [index, term] of (affinity[required] ?? []).entries()) {
    checkPodTerm(term, path.child(required).index(index), errors);
  }
  for (const [index, { weight, podAffinityTerm }] of (affinity[preferred] ?? []).entries()) {
    const termPath = path.child(preferred).index(index);
    checkWeight(weight, termPath, errors);
    checkPodTerm(podAffinityTerm, termPath.child("podAffinityTerm"), errors);
  }
}

function checkWeight(weight: number, path: FieldPath, errors: FieldError[]): void {
  if (weight <= 0 || weight > 100) {
    errors.push(invalidField(path.child("weight"), weight, "must be in the range 1-100"));
  }
}

function checkPodTerm(term: PodAffinityTerm, path: FieldPath, errors: FieldError[]): void {
  errors.push(...validateLabelSelector(term.labelSelector, path.child("labelSelector")));
  errors.push(...validateLabelSelector(term.namespaceSelector, path.child("namespaceSelector")));
  for (const name of term.namespaces ?? []) {
    checkTexts(dns1123LabelErrors(name), name, path.child("namespace"), errors);
  }
  checkLabelKeys(term, path, errors);
  if (isBlank(term.topologyKey)) errors.push(requiredField(path.child("topologyKey"), "can not be empty"));
  errors.push(...validateLabelName(term.topologyKey ?? "", path.child("topologyKey")));
}

function checkLabelKeys(term: PodAffinityTerm, path: FieldPath, errors: FieldError[]): void {
  const { labelSelector, matchLabelKeys = [], mismatchLabelKeys = [] } = term;
  for (const field of ["matchLabelKeys", "mismatchLabelKeys"] as const) {
    const keys = term[field] ?? [];
    if (keys.length > 0 && labelSelector === undefined) {
      errors.push(forbiddenField(path.child(field), "must not be specified when labelSelector is not set"));
      continue;
    }
    for (const [index, key] of keys.entries()) errors.push(...validateLabelName(key, path.child(field).index(index)));
  }
  checkKeysSelectedOnce(matchLabelKeys, labelSelector, path, errors);
  for (const [index, key] of matchLabelKeys.entries()) {
    if (!mismatchLabelKeys.includes(key)) continue;
    const text = "exists in both matchLabelKeys and mismatchLabelKeys";
    errors.push(invalidField(path.child("matchLabelKeys").index(index), key, text));
  }
}
