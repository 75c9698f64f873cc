import type { PodResourceClaim, PodSchedulingGate, PodSpec } from "@kube-ts/api/core/v1";
import {
  type FieldError,
  duplicateField,
  forbiddenField,
  invalidField,
  notSupportedField,
  requiredField,
} from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { dns1123LabelErrors, qualifiedNameErrors, rangeError } from "@kube-ts/api/names";
import { quantityOf } from "@kube-ts/api/quantity";
import { validateLabels } from "@kube-ts/api/selectors";
import { type NameRule, subdomainName } from "../meta/object-names.ts";
import { checkRequiredChoice, checkTexts, isBlank } from "../meta/validate-fields.ts";
import { aggregateContainers } from "./default-pod.ts";
import { isPodLevelResource } from "./resource-names.ts";
import { checkAffinity } from "./validate-affinity.ts";
import { type PodParts, checkContainers, checkEphemeralContainers, checkInitContainers } from "./validate-container.ts";
import { checkPodNetwork } from "./validate-pod-network.ts";
import { checkContainerResources, checkPodLevelRequirements } from "./validate-resources.ts";
import { checkPodSecurityContext } from "./validate-security-context.ts";
import { checkTolerations } from "./validate-tolerations.ts";
import { checkTopologySpread } from "./validate-topology-spread.ts";
import { checkVolumes } from "./validate-volumes.ts";
import { checkHostProcessPod, checkOperatingSystem } from "./validate-windows-options.ts";

/** Whose spec it is: templates are held to fewer rules than pods. */
export interface PodSpecOwner {
  readonly isPod: boolean;
  /** Empty for a template. */
  readonly podName: string;
}

export const templateOwner: PodSpecOwner = { isPod: false, podName: "" };

const restartPolicies = ["Always", "OnFailure", "Never"];
const maxInt32 = 2 ** 31 - 1;
const noClaims: ReadonlySet<string> = new Set();

/** The spec of a pod or of a template. */
export function checkPodSpec(spec: PodSpec, owner: PodSpecOwner, path: FieldPath, errors: FieldError[]): void {
  if (spec.terminationGracePeriodSeconds === undefined) {
    errors.push(requiredField(path.child("terminationGracePeriodSeconds"), ""));
  }
  const volumes = checkVolumes(spec.volumes ?? [], owner, path.child("volumes"), errors);
  const claimNames = spec.resourceClaims ? namesOf(spec.resourceClaims) : noClaims;
  if (spec.resourceClaims) checkResourceClaims(spec.resourceClaims, path.child("resourceClaims"), errors);
  const parts: PodParts = { spec, volumes, claimNames };
  checkContainers(parts, path.child("containers"), errors);
  if (spec.initContainers) checkInitContainers(parts, path.child("initContainers"), errors);
  if (spec.ephemeralContainers) checkEphemeralContainers(parts, path.child("ephemeralContainers"), errors);
  if (spec.resources) checkPodResources(spec, path.child("resources"), errors);
  checkRequiredChoice(spec.restartPolicy, restartPolicies, path.child("restartPolicy"), errors);
  checkPodNetwork(spec, owner.isPod, path, errors);
  checkPodSecurityContext(spec, path.child("securityContext"), errors);
  checkScheduling(spec, path, errors);
  checkReferences(spec, path, errors);
  const deadline = spec.activeDeadlineSeconds;
  if (deadline !== undefined && (deadline < 1 || deadline > maxInt32)) {
    errors.push(invalidField(path.child("activeDeadlineSeconds"), deadline, rangeError(1, maxInt32)));
  }
  checkHostProcessPod(spec, path, errors);
  checkOs(spec, path, errors);
}

function checkScheduling(spec: PodSpec, path: FieldPath, errors: FieldError[]): void {
  const { nodeSelector, affinity, readinessGates, schedulingGates, topologySpreadConstraints, tolerations } = spec;
  if (nodeSelector) errors.push(...validateLabels(nodeSelector, path.child("nodeSelector")));
  if (affinity) checkAffinity(affinity, path.child("affinity"), errors);
  for (const [index, gate] of (readinessGates ?? []).entries()) {
    const type = gate.conditionType ?? "";
    checkTexts(
      qualifiedNameErrors(type),
      type,
      path.child("readinessGates").index(index).child("conditionType"),
      errors,
    );
  }
  if (schedulingGates) checkSchedulingGates(schedulingGates, path.child("schedulingGates"), errors);
  if (topologySpreadConstraints) {
    checkTopologySpread(topologySpreadConstraints, path.child("topologySpreadConstraints"), errors);
  }
  if (tolerations) checkTolerations(tolerations, path.child("tolerations"), errors);
  if (spec.preemptionPolicy !== undefined) {
    const policies = ["PreemptLowerPriority", "Never"];
    checkRequiredChoice(spec.preemptionPolicy, policies, path.child("preemptionPolicy"), errors);
  }
  if (spec.overhead) {
    checkContainerResources({ limits: spec.overhead }, noClaims, path.child("overhead"), errors);
  }
}

function checkSchedulingGates(gates: readonly PodSchedulingGate[], path: FieldPath, errors: FieldError[]): void {
  const seen = new Set<string>();
  for (const [index, { name }] of gates.entries()) {
    checkTexts(qualifiedNameErrors(name), name, path.index(index), errors);
    if (seen.has(name)) errors.push(duplicateField(path.index(index), name));
    seen.add(name);
  }
}

function checkReferences(spec: PodSpec, path: FieldPath, errors: FieldError[]): void {
  checkName(spec.serviceAccountName, subdomainName, path.child("serviceAccountName"), errors);
  checkName(spec.nodeName, subdomainName, path.child("nodeName"), errors);
  checkName(spec.priorityClassName, subdomainName, path.child("priorityClassName"), errors);
  const runtimeClass = spec.runtimeClassName;
  if (runtimeClass !== undefined) {
    checkTexts(subdomainName(runtimeClass, false), runtimeClass, path.child("runtimeClassName"), errors);
  }
}

function checkName(name: string | undefined, rule: NameRule, path: FieldPath, errors: FieldError[]): void {
  if (!isBlank(name)) checkTexts(rule(name, false), name, path, errors);
}

function namesOf(claims: readonly PodResourceClaim[]): ReadonlySet<string> {
  return new Set(claims.map((claim) => claim.name).filter((name) => name !== ""));
}

function checkResourceClaims(claims: readonly PodResourceClaim[], path: FieldPath, errors: FieldError[]): void {
  const names = new Set<string>();
  for (const [index, claim] of claims.entries()) {
    const itemPath = path.index(index);
    const { name, resourceClaimName, resourceClaimTemplateName } = claim;
    if (isBlank(name)) errors.push(requiredField(itemPath.child("name"), ""));
    else if (names.has(name)) errors.push(duplicateField(itemPath.child("name"), name));
    else checkTexts(dns1123LabelErrors(name), name, itemPath.child("name"), errors);
    names.add(name);
    if (resourceClaimName !== undefined && resourceClaimTemplateName !== undefined) {
      const text = "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified";
      errors.push(invalidField(itemPath, claim, text));
    }
    if (resourceClaimName === undefined && resourceClaimTemplateName === undefined) {
      const text = "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`";
      errors.push(invalidField(itemPath, claim, text));
    }
    for (const field of ["resourceClaimName", "resourceClaimTemplateName"] as const) {
      const value = claim[field];
      if (value !== undefined) checkTexts(subdomainName(value, false), value, itemPath.child(field), errors);
    }
  }
}

/** Requests and limits of the pod as a whole, which have to hold those of its containers. */
function checkPodResources(spec: PodSpec, path: FieldPath, errors: FieldError[]): void {
  const resources = spec.resources;
  if (resources === undefined) return;
  if (resources.claims !== undefined) {
    errors.push(forbiddenField(path.child("claims"), "claims cannot be set for Resources at pod-level"));
  }
  checkPodLevelRequirements(resources, path, errors);
  if (!resources.requests && !resources.limits) return;
  for (const [name, total] of aggregateContainers({ metadata: {}, spec }, "requests")) {
    const request = quantityOf(resources.requests?.[name]);
    if (!isPodLevelResource(name) || total.compare(request) <= 0) continue;
    const text = `must be greater than or equal to aggregate container requests of ${total.toString()}`;
    errors.push(invalidField(path.child("requests").key(name), request.toString(), text));
  }
  for (const [index, container] of spec.containers.entries()) {
    for (const [name, text] of Object.entries(container.resources?.limits ?? {})) {
      const podLimit = resources.limits?.[name];
      if (podLimit === undefined || quantityOf(text).compare(quantityOf(podLimit)) <= 0) continue;
      const limitPath = path.child("containers").index(index).key(name).child("limits");
      errors.push(invalidField(limitPath, text, `must be less than or equal to pod limits of ${podLimit}`));
    }
  }
}

function checkOs(spec: PodSpec, path: FieldPath, errors: FieldError[]): void {
  if (spec.os === undefined) return;
  const name: string = spec.os.name ?? "";
  if (name === "") errors.push(requiredField(path.child("os", "name"), "cannot be empty"));
  else if (name !== "linux" && name !== "windows") {
    errors.push(notSupportedField(path.child("os"), name, ["linux", "windows"]));
  } else {
    checkOperatingSystem(spec, path, errors);
  }
}
