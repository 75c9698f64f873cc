import type { Container, Pod, PodSpec, ResourceList, ResourceRequirements } from "@kube-ts/api/core/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import { type FieldError, forbiddenField, invalidField } from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { goQuote } from "@kube-ts/api/go-quote";
import { isSidecar, podQosClass } from "@kube-ts/api/pod-resources";
import { mirrorPodAnnotation } from "@kube-ts/api/well-known-labels";
import { describeChanges } from "../meta/describe-changes.ts";
import { validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { annotationsPath, checkPod, podSpecPath } from "./validate-pod.ts";
import { checkPodAnnotationUpdate } from "./validate-pod-annotations.ts";

/** A write to the `ephemeralcontainers` part: containers are only ever added. */
export function validateEphemeralContainersUpdate(pod: Pod, old: Pod): FieldError[] {
  if (old.metadata.annotations?.[mirrorPodAnnotation] !== undefined) {
    return [forbiddenField("", "static pods do not support ephemeral containers")];
  }
  const errors = validateObjectMetaUpdate(pod.metadata, old.metadata);
  checkPod(pod, errors);
  checkPodAnnotationUpdate(pod.metadata.annotations, old.metadata.annotations, annotationsPath, errors);
  const path = podSpecPath.child("ephemeralContainers");
  for (const before of old.spec.ephemeralContainers ?? []) {
    const now = pod.spec.ephemeralContainers?.findLast((container) => container.name === before.name);
    const name = goQuote(before.name);
    if (now === undefined) {
      errors.push(forbiddenField(path, `existing ephemeral containers ${name} may not be removed\n`));
    } else if (!semanticEqual(before, now)) {
      const changes = describeChanges(before, now, before.name);
      errors.push(forbiddenField(path, `existing ephemeral containers ${name} may not be changed\n${changes}`));
    }
  }
  return errors;
}

/** A write to the `resize` part: cpu and memory of containers and sidecars may change. */
export function validatePodResize(pod: Pod, old: Pod): FieldError[] {
  const refusal = resizeRefusal(pod, old);
  if (refusal !== undefined) return [forbiddenField("", refusal)];
  const errors = validateObjectMetaUpdate(pod.metadata, old.metadata);
  checkPod(pod, errors);
  const oldClass = old.status?.qosClass ?? podQosClass(old);
  if (oldClass !== podQosClass(pod)) {
    const text = "Pod QOS Class may not change as a result of resizing";
    errors.push(invalidField(podSpecPath, pod.status?.qosClass ?? "", text));
  }
  if (!nodeSupportsResize(old)) {
    errors.push(forbiddenField(podSpecPath, "Pod running on node without support for resize"));
  }
  checkResizedContainers(pod.spec, old.spec, errors);
  return errors;
}

function resizeRefusal(pod: Pod, old: Pod): string | undefined {
  if (hasPodLevel(pod.spec) || hasPodLevel(old.spec)) return "pods with pod-level resources cannot be resized";
  if (old.metadata.annotations?.[mirrorPodAnnotation] !== undefined) return "static pods cannot be resized";
  return old.spec.os?.name === "windows" ? "windows pods cannot be resized" : undefined;
}

function hasPodLevel(spec: PodSpec): boolean {
  return Object.keys({ ...spec.resources?.requests, ...spec.resources?.limits }).length > 0;
}

/** Kubelets that can resize report the resources of running containers. */
function nodeSupportsResize(pod: Pod): boolean {
  const running = pod.status?.containerStatuses?.find((status) => status.state?.running);
  return running === undefined || running.resources !== undefined;
}

function checkResizedContainers(spec: PodSpec, old: PodSpec, errors: FieldError[]): void {
  for (const field of ["initContainers", "containers"] as const) {
    for (const [index, before] of (old[field] ?? []).entries()) {
      const container = spec[field]?.[index] ?? before;
      const isFixed = field === "initContainers" && !isSidecar(before);
      if (!isFixed) {
        const path = podSpecPath.child(field).index(index).child("resources");
        checkNothingRemoved(container.resources ?? {}, before.resources ?? {}, path, errors);
      }
      const comparable = isFixed ? container : withComputeOf(container, before);
      if (semanticEqual(comparable, before)) continue;
      errors.push(forbiddenField(podSpecPath, unchangeableText(field, before)));
    }
  }
}

function unchangeableText(field: "initContainers" | "containers", container: Container): string {
  if (field === "containers") return "only cpu and memory resources are mutable";
  return isSidecar(container)
    ? "only cpu and memory resources for sidecar containers are mutable"
    : "resources for non-sidecar init containers are immutable";
}

function checkNothingRemoved(
  resources: ResourceRequirements,
  old: ResourceRequirements,
  path: FieldPath,
  errors: FieldError[],
): void {
  for (const field of ["requests", "limits"] as const) {
    const removed = Object.keys(old[field] ?? {}).some((name) => resources[field]?.[name] === undefined);
    if (removed) errors.push(forbiddenField(path.child(field), `resource ${field} cannot be removed`));
  }
}

/** The container with the old amounts of what may be resized. */
function withComputeOf(container: Container, old: Container): Container {
  const { claims: _fixed, ...oldResources } = old.resources ?? {};
  const resources: ResourceRequirements = { ...container.resources };
  for (const field of ["requests", "limits"] as const) {
    const list: ResourceList = { ...resources[field] };
    for (const name of ["cpu", "memory"]) {
      const amount = oldResources[field]?.[name];
      if (amount === undefined) delete list[name];
      else list[name] = amount;
    }
    resources[field] = list;
  }
  return { ...container, resources };
}
