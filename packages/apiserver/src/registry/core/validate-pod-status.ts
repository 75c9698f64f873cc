import type { Container, ContainerStatus, Pod, PodSpec } from "@kube-ts/api/core/v1";
import {
  type FieldError,
  duplicateField,
  forbiddenField,
  invalidField,
  notSupportedField,
} from "@kube-ts/api/field-error";
import { type FieldPath, fieldPath } from "@kube-ts/api/field-path";
import { addressFamily, ipAddressErrors } from "@kube-ts/api/ip-address";
import { qualifiedNameErrors } from "@kube-ts/api/names";
import { isSidecar } from "@kube-ts/api/pod-resources";
import { subdomainName } from "../meta/object-names.ts";
import { checkImmutable, checkTexts } from "../meta/validate-fields.ts";
import { metadataPath, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { annotationsPath } from "./validate-pod.ts";
import { checkPodAnnotationUpdate, checkPodAnnotations } from "./validate-pod-annotations.ts";
import { checkId } from "./validate-security-context.ts";

const statusPath = fieldPath("status");
const systemConditions = new Set(["PodScheduled", "Ready", "Initialized"]);
const healthValues = ["Healthy", "Unhealthy", "Unknown"];
const statusLists = [
  ["containerStatuses", "containers"],
  ["initContainerStatuses", "initContainers"],
  ["ephemeralContainerStatuses", "ephemeralContainers"],
] as const;

/** What a kubelet reports of a pod. */
export function validatePodStatusUpdate(pod: Pod, old: Pod): FieldError[] {
  const errors = validateObjectMetaUpdate(pod.metadata, old.metadata);
  checkPodAnnotationUpdate(pod.metadata.annotations, old.metadata.annotations, annotationsPath, errors);
  checkPodAnnotations(pod.metadata.annotations, pod.spec, annotationsPath, errors);
  checkConditions(pod, errors);
  if (pod.spec.nodeName !== old.spec.nodeName) {
    errors.push(forbiddenField(statusPath.child("nodeName"), "may not be changed directly"));
  }
  const nominated = pod.status?.nominatedNodeName ?? "";
  if (nominated !== "" && nominated !== old.status?.nominatedNodeName) {
    checkTexts(subdomainName(nominated, false), nominated, statusPath.child("nominatedNodeName"), errors);
  }
  checkImmutable(pod.status?.qosClass ?? "", old.status?.qosClass ?? "", statusPath.child("qosClass"), errors);
  checkTransitions(pod, old, errors);
  checkClaimStatuses(pod, errors);
  checkAddresses(pod, errors);
  checkContainerStatuses(pod, errors);
  return errors;
}

function checkConditions(pod: Pod, errors: FieldError[]): void {
  for (const [index, { type }] of (pod.status?.conditions ?? []).entries()) {
    if (systemConditions.has(type)) continue;
    checkTexts(qualifiedNameErrors(type), type, metadataPath.child("conditions").index(index).child("Type"), errors);
  }
}

/** A container that will not be restarted stays terminated. */
function checkTransitions(pod: Pod, old: Pod, errors: FieldError[]): void {
  for (const [field, specField] of statusLists) {
    const statuses = pod.status?.[field] ?? [];
    for (const [index, before] of (old.status?.[field] ?? []).entries()) {
      const exit = before.state?.terminated;
      if (exit === undefined || mayRestart(before, specField, old.spec)) continue;
      if (!statuses.some((status) => status.name === before.name && !status.state?.terminated)) continue;
      const text = "may not be transitioned to non-terminated state";
      errors.push(forbiddenField(statusPath.child(field).index(index).child("state"), text));
    }
  }
}

function mayRestart(
  status: ContainerStatus,
  list: "containers" | "initContainers" | "ephemeralContainers",
  spec: PodSpec,
): boolean {
  if (list === "ephemeralContainers") return false;
  if (mayRestartAll(spec)) return true;
  const container = spec[list]?.find((candidate) => candidate.name === status.name);
  if (container?.restartPolicyRules?.length) return true;
  if (list === "initContainers" && container && isSidecar(container)) return true;
  const policy = container?.restartPolicy ?? spec.restartPolicy;
  return policy === "Always" || (policy === "OnFailure" && status.state?.terminated?.exitCode !== 0);
}

/** Whether the end of one container may have all of them start anew. */
function mayRestartAll({ initContainers = [], containers }: PodSpec): boolean {
  return [...initContainers, ...containers].some(({ restartPolicyRules }) =>
    restartPolicyRules?.some(({ action }) => action === "RestartAllContainers"),
  );
}

function checkClaimStatuses(pod: Pod, errors: FieldError[]): void {
  const path = statusPath.child("resourceClaimStatuses");
  const seen = new Set<string>();
  for (const [index, { name, resourceClaimName }] of (pod.status?.resourceClaimStatuses ?? []).entries()) {
    const namePath = path.index(index).child("name");
    if (!pod.spec.resourceClaims?.some((claim) => claim.name === name)) {
      const text = "must match the name of an entry in `spec.resourceClaims`";
      errors.push(invalidField(namePath, name, text));
    }
    if (seen.has(name)) errors.push(duplicateField(namePath, name));
    seen.add(name);
    if (resourceClaimName !== undefined) {
      checkTexts(subdomainName(resourceClaimName, false), resourceClaimName, namePath, errors);
    }
  }
}

function checkAddresses(pod: Pod, errors: FieldError[]): void {
  const { podIPs = [], hostIP = "", hostIPs = [] } = pod.status ?? {};
  checkAddressList(podIPs, statusPath.child("podIPs"), errors);
  if (hostIPs[0] === undefined) return;
  const path = statusPath.child("hostIPs");
  if (hostIPs[0].ip !== hostIP) {
    errors.push(invalidField(path.index(0).child("ip"), hostIPs[0].ip, "must be equal to `hostIP`"));
  }
  checkAddressList(hostIPs, path, errors);
}

function checkAddressList(list: readonly { ip: string }[], path: FieldPath, errors: FieldError[]): void {
  for (const [index, { ip }] of list.entries()) checkTexts(ipAddressErrors(ip), ip, path.index(index), errors);
  if (list.length < 2) return;
  const families = new Set(list.map(({ ip }) => addressFamily(ip)));
  if (families.size < 2 || list.length > 2) {
    errors.push(invalidField(path, list, "may specify no more than one IP for each IP family"));
  }
  for (const [index, entry] of list.entries()) {
    if (list.slice(0, index).some(({ ip }) => ip === entry.ip)) {
      errors.push(duplicateField(path.index(index), entry));
    }
  }
}

function checkContainerStatuses(pod: Pod, errors: FieldError[]): void {
  const isWindows = pod.spec.os?.name === "windows";
  for (const [field, specField] of statusLists) {
    const containers: readonly Container[] = pod.spec[specField] ?? [];
    for (const [index, status] of (pod.status?.[field] ?? []).entries()) {
      const path = statusPath.child(field).index(index);
      checkUser(status, isWindows, path.child("linux"), errors);
      const allocated = path.child("allocatedResourcesStatus");
      if (field === "ephemeralContainerStatuses") {
        if (status.allocatedResourcesStatus?.length) {
          errors.push(forbiddenField(allocated, "must not be specified in container status"));
        }
      } else {
        checkAllocated(status, containers, allocated, errors);
      }
    }
  }
}

function checkUser(status: ContainerStatus, isWindows: boolean, path: FieldPath, errors: FieldError[]): void {
  const user = status.user?.linux;
  if (user === undefined) return;
  if (isWindows) {
    errors.push(forbiddenField(path, "cannot be set for a windows pod"));
    return;
  }
  checkId(user.uid, path.child("uid"), errors);
  checkId(user.gid, path.child("gid"), errors);
  for (const [index, group] of (user.supplementalGroups ?? []).entries()) {
    checkId(group, path.child("supplementalGroups").index(index), errors);
  }
}

function checkAllocated(
  status: ContainerStatus,
  containers: readonly Container[],
  path: FieldPath,
  errors: FieldError[],
): void {
  const container = containers.find((candidate) => candidate.name === status.name);
  for (const [index, { name, resources = [] }] of (status.allocatedResourcesStatus ?? []).entries()) {
    if (container) checkAllocatedName(name, container, path.index(index).child("name"), errors);
    const ids = new Set<string>();
    for (const [at, { resourceID, health }] of resources.entries()) {
      const itemPath = path.index(index).child("resources").index(at);
      if (!healthValues.includes(health ?? "")) {
        errors.push(notSupportedField(itemPath.child("health"), health ?? "", healthValues));
      }
      if (ids.has(resourceID)) errors.push(duplicateField(itemPath.child("resourceID"), resourceID));
      ids.add(resourceID);
    }
  }
}

function checkAllocatedName(name: string, container: Container, path: FieldPath, errors: FieldError[]): void {
  if (!name.startsWith("claim:")) {
    if (container.resources?.requests?.[name] === undefined) {
      errors.push(invalidField(path, name, "must match one of the container's resource requests"));
    }
    return;
  }
  const known = container.resources?.claims?.some(
    ({ name: claim, request }) => name === (request ? `claim:${claim}/${request}` : `claim:${claim}`),
  );
  if (known) return;
  const text =
    "must match one of the container's resource claims in a format 'claim:<claimName>/<request>' or 'claim:<claimName>' if request is empty";
  errors.push(invalidField(path, name, text));
}
