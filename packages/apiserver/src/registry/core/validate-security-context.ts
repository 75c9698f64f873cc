import type {
  AppArmorProfile,
  PodSecurityContext,
  PodSpec,
  SeccompProfile,
  SecurityContext,
  Sysctl,
} from "@kube-ts/api/core/v1";
import {
  type FieldError,
  duplicateField,
  invalidField,
  notSupportedField,
  requiredField,
  tooLongField,
} from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { rangeError } from "@kube-ts/api/names";
import { checkChoice, isBlank } from "../meta/validate-fields.ts";
import { checkDescendingPath } from "./validate-file-path.ts";
import { checkWindowsOptions } from "./validate-windows-options.ts";

const maxId = 2 ** 31 - 1;
const maxProfileLength = 4095;
const maxSysctlLength = 253;
const sysctlSegment = "[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
const sysctlPattern = `^(${sysctlSegment}[\\./])*${sysctlSegment}$`;
const sysctlRegExp = new RegExp(sysctlPattern);
const profileTypes = ["Localhost", "RuntimeDefault", "Unconfined"];

/** A pod's security context together with the host namespaces that it must fit. */
export function checkPodSecurityContext(spec: PodSpec, path: FieldPath, errors: FieldError[]): void {
  const context = spec.securityContext;
  if (context === undefined) return;
  checkId(context.fsGroup, path.child("fsGroup"), errors);
  checkId(context.runAsUser, path.child("runAsUser"), errors);
  checkId(context.runAsGroup, path.child("runAsGroup"), errors);
  for (const [index, group] of (context.supplementalGroups ?? []).entries()) {
    checkId(group, path.child("supplementalGroups").index(index), errors);
  }
  if (spec.shareProcessNamespace && spec.hostPID) {
    const text = "ShareProcessNamespace and HostPID cannot both be enabled";
    errors.push(invalidField(path.child("shareProcessNamespace"), true, text));
  }
  if (context.sysctls) checkSysctls(context.sysctls, spec, path.child("sysctls"), errors);
  checkPodChoices(context, path, errors);
  if (context.seccompProfile) checkSeccompProfile(context.seccompProfile, path.child("seccompProfile"), errors);
  if (context.windowsOptions) checkWindowsOptions(context.windowsOptions, path.child("windowsOptions"), errors);
  if (context.appArmorProfile) checkAppArmorProfile(context.appArmorProfile, path.child("appArmorProfile"), errors);
}

/** A container's security context; `hostUsers` tells whether the pod shares the host's user namespace. */
export function checkSecurityContext(
  context: SecurityContext,
  hostUsers: boolean,
  path: FieldPath,
  errors: FieldError[],
): void {
  checkId(context.runAsUser, path.child("runAsUser"), errors);
  checkId(context.runAsGroup, path.child("runAsGroup"), errors);
  checkProcMount(context.procMount, hostUsers, path.child("procMount"), errors);
  if (context.seccompProfile) checkSeccompProfile(context.seccompProfile, path.child("seccompProfile"), errors);
  if (context.allowPrivilegeEscalation === false) {
    if (context.privileged) {
      const text = "cannot set `allowPrivilegeEscalation` to false and `privileged` to true";
      errors.push(invalidField(path, context, text));
    }
    if (context.capabilities?.add?.includes("CAP_SYS_ADMIN")) {
      const text = "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN";
      errors.push(invalidField(path, context, text));
    }
  }
  if (context.windowsOptions) checkWindowsOptions(context.windowsOptions, path.child("windowsOptions"), errors);
  if (context.appArmorProfile) checkAppArmorProfile(context.appArmorProfile, path.child("appArmorProfile"), errors);
}

/** A user or group id, when set. */
export function checkId(id: number | undefined, path: FieldPath, errors: FieldError[]): void {
  if (id !== undefined && (id < 0 || id > maxId)) errors.push(invalidField(path, id, rangeError(0, maxId)));
}

function checkPodChoices(context: PodSecurityContext, path: FieldPath, errors: FieldError[]): void {
  const { fsGroupChangePolicy, supplementalGroupsPolicy, seLinuxChangePolicy } = context;
  checkChoice(fsGroupChangePolicy, ["Always", "OnRootMismatch"], path.child("fsGroupChangePolicy"), errors);
  checkChoice(supplementalGroupsPolicy, ["Merge", "Strict"], path.child("supplementalGroupsPolicy"), errors);
  checkChoice(seLinuxChangePolicy, ["MountOption", "Recursive"], path.child("seLinuxChangePolicy"), errors);
}

function checkProcMount(
  procMount: string | undefined,
  hostUsers: boolean,
  path: FieldPath,
  errors: FieldError[],
): void {
  checkChoice(procMount, ["Default", "Unmasked"], path, errors);
  if (hostUsers && procMount === "Unmasked") {
    errors.push(invalidField(path, procMount, "`hostUsers` must be false to use `Unmasked`"));
  }
}

function checkSeccompProfile(profile: SeccompProfile, path: FieldPath, errors: FieldError[]): void {
  const type: string = profile.type;
  if (isBlank(type)) {
    errors.push(requiredField(path.child("type"), "type is required when seccompProfile is set"));
  } else if (!profileTypes.includes(type)) {
    errors.push(notSupportedField(path.child("type"), type, profileTypes));
  }
  const file = profile.localhostProfile;
  const filePath = path.child("localhostProfile");
  if (type === "Localhost") {
    if (file === undefined) errors.push(requiredField(filePath, "must be set when seccomp type is Localhost"));
    else checkDescendingPath(file, filePath, errors);
  } else if (file !== undefined) {
    errors.push(invalidField(filePath, profile, "can only be set when seccomp type is Localhost"));
  }
}

function checkAppArmorProfile(profile: AppArmorProfile, path: FieldPath, errors: FieldError[]): void {
  const type: string = profile.type;
  const name = profile.localhostProfile;
  const namePath = path.child("localhostProfile");
  if (type === "Localhost") {
    const text = "must be set when AppArmor type is Localhost";
    if (name === undefined || name === "") errors.push(requiredField(namePath, text));
    else if (name.trim() !== name) errors.push(invalidField(namePath, name, "must not be padded with whitespace"));
    if (name !== undefined && name.length > maxProfileLength) errors.push(tooLongField(namePath, maxProfileLength));
  } else if (isBlank(type)) {
    errors.push(requiredField(path.child("type"), "type is required when appArmorProfile is set"));
  } else if (!profileTypes.includes(type)) {
    errors.push(notSupportedField(path.child("type"), type, profileTypes));
  } else if (name !== undefined) {
    errors.push(invalidField(namePath, name, "can only be set when AppArmor type is Localhost"));
  }
}

function checkSysctls(sysctls: readonly Sysctl[], spec: PodSpec, path: FieldPath, errors: FieldError[]): void {
  const names = new Set<string>();
  for (const [index, { name }] of sysctls.entries()) {
    const namePath = path.index(index).child("name");
    if (isBlank(name)) {
      errors.push(requiredField(namePath, ""));
    } else if (name.length > maxSysctlLength || !sysctlRegExp.test(name)) {
      const text = `must have at most ${maxSysctlLength} characters and match regex ${sysctlPattern}`;
      errors.push(invalidField(namePath, name, text));
    } else if (names.has(name)) {
      errors.push(duplicateField(namePath, name));
    }
    const namespace = sysctlNamespace(name);
    if (spec.hostNetwork && namespace === "net") {
      errors.push(invalidField(namePath, name, "may not be specified when 'hostNetwork' is true"));
    } else if (spec.hostIPC && namespace === "ipc") {
      errors.push(invalidField(namePath, name, "may not be specified when 'hostIPC' is true"));
    }
    names.add(name);
  }
}

/** The kernel namespace that holds a sysctl, undefined for those of the whole host. */
function sysctlNamespace(name: string): "ipc" | "net" | undefined {
  const dotted = dottedSysctl(name);
  if (dotted === "kernel.sem" || /^(kernel\.shm|kernel\.msg|fs\.mqueue\.)/.test(dotted)) return "ipc";
  return dotted.startsWith("net") ? "net" : undefined;
}

/** Either separator may come first, and then the other one stands for itself. */
function dottedSysctl(name: string): string {
  const first = /[./]/.exec(name)?.[0];
  if (first !== "/") return name;
  return name.replace(/[./]/g, (separator) => (separator === "/" ? "." : "/"));
}
