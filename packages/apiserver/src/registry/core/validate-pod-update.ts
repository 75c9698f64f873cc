import type { Container, NodeAffinity, NodeSelectorTerm, Pod, PodSpec, Toleration } from "@kube-ts/api/core/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import { type FieldError, forbiddenField, invalidField, requiredField } from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { rangeError } from "@kube-ts/api/names";
import { describeChanges } from "../meta/describe-changes.ts";
import { isBlank } from "../meta/validate-fields.ts";
import { validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { checkImageWhitespace } from "./validate-container.ts";
import { annotationsPath, checkPod, podSpecPath } from "./validate-pod.ts";
import { checkPodAnnotationUpdate } from "./validate-pod-annotations.ts";
import { checkTolerations } from "./validate-tolerations.ts";

const maxInt32 = 2 ** 31 - 1;
const updatableFields = [
  "`spec.containers[*].image`",
  "`spec.initContainers[*].image`",
  "`spec.activeDeadlineSeconds`",
  "`spec.tolerations` (only additions to existing tolerations)",
  "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
].join(",");

/** A pod is what it was created as, but for a few fields. */
export function validatePodUpdate(pod: Pod, old: Pod): FieldError[] {
  const errors = validateObjectMetaUpdate(pod.metadata, old.metadata);
  checkPod(pod, errors);
  checkPodAnnotationUpdate(pod.metadata.annotations, old.metadata.annotations, annotationsPath, errors);
  for (const field of ["containers", "initContainers"] as const) {
    if (!checkImages(pod.spec[field] ?? [], old.spec[field] ?? [], podSpecPath.child(field), errors)) return errors;
  }
  if (!checkDeadline(pod.spec, old.spec, errors)) return errors;
  checkAddedTolerations(pod.spec.tolerations ?? [], old.spec.tolerations ?? [], errors);
  checkRemovedGates(pod.spec, old.spec, errors);
  if (semanticEqual(pod.spec, old.spec)) return errors;
  const comparable = withUpdatableFieldsOf(pod.spec, old.spec);
  if (old.spec.schedulingGates?.length) checkGatedPlacement(comparable, old.spec, errors);
  if (!semanticEqual(comparable, old.spec)) {
    const changes = describeChanges(old.spec, comparable, "spec");
    const text = `pod updates may not change fields other than ${updatableFields}\n${changes}`;
    errors.push(forbiddenField(podSpecPath, text));
  }
  return errors;
}

/** Whether the lists correspond, so that they can be compared further. */
function checkImages(
  containers: readonly Container[],
  old: readonly Container[],
  path: FieldPath,
  errors: FieldError[],
): boolean {
  if (containers.length !== old.length) {
    errors.push(forbiddenField(path, "pod updates may not add or remove containers"));
    return false;
  }
  for (const [index, container] of containers.entries()) {
    if (isBlank(container.image)) errors.push(requiredField(path.index(index).child("image"), ""));
    checkImageWhitespace(container, path.index(index), errors);
  }
  return true;
}

/** A deadline can be set, and brought forward. */
function checkDeadline(spec: PodSpec, old: PodSpec, errors: FieldError[]): boolean {
  const path = podSpecPath.child("activeDeadlineSeconds");
  const { activeDeadlineSeconds: seconds } = spec;
  const { activeDeadlineSeconds: oldSeconds } = old;
  if (seconds === undefined) {
    if (oldSeconds !== undefined) {
      errors.push(invalidField(path, null, "must not update from a positive integer to nil value"));
    }
    return true;
  }
  if (seconds < 0 || seconds > maxInt32) {
    errors.push(invalidField(path, seconds, rangeError(0, maxInt32)));
    return false;
  }
  if (oldSeconds !== undefined && oldSeconds < seconds) {
    errors.push(invalidField(path, seconds, "must be less than or equal to previous value"));
    return false;
  }
  return true;
}

function checkAddedTolerations(
  tolerations: readonly Toleration[],
  old: readonly Toleration[],
  errors: FieldError[],
): void {
  const path = podSpecPath.child("tolerations");
  const kept = old.every((before) =>
    tolerations.some((toleration) => {
      const { tolerationSeconds: _changes, ...fixed } = toleration;
      const { tolerationSeconds: _changed, ...fixedBefore } = before;
      return semanticEqual(fixed, fixedBefore);
    }),
  );
  if (kept) checkTolerations(tolerations, path, errors);
  else errors.push(forbiddenField(path, "existing toleration can not be modified except its tolerationSeconds"));
}

function checkRemovedGates(spec: PodSpec, old: PodSpec, errors: FieldError[]): void {
  const before = new Set(old.schedulingGates?.map((gate) => gate.name));
  for (const [index, { name }] of (spec.schedulingGates ?? []).entries()) {
    if (before.has(name)) continue;
    const text = `only deletion is allowed, but found new scheduling gate '${name}'`;
    errors.push(forbiddenField(podSpecPath.child("schedulingGates").index(index).child("name"), text));
  }
}

/** The new spec with the old values of all that may change. */
function withUpdatableFieldsOf(spec: PodSpec, old: PodSpec): PodSpec {
  const comparable: PodSpec = { ...spec, containers: withImagesOf(spec.containers, old.containers) };
  if (spec.initContainers) comparable.initContainers = withImagesOf(spec.initContainers, old.initContainers ?? []);
  setOrDelete(comparable, "activeDeadlineSeconds", old.activeDeadlineSeconds);
  setOrDelete(comparable, "schedulingGates", old.schedulingGates);
  setOrDelete(comparable, "tolerations", old.tolerations);
  const oldGrace = old.terminationGracePeriodSeconds;
  if (oldGrace !== undefined && oldGrace < 0 && spec.terminationGracePeriodSeconds === 1) {
    comparable.terminationGracePeriodSeconds = oldGrace;
  }
  return comparable;
}

function withImagesOf(containers: readonly Container[], old: readonly Container[]): Container[] {
  return containers.map((container, index) => {
    const { image: _changes, ...fixed } = container;
    const image = old[index]?.image;
    return image === undefined ? fixed : { ...fixed, image };
  });
}

function setOrDelete<K extends keyof PodSpec>(spec: PodSpec, field: K, value: PodSpec[K]): void {
  if (value === undefined) delete spec[field];
  else spec[field] = value;
}

/** A pod that is not to be scheduled yet may be narrowed to fewer nodes. Makes what it allows equal to the old. */
function checkGatedPlacement(comparable: PodSpec, old: PodSpec, errors: FieldError[]): void {
  if (!semanticEqual(comparable.nodeSelector, old.nodeSelector)) {
    const isNarrower = Object.entries(old.nodeSelector ?? {}).every(
      ([key, value]) => comparable.nodeSelector?.[key] === value,
    );
    if (!isNarrower) {
      const text = "only additions to spec.nodeSelector are allowed (no mutations or deletions)";
      errors.push(invalidField(podSpecPath.child("nodeSelector"), comparable.nodeSelector, text));
    }
    setOrDelete(comparable, "nodeSelector", old.nodeSelector);
  }
  const affinity = comparable.affinity?.nodeAffinity;
  const oldAffinity = old.affinity?.nodeAffinity;
  if (semanticEqual(affinity, oldAffinity)) return;
  checkNodeAffinityNarrowed(affinity, oldAffinity, errors);
  const { nodeAffinity: _compared, ...others } = comparable.affinity ?? {};
  comparable.affinity = oldAffinity === undefined ? others : { ...others, nodeAffinity: oldAffinity };
}

function checkNodeAffinityNarrowed(
  affinity: NodeAffinity | undefined,
  old: NodeAffinity | undefined,
  errors: FieldError[],
): void {
  const required = "requiredDuringSchedulingIgnoredDuringExecution";
  const oldTerms = old?.[required]?.nodeSelectorTerms ?? [];
  const terms = affinity?.[required]?.nodeSelectorTerms ?? [];
  if (oldTerms.length === 0) return;
  const path = podSpecPath.child("affinity", "nodeAffinity", required, "nodeSelectorTerms");
  if (terms.length !== oldTerms.length) {
    const text = "no additions/deletions to non-empty NodeSelectorTerms list are allowed";
    errors.push(invalidField(path, terms, text));
    return;
  }
  for (const [index, oldTerm] of oldTerms.entries()) {
    const term = terms[index] ?? {};
    if (hasOnlyAdditions(term, oldTerm)) continue;
    errors.push(invalidField(path.index(index), term, "only additions are allowed (no mutations or deletions)"));
  }
}

function hasOnlyAdditions(term: NodeSelectorTerm, old: NodeSelectorTerm): boolean {
  const oldExpressions = old.matchExpressions ?? [];
  const oldFields = old.matchFields ?? [];
  if (oldExpressions.length === 0 && oldFields.length === 0) {
    return !term.matchExpressions?.length && !term.matchFields?.length;
  }
  return (
    semanticEqual(term.matchExpressions?.slice(0, oldExpressions.length), oldExpressions) &&
    semanticEqual(term.matchFields?.slice(0, oldFields.length), oldFields)
  );
}
