import type { PodTemplateSpec } from "@kube-ts/api/core/v1";
import {
  type FieldError,
  forbiddenField,
  invalidField,
  notSupportedField,
  requiredField,
} from "@kube-ts/api/field-error";
import { type FieldPath, fieldPath } from "@kube-ts/api/field-path";
import type { LabelSelector } from "@kube-ts/api/meta/v1";
import { type Selector, SelectorError, selectorOf, validateLabelSelector } from "@kube-ts/api/selectors";
import { checkPodTemplate } from "../core/validate-pod-template.ts";

const specPath = fieldPath("spec");
export const selectorPath: FieldPath = specPath.child("selector");
export const templatePath: FieldPath = specPath.child("template");

/** A selector that there has to be and that has to select on something; `owner` is how upstream names the resource. */
export function checkRequiredSelector(
  selector: LabelSelector | undefined,
  owner: string,
  errors: FieldError[],
): Selector | undefined {
  if (selector === undefined) {
    errors.push(requiredField(selectorPath, ""));
  } else {
    errors.push(...validateLabelSelector(selector, selectorPath));
    if (isEmptySelector(selector)) {
      errors.push(invalidField(selectorPath, selector, `empty selector is invalid for ${owner}`));
    }
  }
  return matcherOf(selector);
}

export function isEmptySelector(selector: LabelSelector): boolean {
  return Object.keys(selector.matchLabels ?? {}).length === 0 && !selector.matchExpressions?.length;
}

/** The matcher of a selector, or undefined when it is invalid. */
export function matcherOf(selector: LabelSelector | undefined): Selector | undefined {
  try {
    return selectorOf(selector);
  } catch (error) {
    if (error instanceof SelectorError) return undefined;
    throw error;
  }
}

/** The pods of a template have to be ones that the selector selects. */
export function checkSelectorMatches(
  selector: Selector,
  template: PodTemplateSpec,
  path: FieldPath,
  errors: FieldError[],
): void {
  const labels = template.metadata?.labels;
  if (selector.matches(labels)) return;
  const text = "`selector` does not match template `labels`";
  errors.push(invalidField(path.child("metadata", "labels"), labels ?? null, text));
}

/** Pods that a controller keeps running always restart and have no deadline. */
export function checkLastingPods(template: PodTemplateSpec, owner: string, errors: FieldError[]): void {
  const podPath = templatePath.child("spec");
  const policy = template.spec?.restartPolicy ?? "";
  if (policy !== "Always") errors.push(notSupportedField(podPath.child("restartPolicy"), policy, ["Always"]));
  if (template.spec?.activeDeadlineSeconds !== undefined) {
    const text = `activeDeadlineSeconds in ${owner} is not Supported`;
    errors.push(forbiddenField(podPath.child("activeDeadlineSeconds"), text));
  }
}

/** The template of a replica set, or of what makes replica sets, against its selector. */
export function checkReplicaTemplate(
  template: PodTemplateSpec,
  selector: Selector | undefined,
  value: LabelSelector | undefined,
  errors: FieldError[],
): void {
  if (selector === undefined) {
    errors.push(invalidField(selectorPath, value, "invalid label selector"));
    return;
  }
  if (!selector.isNothing && !selector.isEverything) {
    checkSelectorMatches(selector, template, templatePath, errors);
  }
  checkPodTemplate(template, templatePath, errors);
  checkLastingPods(template, "ReplicaSet", errors);
}
