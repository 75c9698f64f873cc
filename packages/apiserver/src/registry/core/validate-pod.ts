import type { Pod } from "@kube-ts/api/core/v1";
import { type FieldError, forbiddenField } from "@kube-ts/api/field-error";
import { fieldPath } from "@kube-ts/api/field-path";
import { subdomainName } from "../meta/object-names.ts";
import { metadataPath, validateObjectMeta } from "../meta/validate-object-meta.ts";
import { checkImageWhitespace } from "./validate-container.ts";
import { checkPodAnnotations, checkProfilesMatchAnnotations } from "./validate-pod-annotations.ts";
import { checkPodSpec } from "./validate-pod-spec.ts";

export const podSpecPath = fieldPath("spec");
export const annotationsPath = metadataPath.child("annotations");

export function validatePodCreate(pod: Pod): FieldError[] {
  const errors: FieldError[] = [];
  checkPod(pod, errors);
  if (pod.spec.ephemeralContainers?.length) {
    errors.push(forbiddenField(podSpecPath.child("ephemeralContainers"), "cannot be set on create"));
  }
  if (pod.spec.nodeName && pod.spec.schedulingGates?.length) {
    const text = "cannot be set until all schedulingGates have been cleared";
    errors.push(forbiddenField(podSpecPath.child("nodeName"), text));
  }
  checkProfilesMatchAnnotations(pod.metadata.annotations, pod.spec, podSpecPath, errors);
  return errors;
}

/** The rules that every state of a pod has to meet. */
export function checkPod(pod: Pod, errors: FieldError[]): void {
  errors.push(...validateObjectMeta(pod.metadata, "Namespaced", subdomainName));
  checkPodAnnotations(pod.metadata.annotations, pod.spec, annotationsPath, errors);
  checkPodSpec(pod.spec, { isPod: true, podName: pod.metadata.name ?? "" }, podSpecPath, errors);
  if (!pod.spec.serviceAccountName) checkNoTokens(pod, errors);
  for (const field of ["containers", "initContainers"] as const) {
    for (const [index, container] of (pod.spec[field] ?? []).entries()) {
      checkImageWhitespace(container, podSpecPath.child(field).index(index), errors);
    }
  }
}

function checkNoTokens(pod: Pod, errors: FieldError[]): void {
  for (const [index, volume] of (pod.spec.volumes ?? []).entries()) {
    for (const [at, source] of (volume.projected?.sources ?? []).entries()) {
      if (!source.serviceAccountToken) continue;
      const sourcesPath = podSpecPath.child("volumes").index(index).child("projected", "sources");
      const text = "must not be specified when serviceAccountName is not set";
      errors.push(forbiddenField(sourcesPath.index(at).child("serviceAccountToken"), text));
    }
  }
}
