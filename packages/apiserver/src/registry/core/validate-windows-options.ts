import type { PodSpec, WindowsSecurityContextOptions } from "@kube-ts/api/core/v1";
import { type FieldError, forbiddenField, invalidField } from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { dns1123SubdomainErrors } from "@kube-ts/api/names";
import { checkTexts } from "../meta/validate-fields.ts";
import { eachContainer } from "./each-container.ts";

const maxSpecKib = 64;
const maxDomainLength = 256;
const maxUserLength = 104;
// eslint-disable-next-line no-control-regex
const controlCharacters = /[\x00-\x1f\x7f]/;
const netBiosName = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/;
const dnsLabel = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?";
const dnsName = new RegExp(`^${dnsLabel}(?:\\.${dnsLabel})*$`);
const badUserCharacters = /["/\\:;|=,+*?<>@[\]]/;

export function checkWindowsOptions(
  options: WindowsSecurityContextOptions,
  path: FieldPath,
  errors: FieldError[],
): void {
  const { gmsaCredentialSpecName, gmsaCredentialSpec, runAsUserName } = options;
  if (gmsaCredentialSpecName !== undefined) {
    const namePath = path.child("gmsaCredentialSpecName");
    checkTexts(dns1123SubdomainErrors(gmsaCredentialSpecName), gmsaCredentialSpecName, namePath, errors);
  }
  if (gmsaCredentialSpec !== undefined) {
    const specPath = path.child("gmsaCredentialSpec");
    if (gmsaCredentialSpec === "") {
      errors.push(invalidField(specPath, "", "gmsaCredentialSpec cannot be an empty string"));
    } else if (gmsaCredentialSpec.length > maxSpecKib * 1024) {
      const text = `gmsaCredentialSpec size must be under ${maxSpecKib} KiB`;
      errors.push(invalidField(specPath, gmsaCredentialSpec, text));
    }
  }
  if (runAsUserName !== undefined) {
    checkTexts(userNameErrors(runAsUserName), runAsUserName, path.child("runAsUserName"), errors);
  }
}

function userNameErrors(name: string): string[] {
  if (name === "") return ["runAsUserName cannot be an empty string"];
  if (controlCharacters.test(name)) return ["runAsUserName cannot contain control characters"];
  const parts = name.split("\\");
  if (parts.length > 2) return ["runAsUserName cannot contain more than one backslash"];
  const user = parts.at(-1) ?? "";
  const domain = parts.length === 2 ? parts[0] : undefined;
  const texts: string[] = [];
  if (domain !== undefined && domain.length >= maxDomainLength) {
    texts.push(`runAsUserName's Domain length must be under ${maxDomainLength} characters`);
  }
  if (domain !== undefined && !netBiosName.test(domain) && !dnsName.test(domain)) {
    texts.push("runAsUserName's Domain doesn't match the NetBios nor the DNS format");
  }
  if (user === "") texts.push("runAsUserName's User cannot be empty");
  else if (user.length > maxUserLength) {
    texts.push(`runAsUserName's User length must not be longer than ${maxUserLength} characters`);
  }
  if (/^[. ]+$/.test(user)) texts.push("runAsUserName's User cannot contain only periods or spaces");
  if (badUserCharacters.test(user)) {
    texts.push(`runAsUserName's User cannot contain the following characters: "/\\:;|=,+*?<>@[]`);
  }
  return texts;
}

/** The rules of pods that run as processes of a Windows host. */
export function checkHostProcessPod(spec: PodSpec, path: FieldPath, errors: FieldError[]): void {
  const podWide = spec.securityContext?.windowsOptions?.hostProcess;
  let containers = 0;
  let hostProcesses = 0;
  eachContainer(spec, path, (container, containerPath) => {
    containers++;
    const own = container.securityContext?.windowsOptions?.hostProcess;
    if (podWide !== undefined && own !== undefined && podWide !== own) {
      const text = `pod hostProcess value must be identical if both are specified, was ${podWide}`;
      errors.push(invalidField(containerPath.child("securityContext", "windowsOptions", "hostProcess"), own, text));
    }
    if (own ?? podWide) hostProcesses++;
  });
  if (hostProcesses === 0) return;
  if (hostProcesses !== containers) {
    const text = "If pod contains any hostProcess containers then all containers must be HostProcess containers";
    errors.push(invalidField(path, "", text));
  }
  if (!spec.hostNetwork) {
    const text = "hostNetwork must be true if pod contains any hostProcess containers";
    errors.push(invalidField(path.child("hostNetwork"), false, text));
  }
}

const podContextFields = [
  "appArmorProfile",
  "seLinuxOptions",
  "seccompProfile",
  "fsGroup",
  "fsGroupChangePolicy",
  "runAsUser",
  "runAsGroup",
  "supplementalGroups",
  "supplementalGroupsPolicy",
  "seLinuxChangePolicy",
] as const;
const containerContextFields = [
  "appArmorProfile",
  "seLinuxOptions",
  "seccompProfile",
  "capabilities",
  "readOnlyRootFilesystem",
  "privileged",
  "allowPrivilegeEscalation",
  "procMount",
  "runAsUser",
  "runAsGroup",
] as const;

/** What a pod that names its operating system may not ask for. */
export function checkOperatingSystem(spec: PodSpec, path: FieldPath, errors: FieldError[]): void {
  if (spec.os?.name === "linux") checkLinuxPod(spec, path, errors);
  if (spec.os?.name === "windows") checkWindowsPod(spec, path, errors);
}

function checkLinuxPod(spec: PodSpec, path: FieldPath, errors: FieldError[]): void {
  const text = "windows options cannot be set for a linux pod";
  if (spec.securityContext?.windowsOptions) {
    errors.push(forbiddenField(path.child("securityContext", "windowsOptions"), text));
  }
  eachContainer(spec, path, (container, containerPath) => {
    if (container.securityContext?.windowsOptions) {
      errors.push(forbiddenField(containerPath.child("securityContext", "windowsOptions"), text));
    }
  });
}

function checkWindowsPod(spec: PodSpec, path: FieldPath, errors: FieldError[]): void {
  const text = "cannot be set for a windows pod";
  const forbid = (isSet: boolean, fieldPath: FieldPath) => {
    if (isSet) errors.push(forbiddenField(fieldPath, text));
  };
  const contextPath = path.child("securityContext");
  for (const field of podContextFields) forbid(spec.securityContext?.[field] !== undefined, contextPath.child(field));
  forbid((spec.securityContext?.sysctls?.length ?? 0) > 0, contextPath.child("sysctls"));
  forbid(spec.hostUsers !== undefined, path.child("hostUsers"));
  forbid(spec.hostPID === true, path.child("hostPID"));
  forbid(spec.hostIPC === true, path.child("hostIPC"));
  forbid(spec.shareProcessNamespace !== undefined, path.child("shareProcessNamespace"));
  eachContainer(spec, path, (container, containerPath) => {
    const containerContextPath = containerPath.child("securityContext");
    for (const field of containerContextFields) {
      forbid(container.securityContext?.[field] !== undefined, containerContextPath.child(field));
    }
  });
}
