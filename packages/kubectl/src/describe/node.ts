import type { Node, NodeCondition, Pod, Taint } from "@kube-ts/api/core/v1";
import { podLimits, podRequests } from "@kube-ts/api/pod-resources";
import { humanDuration } from "../printers/age.ts";
import { parseTime } from "@kube-ts/api/rfc3339";
import { type Quantity, quantityOf } from "@kube-ts/api/quantity";
import { nodeRoleLabelPrefix } from "@kube-ts/api/well-known-labels";
import type { Description } from "./description.ts";
import { localTime } from "./local-time.ts";

export interface NodeSurroundings {
  readonly pods: readonly Pod[];
  readonly lease: { readonly holder: string; readonly renewTime: string | undefined } | { readonly problem: string };
  readonly nowMs: number;
}

export function describeNode(description: Description, node: Node, { pods, lease, nowMs }: NodeSurroundings): void {
  const { metadata, spec = {}, status = {} } = node;
  const line = (text: string) => description.line(0, text);
  line(`Name:\t${metadata.name ?? ""}`);
  const roles = Object.keys(metadata.labels ?? {})
    .filter((key) => key.startsWith(nodeRoleLabelPrefix))
    .map((key) => key.slice(nodeRoleLabelPrefix.length))
    .toSorted();
  line(`Roles:\t${roles.join(",") || "<none>"}`);
  description.map("Labels", metadata.labels);
  description.annotations(metadata.annotations);
  line(`CreationTimestamp:\t${localTime(metadata.creationTimestamp)}`);
  writeTaints(description, spec.taints);
  line(`Unschedulable:\t${spec.unschedulable ?? false}`);
  writeLease(description, lease);
  writeConditions(description, status.conditions);
  line("Addresses:");
  for (const { type, address } of status.addresses ?? []) line(`  ${type}:\t${address}`);
  writeAmounts(description, "Capacity", status.capacity);
  writeAmounts(description, "Allocatable", status.allocatable);
  writeSystemInfo(description, status.nodeInfo);
  if (spec.podCIDR) line(`PodCIDR:\t${spec.podCIDR}`);
  if (spec.podCIDRs?.length) line(`PodCIDRs:\t${spec.podCIDRs.join(",")}`);
  if (spec.providerID) line(`ProviderID:\t${spec.providerID}`);
  const running = pods.filter((pod) => pod.status?.phase !== "Succeeded" && pod.status?.phase !== "Failed");
  const allocatable = status.allocatable ?? status.capacity ?? {};
  writePods(description, running, allocatable, nowMs);
  writeAllocated(description, running, allocatable);
}

function writeTaints(description: Description, taints: readonly Taint[] = []): void {
  const texts = taints
    .toSorted((a, b) => (`${a.effect},${a.key}` < `${b.effect},${b.key}` ? -1 : 1))
    .map(({ key, value, effect }) => `${key}${value ? `=${value}` : ""}:${effect}`);
  if (texts.length === 0) description.line(0, "Taints:\t<none>");
  for (const [index, text] of texts.entries()) description.line(0, `${index === 0 ? "Taints:" : ""}\t${text}`);
}

function writeLease(description: Description, lease: NodeSurroundings["lease"]): void {
  const line = (text: string) => description.line(0, text);
  if ("problem" in lease) {
    line(`Lease:\tFailed to get lease: ${lease.problem}`);
    return;
  }
  line("Lease:");
  line(`  HolderIdentity:\t${lease.holder || "<unset>"}`);
  line("  AcquireTime:\t<unset>");
  line(`  RenewTime:\t${lease.renewTime ? localTime(lease.renewTime) : "<unset>"}`);
}

function writeConditions(description: Description, conditions: readonly NodeCondition[] = []): void {
  if (conditions.length === 0) return;
  const line = (text: string) => description.line(0, text);
  line("Conditions:");
  line("  Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage");
  line("  ----\t------\t-----------------\t------------------\t------\t-------");
  for (const { type, status, lastHeartbeatTime, lastTransitionTime, reason, message } of conditions) {
    const times = `${localTime(lastHeartbeatTime)} \t${localTime(lastTransitionTime)}`;
    line(`  ${type} \t${status} \t${times} \t${reason ?? ""} \t${message ?? ""}`);
  }
}

type Amounts = Readonly<Record<string, string>>;

function writeAmounts(description: Description, label: string, amounts: Amounts | undefined): void {
  const names = Object.keys(amounts ?? {}).toSorted();
  if (names.length === 0) return;
  description.line(0, `${label}:`);
  for (const name of names) description.line(0, `  ${name}:\t${amounts?.[name] ?? ""}`);
}

function writeSystemInfo(description: Description, info: NonNullable<Node["status"]>["nodeInfo"]): void {
  description.line(0, "System Info:");
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["Machine ID", info?.machineID],
    ["System UUID", info?.systemUUID],
    ["Boot ID", info?.bootID],
    ["Kernel Version", info?.kernelVersion],
    ["OS Image", info?.osImage],
    ["Operating System", info?.operatingSystem],
    ["Architecture", info?.architecture],
    ["Container Runtime Version", info?.containerRuntimeVersion],
    ["Kubelet Version", info?.kubeletVersion],
  ];
  for (const [label, value] of rows) description.line(0, `  ${label}:\t${value ?? ""}`);
}

function writePods(description: Description, running: readonly Pod[], allocatable: Amounts, nowMs: number): void {
  description.line(0, `Non-terminated Pods:\t(${running.length} in total)`);
  description.line(1, "Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge");
  description.line(1, "---------\t----\t\t------------\t----------\t---------------\t-------------\t---");
  for (const pod of running) {
    const [requests, limits] = [podRequests(pod), podLimits(pod)];
    const cells = ["cpu", "memory"].flatMap((name) => {
      const [request, limit] = [
        quantityOf(String(requests.get(name) ?? "0")),
        quantityOf(String(limits.get(name) ?? "0")),
      ];
      return [withShare(request, allocatable[name]), withShare(limit, allocatable[name])];
    });
    const created = parseTime(pod.metadata.creationTimestamp ?? "");
    const age = created === undefined ? "<unknown>" : humanDuration(nowMs - created);
    description.line(1, `${pod.metadata.namespace ?? ""}\t${pod.metadata.name ?? ""}\t\t${cells.join("\t")}\t${age}`);
  }
}

function writeAllocated(description: Description, running: readonly Pod[], allocatable: Amounts): void {
  description.line(0, "Allocated resources:");
  description.line(0, "  (Total limits may be over 100 percent, i.e., overcommitted.)");
  description.line(0, "  Resource\tRequests\tLimits");
  description.line(0, "  --------\t--------\t------");
  const others = Object.keys(allocatable).filter((name) => !standardResources.includes(name) && name !== "pods");
  const huge = others.filter((name) => name.startsWith("hugepages-")).toSorted();
  for (const name of [...standardResources, ...huge]) {
    const { request, limit } = totalOf(running, name);
    const cells = [request, limit].map((amount) => withShare(amount, allocatable[name]));
    description.line(0, `  ${name}\t${cells.join("\t")}`);
  }
  for (const name of others.filter((each) => !huge.includes(each)).toSorted()) {
    const { request, limit } = totalOf(running, name);
    description.line(0, `  ${name}\t${request.toString()}\t${limit.toString()}`);
  }
}

const standardResources: readonly string[] = ["cpu", "memory", "ephemeral-storage"];

function totalOf(pods: readonly Pod[], name: string) {
  const sum = (amounts: readonly (string | undefined)[]) =>
    amounts.reduce((total, amount) => total.add(quantityOf(amount ?? "0")), quantityOf("0"));
  return {
    request: sum(pods.map((pod) => podRequests(pod).get(name)?.toString())),
    limit: sum(pods.map((pod) => podLimits(pod).get(name)?.toString())),
  };
}

/** An amount, and which part of all it is. */
function withShare(amount: Quantity, total: string | undefined): string {
  const whole = quantityOf(total).toNumber();
  const percent = whole === 0 ? 0 : Math.trunc((amount.toNumber() / whole) * 100);
  return `${amount.toString()} (${percent}%)`;
}
