import type {
  ConfigMapKeySelector,
  EnvFromSource,
  EnvVar,
  FileKeySelector,
  ObjectFieldSelector,
  ResourceFieldSelector,
} from "@kube-ts/api/core/v1";
import { type FieldError, invalidField, notSupportedField, requiredField } from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { configMapKeyErrors, dns1123LabelErrors, envVarNameErrors, qualifiedNameErrors } from "@kube-ts/api/names";
import { parseQuantity } from "@kube-ts/api/quantity";
import { subdomainName } from "../meta/object-names.ts";
import { checkTexts, isBlank } from "../meta/validate-fields.ts";
import { checkLocalNonReservedPath } from "./validate-file-path.ts";

const envFieldPaths = [
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "spec.nodeName",
  "spec.serviceAccountName",
  "status.hostIP",
  "status.hostIPs",
  "status.podIP",
  "status.podIPs",
];
const volumeFieldPaths = [
  "metadata.annotations",
  "metadata.labels",
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
];
/** The fields of pods that the downward API can name at all; each use allows some of them. */
const knownFieldPaths = new Set([
  ...envFieldPaths,
  ...volumeFieldPaths,
  "spec.restartPolicy",
  "spec.schedulerName",
  "status.phase",
]);
const resourcePaths = [
  "limits.cpu",
  "limits.ephemeral-storage",
  "limits.memory",
  "requests.cpu",
  "requests.ephemeral-storage",
  "requests.memory",
];
const byteDivisors = ["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"];
const cpuDivisors = ["1m", "1"];

/** A container's environment variables. */
export function checkEnv(variables: readonly EnvVar[], path: FieldPath, errors: FieldError[]): void {
  for (const [index, variable] of variables.entries()) {
    const itemPath = path.index(index);
    if (isBlank(variable.name)) errors.push(requiredField(itemPath.child("name"), ""));
    else checkTexts(envVarNameErrors(variable.name), variable.name, itemPath.child("name"), errors);
    if (variable.valueFrom) checkEnvSource(variable, itemPath.child("valueFrom"), errors);
  }
}

function checkEnvSource(variable: EnvVar, path: FieldPath, errors: FieldError[]): void {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef } = variable.valueFrom ?? {};
  let sources = 0;
  if (fieldRef) {
    sources++;
    checkFieldRef(fieldRef, "env", path.child("fieldRef"), errors);
  }
  if (resourceFieldRef) {
    sources++;
    checkResourceFieldRef(resourceFieldRef, "env", path.child("resourceFieldRef"), errors);
  }
  if (configMapKeyRef) {
    sources++;
    checkKeyRef(configMapKeyRef, path.child("configMapKeyRef"), errors);
  }
  if (secretKeyRef) {
    sources++;
    checkKeyRef(secretKeyRef, path.child("secretKeyRef"), errors);
  }
  if (fileKeyRef) {
    sources++;
    checkFileKeyRef(fileKeyRef, path.child("fileKeyRef"), errors);
  }
  if (sources === 0) {
    const text =
      "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`";
    errors.push(invalidField(path, "", text));
  } else if (!isBlank(variable.value)) {
    errors.push(invalidField(path, "", "may not be specified when `value` is not empty"));
  } else if (sources > 1) {
    errors.push(invalidField(path, "", "may not have more than one field specified at a time"));
  }
}

/** The config maps and secrets whose keys become variables. */
export function checkEnvFrom(sources: readonly EnvFromSource[], path: FieldPath, errors: FieldError[]): void {
  for (const [index, source] of sources.entries()) {
    const itemPath = path.index(index);
    if (!isBlank(source.prefix)) {
      checkTexts(envVarNameErrors(source.prefix), source.prefix, itemPath.child("prefix"), errors);
    }
    if (source.configMapRef) checkSourceName(source.configMapRef.name, itemPath.child("configMapRef"), errors);
    if (source.secretRef) checkSourceName(source.secretRef.name, itemPath.child("secretRef"), errors);
    if (!source.configMapRef && !source.secretRef) {
      errors.push(invalidField(path, "", "must specify one of: `configMapRef` or `secretRef`"));
    } else if (source.configMapRef && source.secretRef) {
      errors.push(invalidField(path, "", "may not have more than one field specified at a time"));
    }
  }
}

/** A field of the pod, for a variable or for a file. */
export function checkFieldRef(
  selector: ObjectFieldSelector,
  use: "env" | "volume",
  path: FieldPath,
  errors: FieldError[],
): void {
  if (isBlank(selector.apiVersion)) {
    errors.push(requiredField(path.child("apiVersion"), ""));
    return;
  }
  if (isBlank(selector.fieldPath)) {
    errors.push(requiredField(path.child("fieldPath"), ""));
    return;
  }
  const subscripted = splitSubscript(selector.fieldPath);
  const label = selector.apiVersion === "v1" ? downwardLabelError(selector.fieldPath, subscripted) : undefined;
  if (selector.apiVersion !== "v1" || label !== undefined) {
    const problem = label ?? `unsupported pod version: ${selector.apiVersion}`;
    errors.push(invalidField(path.child("fieldPath"), selector.fieldPath, `error converting fieldPath: ${problem}`));
    return;
  }
  if (subscripted) {
    const key = subscripted.field === "metadata.annotations" ? subscripted.key.toLowerCase() : subscripted.key;
    checkTexts(qualifiedNameErrors(key), key, path, errors);
    return;
  }
  const allowed = use === "env" ? envFieldPaths : volumeFieldPaths;
  if (!allowed.includes(selector.fieldPath)) {
    errors.push(notSupportedField(path.child("fieldPath"), selector.fieldPath, allowed));
  }
}

interface Subscripted {
  readonly field: string;
  readonly key: string;
}

/** The parts of `field['key']`. */
function splitSubscript(text: string): Subscripted | undefined {
  if (!text.endsWith("']")) return undefined;
  const start = text.indexOf("['");
  if (start <= 0 || start + 4 > text.length) return undefined;
  return { field: text.slice(0, start), key: text.slice(start + 2, -2) };
}

function downwardLabelError(label: string, subscripted: Subscripted | undefined): string | undefined {
  if (subscripted) {
    const { field } = subscripted;
    if (field === "metadata.annotations" || field === "metadata.labels") return undefined;
    return `field label does not support subscript: ${label}`;
  }
  return knownFieldPaths.has(label) ? undefined : `field label not supported: ${label}`;
}

/** An amount of a container's resources, for a variable or for a file. */
export function checkResourceFieldRef(
  selector: ResourceFieldSelector,
  use: "env" | "volume",
  path: FieldPath,
  errors: FieldError[],
): void {
  const { resource, containerName, divisor } = selector;
  const isHugePage = /^(requests|limits)\.hugepages-/.test(resource);
  if (use === "volume" && isBlank(containerName)) errors.push(requiredField(path.child("containerName"), ""));
  else if (isBlank(resource)) errors.push(requiredField(path.child("resource"), ""));
  else if (!isHugePage && !resourcePaths.includes(resource)) {
    errors.push(notSupportedField(path.child("resource"), resource, resourcePaths));
  }
  const amount = parseQuantity(divisor ?? "0");
  if (amount.isZero()) return;
  const [, kind = ""] = resource.split(".", 2);
  const supported = kind === "cpu" ? cpuDivisors : byteDivisors;
  const noun = isHugePage ? "hugepages" : divisorNouns.get(kind);
  if (noun === undefined || supported.includes(amount.toString())) return;
  const text =
    kind === "cpu"
      ? "only divisor's values 1m and 1 are supported with the cpu resource"
      : `only divisor's values ${byteDivisors.join(", ")} are supported with the ${noun} resource`;
  errors.push(invalidField(path.child("divisor"), resource, text));
}

const divisorNouns = new Map([
  ["cpu", "cpu"],
  ["memory", "memory"],
  ["ephemeral-storage", "local ephemeral storage"],
]);

function checkKeyRef(selector: ConfigMapKeySelector, path: FieldPath, errors: FieldError[]): void {
  const name = selector.name ?? "";
  checkTexts(subdomainName(name, false), name, path.child("name"), errors);
  if (isBlank(selector.key)) errors.push(requiredField(path.child("key"), ""));
  else checkTexts(configMapKeyErrors(selector.key), selector.key, path.child("key"), errors);
}

function checkFileKeyRef(selector: FileKeySelector, path: FieldPath, errors: FieldError[]): void {
  if (isBlank(selector.volumeName)) errors.push(requiredField(path.child("volumeName"), ""));
  else checkTexts(dns1123LabelErrors(selector.volumeName), selector.volumeName, path.child("volumeName"), errors);
  if (isBlank(selector.path)) errors.push(requiredField(path.child("path"), ""));
  else checkLocalNonReservedPath(selector.path, path.child("path"), errors);
  if (isBlank(selector.key)) errors.push(requiredField(path.child("key"), ""));
  else checkTexts(envVarNameErrors(selector.key), selector.key, path.child("key"), errors);
}

function checkSourceName(name: string | undefined, path: FieldPath, errors: FieldError[]): void {
  if (isBlank(name)) errors.push(requiredField(path.child("name"), ""));
  else checkTexts(subdomainName(name, true), name, path.child("name"), errors);
}
