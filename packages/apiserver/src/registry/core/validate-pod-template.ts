import type { PodTemplate, PodTemplateSpec } from "@kube-ts/api/core/v1";
import { type FieldError, forbiddenField } from "@kube-ts/api/field-error";
import { type FieldPath, fieldPath } from "@kube-ts/api/field-path";
import { validateLabels } from "@kube-ts/api/selectors";
import { subdomainName } from "../meta/object-names.ts";
import { checkAnnotations, validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { checkPodAnnotations, checkProfilesMatchAnnotations } from "./validate-pod-annotations.ts";
import { checkPodSpec, templateOwner } from "./validate-pod-spec.ts";

const templatePath = fieldPath("template");

/** The template of pods in another object. Its spec has been defaulted, so that it is there. */
export function checkPodTemplate(template: PodTemplateSpec, path: FieldPath, errors: FieldError[]): void {
  const { metadata, spec } = template;
  checkTemplateMetadata(template, path, errors);
  if (spec === undefined) return;
  const specPath = path.child("spec");
  checkPodSpec(spec, templateOwner, specPath, errors);
  checkProfilesMatchAnnotations(metadata?.annotations, spec, specPath, errors);
  if (spec.ephemeralContainers?.length) {
    const text = "ephemeral containers not allowed in pod template";
    errors.push(forbiddenField(specPath.child("ephemeralContainers"), text));
  }
}

/** Only the labels and annotations of a template. */
function checkTemplateMetadata(template: PodTemplateSpec, path: FieldPath, errors: FieldError[]): void {
  const { metadata, spec } = template;
  if (metadata?.labels) errors.push(...validateLabels(metadata.labels, path.child("labels")));
  if (metadata?.annotations === undefined) return;
  checkAnnotations(metadata.annotations, path.child("annotations"), errors);
  if (spec) checkPodAnnotations(metadata.annotations, spec, path.child("annotations"), errors);
}

export function validatePodTemplate(object: PodTemplate): FieldError[] {
  const errors = validateObjectMeta(object.metadata, "Namespaced", subdomainName);
  if (object.template) checkPodTemplate(object.template, templatePath, errors);
  return errors;
}

export function validatePodTemplateUpdate(object: PodTemplate, old: PodTemplate): FieldError[] {
  const errors = validateObjectMetaUpdate(object.metadata, old.metadata);
  if (object.template) checkPodTemplate(object.template, templatePath, errors);
  return errors;
}
