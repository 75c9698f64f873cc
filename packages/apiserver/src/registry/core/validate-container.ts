import type { Container, ContainerPort, ContainerRestartRule, EphemeralContainer, PodSpec } from "@kube-ts/api/core/v1";
import {
  type FieldError,
  duplicateField,
  forbiddenField,
  invalidField,
  notFoundField,
  notSupportedField,
  requiredField,
  tooManyField,
} from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { dns1123LabelErrors, portNameErrors, portNumberErrors } from "@kube-ts/api/names";
import { isSidecar } from "@kube-ts/api/pod-resources";
import { checkRequiredChoice, checkTexts, isBlank } from "../meta/validate-fields.ts";
import { checkEnv, checkEnvFrom } from "./validate-env.ts";
import { checkProbesAndHooks } from "./validate-probe.ts";
import { checkContainerResources } from "./validate-resources.ts";
import { checkSecurityContext } from "./validate-security-context.ts";
import { type VolumesByName, checkMountsAndDevices } from "./validate-volume-mounts.ts";

/** What containers are checked against in their pod. */
export interface PodParts {
  readonly spec: PodSpec;
  readonly volumes: VolumesByName;
  readonly claimNames: ReadonlySet<string>;
}

const protocols = ["SCTP", "TCP", "UDP"];
const pullPolicies = ["Always", "IfNotPresent", "Never"];
const messagePolicies = ["File", "FallbackToLogsOnError"];
const restartPolicies = ["Always", "OnFailure", "Never"];
const resizeResources = ["cpu", "memory"];
const resizePolicies = ["NotRequired", "RestartContainer"];
const maxRestartRules = 20;
const maxExitCodes = 255;

/** The regular containers of a pod. */
export function checkContainers(pod: PodParts, path: FieldPath, errors: FieldError[]): void {
  const { containers } = pod.spec;
  if (containers.length === 0) {
    errors.push(requiredField(path, ""));
    return;
  }
  const names = new Set<string>();
  for (const [index, container] of containers.entries()) {
    const itemPath = path.index(index);
    checkContainer(container, pod, itemPath, errors);
    if (names.has(container.name)) errors.push(duplicateField(itemPath.child("name"), container.name));
    names.add(container.name);
    checkProbesAndHooks(container, pod.spec.terminationGracePeriodSeconds, itemPath, errors);
    checkRestartPolicy(container, itemPath, errors);
  }
  checkHostPortConflicts(containers, path, errors);
}

/** The containers that run before, and beside, the regular ones. */
export function checkInitContainers(pod: PodParts, path: FieldPath, errors: FieldError[]): void {
  const names = new Set(pod.spec.containers.map((container) => container.name));
  for (const [index, container] of (pod.spec.initContainers ?? []).entries()) {
    const itemPath = path.index(index);
    checkContainer(container, pod, itemPath, errors);
    checkRestartPolicy(container, itemPath, errors);
    if (names.has(container.name)) errors.push(duplicateField(itemPath.child("name"), container.name));
    else if (!isBlank(container.name)) names.add(container.name);
    checkHostPortConflicts([container], path, errors);
    if (isSidecar(container)) {
      checkProbesAndHooks(container, pod.spec.terminationGracePeriodSeconds, itemPath, errors);
      continue;
    }
    for (const field of ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] as const) {
      if (container[field] === undefined) continue;
      const text = "may not be set for init containers without restartPolicy=Always";
      errors.push(forbiddenField(itemPath.child(field), text));
    }
  }
}

const ephemeralOnly = "cannot be set for an Ephemeral Container";
const forbiddenEphemeralFields = [
  "ports",
  "resources",
  "resizePolicy",
  "restartPolicy",
  "restartPolicyRules",
  "livenessProbe",
  "readinessProbe",
  "startupProbe",
  "lifecycle",
] as const satisfies (keyof EphemeralContainer)[];

/** The containers that people add to a running pod. */
export function checkEphemeralContainers(pod: PodParts, path: FieldPath, errors: FieldError[]): void {
  const { containers, initContainers = [], ephemeralContainers = [] } = pod.spec;
  const targets = new Set([...containers, ...initContainers].map((container) => container.name));
  const names = new Set(targets);
  for (const [index, container] of ephemeralContainers.entries()) {
    const itemPath = path.index(index);
    checkContainer(container, pod, itemPath, errors);
    checkImageWhitespace(container, itemPath, errors);
    if (names.has(container.name)) errors.push(duplicateField(itemPath.child("name"), container.name));
    names.add(container.name);
    const target = container.targetContainerName;
    if (!isBlank(target) && !targets.has(target)) {
      errors.push(notFoundField(itemPath.child("targetContainerName"), target));
    }
    for (const field of forbiddenEphemeralFields) {
      if (isSet(container[field])) errors.push(forbiddenField(itemPath.child(field), ephemeralOnly));
    }
    for (const [at, mount] of (container.volumeMounts ?? []).entries()) {
      const mountPath = itemPath.child("volumeMounts").index(at);
      for (const field of ["subPath", "subPathExpr"] as const) {
        if (!isBlank(mount[field])) errors.push(forbiddenField(mountPath.child(field), ephemeralOnly));
      }
    }
  }
}

/** Images in pods, unlike those in templates, may not be padded. */
export function checkImageWhitespace(container: Container, path: FieldPath, errors: FieldError[]): void {
  const image = container.image ?? "";
  if (image.trim().length === image.length) return;
  errors.push(invalidField(path.child("image"), image, "must not have leading or trailing whitespace"));
}

function isSet(value: unknown): boolean {
  if (value === undefined || value === "") return false;
  return typeof value !== "object" || value === null || Object.keys(value).length > 0;
}

/** What holds for containers of all kinds. */
function checkContainer(container: Container, pod: PodParts, path: FieldPath, errors: FieldError[]): void {
  if (isBlank(container.name)) errors.push(requiredField(path.child("name"), ""));
  else checkTexts(dns1123LabelErrors(container.name), container.name, path.child("name"), errors);
  if (isBlank(container.image)) errors.push(requiredField(path.child("image"), ""));
  const { terminationMessagePolicy, imagePullPolicy } = container;
  checkRequiredChoice(terminationMessagePolicy, messagePolicies, path.child("terminationMessagePolicy"), errors);
  if (container.ports) checkPorts(container.ports, path.child("ports"), errors);
  if (container.env) checkEnv(container.env, path.child("env"), errors);
  if (container.envFrom) checkEnvFrom(container.envFrom, path.child("envFrom"), errors);
  checkMountsAndDevices(container, pod.volumes, path, errors);
  checkRequiredChoice(imagePullPolicy, pullPolicies, path.child("imagePullPolicy"), errors);
  if (container.resources) {
    checkContainerResources(container.resources, pod.claimNames, path.child("resources"), errors);
  }
  checkResizePolicy(container, pod.spec, path.child("resizePolicy"), errors);
  if (container.securityContext) {
    const hostUsers = pod.spec.hostUsers ?? true;
    checkSecurityContext(container.securityContext, hostUsers, path.child("securityContext"), errors);
  }
}

function checkPorts(ports: readonly ContainerPort[], path: FieldPath, errors: FieldError[]): void {
  const names = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const itemPath = path.index(index);
    if (!isBlank(port.name)) {
      const texts = portNameErrors(port.name);
      checkTexts(texts, port.name, itemPath.child("name"), errors);
      if (texts.length === 0 && names.has(port.name)) errors.push(duplicateField(itemPath.child("name"), port.name));
      names.add(port.name);
    }
    const number = port.containerPort ?? 0;
    if (number === 0) errors.push(requiredField(itemPath.child("containerPort"), ""));
    else checkTexts(portNumberErrors(number), number, itemPath.child("containerPort"), errors);
    const hostPort = port.hostPort ?? 0;
    if (hostPort !== 0) checkTexts(portNumberErrors(hostPort), hostPort, itemPath.child("hostPort"), errors);
    checkRequiredChoice(port.protocol, protocols, itemPath.child("protocol"), errors);
  }
}

function checkHostPortConflicts(containers: readonly Container[], path: FieldPath, errors: FieldError[]): void {
  const taken = new Set<string>();
  for (const [index, container] of containers.entries()) {
    for (const [at, port] of (container.ports ?? []).entries()) {
      if (!port.hostPort) continue;
      const identity = `${port.protocol ?? ""}/${port.hostIP ?? ""}/${port.hostPort}`;
      if (taken.has(identity)) {
        errors.push(duplicateField(path.index(index).child("ports").index(at).child("hostPort"), identity));
      }
      taken.add(identity);
    }
  }
}

function checkResizePolicy(container: Container, spec: PodSpec, path: FieldPath, errors: FieldError[]): void {
  const seen = new Set<string>();
  for (const [index, { resourceName, restartPolicy }] of (container.resizePolicy ?? []).entries()) {
    if (seen.has(resourceName)) errors.push(duplicateField(path.index(index), resourceName));
    seen.add(resourceName);
    checkRequiredChoice(resourceName, resizeResources, path, errors);
    checkRequiredChoice(restartPolicy, resizePolicies, path, errors);
    if (spec.restartPolicy === "Never" && restartPolicy !== "NotRequired") {
      errors.push(invalidField(path, restartPolicy, "must be 'NotRequired' when `restartPolicy` is 'Never'"));
    }
  }
}

function checkRestartPolicy(container: Container, path: FieldPath, errors: FieldError[]): void {
  const { restartPolicy, restartPolicyRules = [] } = container;
  if (restartPolicy !== undefined && !restartPolicies.includes(restartPolicy)) {
    errors.push(notSupportedField(path.child("restartPolicy"), restartPolicy, restartPolicies));
  }
  if (restartPolicyRules.length === 0) return;
  const rulesPath = path.child("restartPolicyRules");
  if (restartPolicy === undefined) {
    const text = "must specify restartPolicy when restart rules are used";
    errors.push(requiredField(path.child("restartPolicy"), text));
  }
  if (restartPolicyRules.length > maxRestartRules) {
    errors.push(tooManyField(rulesPath, restartPolicyRules.length, maxRestartRules));
  }
  for (const [index, rule] of restartPolicyRules.entries()) checkRestartRule(rule, rulesPath.index(index), errors);
}

function checkRestartRule(rule: ContainerRestartRule, path: FieldPath, errors: FieldError[]): void {
  checkRequiredChoice(rule.action, ["Restart", "RestartAllContainers"], path.child("action"), errors);
  const codes = rule.exitCodes;
  const codesPath = path.child("exitCodes");
  if (codes === undefined) {
    errors.push(requiredField(codesPath, "must be specified"));
    return;
  }
  checkRequiredChoice(codes.operator, ["In", "NotIn"], codesPath.child("operator"), errors);
  const count = codes.values?.length ?? 0;
  if (count === 0) errors.push(requiredField(codesPath.child("values"), "must specify at least one value"));
  else if (count > maxExitCodes) errors.push(tooManyField(codesPath.child("values"), count, maxExitCodes));
}
