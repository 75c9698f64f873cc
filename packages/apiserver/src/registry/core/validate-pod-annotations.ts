import type { AppArmorProfile, PodSpec, SeccompProfile } from "@kube-ts/api/core/v1";
import { type FieldError, forbiddenField, invalidField } from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { goQuote } from "@kube-ts/api/go-quote";
import { mirrorPodAnnotation, podDeletionCostAnnotation } from "@kube-ts/api/well-known-labels";
import { eachContainer } from "./each-container.ts";
import { checkDescendingPath } from "./validate-file-path.ts";

type Annotations = Readonly<Record<string, string>>;

const appArmorPrefix = "container.apparmor.security.beta.kubernetes.io/";
const seccompPodKey = "seccomp.security.alpha.kubernetes.io/pod";
const seccompContainerPrefix = "container.seccomp.security.alpha.kubernetes.io/";
const localhostPrefix = "localhost/";
const deletionCost = /^(0|[+-]?[1-9][0-9]*)$/;
const maxInt32 = 2 ** 31 - 1;

/** The annotations of a pod or template that mean something to the system. */
export function checkPodAnnotations(
  annotations: Annotations | undefined,
  spec: PodSpec,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (annotations === undefined) return;
  const mirror = annotations[mirrorPodAnnotation];
  if (mirror !== undefined && !spec.nodeName) {
    const text = "must set spec.nodeName if mirror pod annotation is set";
    errors.push(invalidField(path.key(mirrorPodAnnotation), mirror, text));
  }
  const cost = annotations[podDeletionCostAnnotation];
  if (cost !== undefined && !isDeletionCost(cost)) {
    errors.push(invalidField(path.key(podDeletionCostAnnotation), cost, "must be a 32bit integer"));
  }
  for (const [key, value] of Object.entries(annotations)) {
    if (key === seccompPodKey || key.startsWith(seccompContainerPrefix)) {
      checkSeccompAnnotation(value, path.child(key), errors);
    } else if (key.startsWith(appArmorPrefix)) {
      checkAppArmorAnnotation(key, value, spec, path, errors);
    }
  }
}

/** Annotations that are decided when a pod is created. */
export function checkPodAnnotationUpdate(
  annotations: Annotations | undefined,
  old: Annotations | undefined,
  path: FieldPath,
  errors: FieldError[],
): void {
  for (const [key, value] of Object.entries(old ?? {})) {
    if (annotations?.[key] === value) continue;
    if (key.startsWith(appArmorPrefix)) {
      errors.push(forbiddenField(path.key(key), "may not remove or update AppArmor annotations"));
    }
    if (key === mirrorPodAnnotation) {
      errors.push(forbiddenField(path.key(key), "may not remove or update mirror pod annotation"));
    }
  }
  for (const key of Object.keys(annotations ?? {})) {
    if (old?.[key] !== undefined) continue;
    if (key.startsWith(appArmorPrefix)) {
      errors.push(forbiddenField(path.key(key), "may not add AppArmor annotations"));
    }
    if (key === mirrorPodAnnotation) errors.push(forbiddenField(path.key(key), "may not add mirror pod annotation"));
  }
}

/** Profiles that are given both as fields and as annotations have to agree. */
export function checkProfilesMatchAnnotations(
  annotations: Annotations | undefined,
  spec: PodSpec,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (annotations === undefined) return;
  const podContext = spec.securityContext;
  const podSeccomp = annotations[seccompPodKey];
  if (podSeccomp !== undefined && podContext?.seccompProfile) {
    checkMatch(
      podContext.seccompProfile,
      podSeccomp,
      seccompNames,
      path.child("securityContext", "seccompProfile"),
      errors,
    );
  }
  eachContainer(spec, path, (container, containerPath) => {
    const contextPath = containerPath.child("securityContext");
    const seccomp = annotations[seccompContainerPrefix + container.name];
    const seccompProfile = container.securityContext?.seccompProfile;
    if (seccomp !== undefined && seccompProfile) {
      checkMatch(seccompProfile, seccomp, seccompNames, contextPath.child("seccompProfile"), errors);
    }
    const appArmor = annotations[appArmorPrefix + container.name];
    const appArmorProfile = container.securityContext?.appArmorProfile ?? podContext?.appArmorProfile;
    if (appArmor !== undefined && appArmorProfile && spec.os?.name !== "windows") {
      checkMatch(appArmorProfile, appArmor, appArmorNames, contextPath.child("appArmorProfile"), errors);
    }
  });
}

interface ProfileNames {
  readonly kind: string;
  readonly unconfined: string;
  readonly runtimeDefault: readonly string[];
}

const seccompNames: ProfileNames = {
  kind: "seccomp",
  unconfined: "unconfined",
  runtimeDefault: ["runtime/default", "docker/default"],
};
const appArmorNames: ProfileNames = {
  kind: "apparmor",
  unconfined: "unconfined",
  runtimeDefault: ["runtime/default"],
};

function checkMatch(
  profile: SeccompProfile | AppArmorProfile,
  annotation: string,
  names: ProfileNames,
  path: FieldPath,
  errors: FieldError[],
): void {
  const typeText = `${names.kind} type in annotation and field must match`;
  if (!isSameProfile(profile.type, annotation, names)) {
    errors.push(forbiddenField(path.child("type"), typeText));
  } else if (profile.type === "Localhost" && annotation.slice(localhostPrefix.length) !== profile.localhostProfile) {
    const text = `${names.kind} profile in annotation and field must match`;
    errors.push(forbiddenField(path.child("localhostProfile"), text));
  }
}

function isSameProfile(type: string, annotation: string, names: ProfileNames): boolean {
  switch (type) {
    case "Unconfined":
      return annotation === names.unconfined;
    case "RuntimeDefault":
      return names.runtimeDefault.includes(annotation);
    case "Localhost":
      return annotation.startsWith(localhostPrefix);
    default:
      return true;
  }
}

function isDeletionCost(text: string): boolean {
  return deletionCost.test(text) && Number(text) <= maxInt32 && Number(text) >= -maxInt32 - 1;
}

function checkSeccompAnnotation(profile: string, path: FieldPath, errors: FieldError[]): void {
  if (["runtime/default", "docker/default", "unconfined"].includes(profile)) return;
  if (profile.startsWith(localhostPrefix)) checkDescendingPath(profile.slice(localhostPrefix.length), path, errors);
  else errors.push(invalidField(path, profile, "must be a valid seccomp profile"));
}

function checkAppArmorAnnotation(
  key: string,
  profile: string,
  spec: PodSpec,
  path: FieldPath,
  errors: FieldError[],
): void {
  const name = key.slice(appArmorPrefix.length);
  let found = false;
  eachContainer(spec, path, (container) => {
    found ||= container.name === name;
  });
  if (!found) errors.push(invalidField(path.key(key), name, "container not found"));
  if (!["", "runtime/default", "unconfined"].includes(profile) && !profile.startsWith(localhostPrefix)) {
    errors.push(invalidField(path.key(key), profile, `invalid AppArmor profile name: ${goQuote(profile)}`));
  }
}
