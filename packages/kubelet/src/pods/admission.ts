import type { Node, Pod, ResourceList } from "@kube-ts/api/core/v1";
import { hostPortsOf, HostPortUse } from "@kube-ts/api/placement/host-ports";
import { admitsNode, nodeSelection } from "@kube-ts/api/placement/node-selection";
import { untoleratedTaint } from "@kube-ts/api/placement/tolerations";
import { podRequests } from "@kube-ts/api/pod-resources";
import { Quantity } from "@kube-ts/api/quantity";
import { addResources } from "@kube-ts/api/resource-amounts";
import { osLabel } from "@kube-ts/api/well-known-labels";
import type { RuntimeFeatures } from "../runtime/runtime.ts";
import type { WaitingReason } from "../status/status-view.ts";
import { containersOf } from "./pod-containers.ts";
import { dottedSysctl } from "./sysctl-names.ts";
import { unsupportedField } from "./unsupported-fields.ts";

/** What a pod is measured against. */
export interface AdmissionNode {
  /** The node's object, or what it will be before it is registered. */
  readonly node: Node;
  readonly allocatable: ResourceList;
  readonly features: RuntimeFeatures;
  /** Node conditions under which pods of the lowest class are refused, such as `MemoryPressure`. */
  readonly pressure: readonly string[];
  /** Patterns of sysctls that are allowed beyond the safe ones; a trailing `*` stands for anything. */
  readonly allowedUnsafeSysctls: readonly string[];
  readonly isStatic: boolean;
}

const linux = "linux";

/** Whether the node takes the pod beside the others; otherwise why not, in upstream's words. */
export function admitPod(pod: Pod, others: readonly Pod[], at: AdmissionNode): WaitingReason | undefined {
  return (
    refusePressure(pod, at) ??
    refuseSysctls(pod, at.allowedUnsafeSysctls) ??
    refuseOs(pod) ??
    refuseFeatures(pod, at.features) ??
    refuseResources(pod, others, at.allocatable) ??
    refusePlace(pod, others, at)
  );
}

const systemCriticalPriority = 2_000_000_000;

/** Under pressure only pods come in that would not be evicted at once. */
function refusePressure(pod: Pod, { pressure, isStatic }: AdmissionNode): WaitingReason | undefined {
  if (pressure.length === 0 || isStatic || (pod.spec.priority ?? 0) >= systemCriticalPriority) return undefined;
  if (pressure.length === 1 && pressure[0] === "MemoryPressure" && hasRequests(pod)) return undefined;
  return { reason: "Evicted", message: `The node had condition: [${pressure.join(" ")}]. ` };
}

function hasRequests(pod: Pod): boolean {
  return podRequests(pod).size > 0;
}

const safeSysctls: ReadonlySet<string> = new Set([
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.ping_group_range",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_wmem",
]);

/** Sysctls without a namespace of their own would change the node. */
const namespaced = /^(kernel\.(shm|msg|sem)|fs\.mqueue\.|net\.)/;

function refuseSysctls(pod: Pod, allowed: readonly string[]): WaitingReason | undefined {
  for (const { name: written } of pod.spec.securityContext?.sysctls ?? []) {
    const name = dottedSysctl(written);
    const listed = allowed.some((pattern) =>
      pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
    );
    if (!safeSysctls.has(name) && !(listed && namespaced.test(name))) {
      return { reason: "SysctlForbidden", message: `forbidden sysctl: "${written}" not allowlisted` };
    }
    const ofNode = (pod.spec.hostNetwork && name.startsWith("net.")) || (pod.spec.hostIPC && !name.startsWith("net."));
    if (ofNode) {
      const host = name.startsWith("net.") ? "net" : "ipc";
      const text = `forbidden sysctl: "${written}" not allowed with host ${host} enabled`;
      return { reason: "SysctlForbidden", message: text };
    }
  }
  return undefined;
}

function refuseOs(pod: Pod): WaitingReason | undefined {
  const label = pod.metadata.labels?.[osLabel];
  if (label !== undefined && label !== linux) {
    const message = "Failed to admit pod as the `kubernetes.io/os` label doesn't match node label";
    return { reason: "PodOSSelectorNodeLabelDoesNotMatch", message };
  }
  if (pod.spec.os && pod.spec.os.name !== linux) {
    return { reason: "PodOSNotSupported", message: "Failed to admit pod as the OS field doesn't match node OS" };
  }
  return undefined;
}

function refuseFeatures(pod: Pod, features: RuntimeFeatures): WaitingReason | undefined {
  if (pod.spec.securityContext?.supplementalGroupsPolicy === "Strict" && !features.supplementalGroupsPolicyStrict) {
    return {
      reason: "SupplementalGroupsPolicyNotSupported",
      message: "SupplementalGroupsPolicy=Strict is not supported in this node",
    };
  }
  if (!features.apparmor && asksForAppArmor(pod)) {
    return { reason: "AppArmor", message: "Cannot enforce AppArmor: AppArmor is not enabled on the host" };
  }
  const field = unsupportedField(pod, features);
  return field === undefined
    ? undefined
    : { reason: "PodFeatureUnsupported", message: `${field} is not supported on this node` };
}

function asksForAppArmor(pod: Pod): boolean {
  return containersOf(pod).some(({ spec }) => {
    const profile = spec.securityContext?.appArmorProfile ?? pod.spec.securityContext?.appArmorProfile;
    return profile !== undefined && profile.type !== "Unconfined";
  });
}

/** Whether a pod that runs here may have what it asks for now beside the others. */
export function judgeResize(
  pod: Pod,
  others: readonly Pod[],
  allocatable: ResourceList,
): { readonly reason: "Infeasible" | "Deferred"; readonly message: string } | undefined {
  for (const [name, requested] of podRequests(pod)) {
    const capacity = Quantity.parse(String(allocatable[name] ?? "0"));
    if ((name !== "cpu" && name !== "memory") || requested.compare(capacity) <= 0) continue;
    const amounts = `requested: ${amount(name, requested)}, capacity: ${amount(name, capacity)}`;
    return { reason: "Infeasible", message: `Node didn't have enough capacity: ${name}, ${amounts}` };
  }
  const beside = refuseResources(pod, others, allocatable);
  return beside && { reason: "Deferred", message: beside.message };
}

function refuseResources(pod: Pod, others: readonly Pod[], allocatable: ResourceList): WaitingReason | undefined {
  const podsCapacity = Quantity.parse(String(allocatable["pods"] ?? "0")).value();
  if (others.length + 1 > podsCapacity) return outOf("pods", 1, others.length, podsCapacity);
  const used = new Map<string, Quantity>();
  for (const other of others) addResources(used, podRequests(other, { useStatus: true }));
  for (const [name, requested] of podRequests(pod)) {
    const capacity = allocatable[name];
    if (requested.isZero()) continue;
    // What the node does not know is somebody else's to give.
    if (capacity === undefined && name.includes("/")) continue;
    const total = Quantity.parse(String(capacity ?? "0"));
    const taken = used.get(name) ?? Quantity.zero;
    if (taken.add(requested).compare(total) <= 0) continue;
    return outOf(name, amount(name, requested), amount(name, taken), amount(name, total));
  }
  return undefined;
}

function amount(name: string, quantity: Quantity): number {
  return name === "cpu" ? quantity.milliValue() : quantity.value();
}

function outOf(name: string, requested: number, used: number, capacity: number): WaitingReason {
  return {
    reason: `OutOf${name}`,
    message: `Node didn't have enough resource: ${name}, requested: ${requested}, used: ${used}, capacity: ${capacity}`,
  };
}

function refusePlace(pod: Pod, others: readonly Pod[], { node, isStatic }: AdmissionNode): WaitingReason | undefined {
  const { name = "", labels = {} } = node.metadata;
  if (!admitsNode(nodeSelection(pod), { name, labels })) {
    return predicate("NodeAffinity", "node(s) didn't match Pod's node affinity/selector");
  }
  if (pod.spec.nodeName && pod.spec.nodeName !== name) {
    return predicate("NodeName", "node(s) didn't match the requested node name");
  }
  const taken = new HostPortUse();
  for (const other of others) taken.add(hostPortsOf(other));
  if (taken.conflicts(hostPortsOf(pod))) {
    return predicate("NodePorts", "node(s) didn't have free ports for the requested pod ports");
  }
  if (isStatic) return undefined;
  const taint = untoleratedTaint(node.spec?.taints ?? [], pod.spec.tolerations, ({ effect }) => effect === "NoExecute");
  return taint && predicate("TaintToleration", "node(s) had taints that the pod didn't tolerate");
}

function predicate(name: string, description: string): WaitingReason {
  return { reason: name, message: `Predicate ${name} failed: ${description}` };
}
