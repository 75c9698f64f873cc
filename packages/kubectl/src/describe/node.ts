import type { Node, Pod } from "@kube-ts/api/core/v1";
import { podLimits, podRequests } from "@kube-ts/api/pod-resources";
import { humanDuration } from "../printers/age.ts";
import { parseTime } from "@kube-ts/api/rfc3339";
import { quantityOf } from "@kube-ts/api/quantity";
import type { Description } from "./description.ts";
import { localTime } from "./local-time.ts";

const rolePrefix = "node-role.kubernetes.io/";

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
    .filter((key) => key.startsWith(rolePrefix))
    .map((key) => key.slice(rolePrefix.length))
    .toSorted();
  line(`Roles:\t${roles.join(",") || "<none>"}`);
  description.map("Labels", metadata.labels);
  description.annotations(metadata.annotations);
  line(`CreationTimestamp:\t${localTime(metadata.creationTimestamp)}`);
  const taints = (spec.taints ?? [])
    .toSorted((a, b) => (`${a.effect},${a.key}` < `${b.effect},${b.key}` ? -1 : 1))
    .map(({ key, value, effect }) => `${key}${value ? `=${value}` : ""}:${effect}`);
  if (taints.length === 0) line("Taints:\t<none>");
  for (const [index, taint] of taints.entries()) line(`${index === 0 ? "Taints:" : ""}\t${taint}`);
  line(`Unschedulable:\t${spec.unschedulable ?? false}`);
  if ("problem" in lease) line(`Lease:\tFailed to get lease: ${lease.problem}`);
  else {
    line("Lease:");
    line(`  HolderIdentity:\t${lease.holder || "<unset>"}`);
    line("  AcquireTime:\t<unset>");
    line(`  RenewTime:\t${lease.renewTime ? localTime(lease.renewTime) : "<unset>"}`);
  }
  if (status.conditions?.length) {
    line("Conditions:");
    line("  Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage");
    line("  ----\t------\t-----------------\t------------------\t------\t-------");
    for (const { type, status: state, lastHeartbeatTime, lastTransitionTime, reason, message } of status.conditions) {
      line(
        `  ${type} \t${state} \t${localTime(lastHeartbeatTime)} \t${localTime(lastTransitionTime)} \t${reason ?? ""} \t${message ?? ""}`,
      );
    }
  }
  line("Addresses:");
  for (const { type, address } of status.addresses ?? []) line(`  ${type}:\t${address}`);
  writeAmounts(description, "Capacity", status.capacity);
  writeAmounts(description, "Allocatable", status.allocatable);
  writeSystemInfo(description, status.nodeInfo);
  if (spec.podCIDR) line(`PodCIDR:\t${spec.podCIDR}`);
  if (spec.podCIDRs?.length) line(`PodCIDRs:\t${spec.podCIDRs.join(",")}`);
  if (spec.providerID) line(`ProviderID:\t${spec.providerID}`);
  writePods(description, node, pods, nowMs);
}

function writeAmounts(
  description: Description,
  label: string,
  amounts: Readonly<Record<string, string>> | undefined,
): void {
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

function writePods(description: Description, node: Node, pods: readonly Pod[], nowMs: number): void {
  const running = pods.filter(({ status }) => status?.phase !== "Succeeded" && status?.phase !== "Failed");
  const allocatable = node.status?.allocatable ?? node.status?.capacity ?? {};
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
      return [
        `${request.toString()} (${percent(request, allocatable[name])}%)`,
        `${limit.toString()} (${percent(limit, allocatable[name])}%)`,
      ];
    });
    const created = parseTime(pod.metadata.creationTimestamp ?? "");
    const age = created === undefined ? "<unknown>" : humanDuration(nowMs - created);
    description.line(1, `${pod.metadata.namespace ?? ""}\t${pod.metadata.name ?? ""}\t\t${cells.join("\t")}\t${age}`);
  }
  description.line(0, "Allocated resources:");
  description.line(0, "  (Total limits may be over 100 percent, i.e., overcommitted.)");
  description.line(0, "  Resource\tRequests\tLimits");
  description.line(0, "  --------\t--------\t------");
  const others = Object.keys(allocatable).filter((name) => !standardResources.includes(name) && name !== "pods");
  const huge = others.filter((name) => name.startsWith("hugepages-")).toSorted();
  for (const name of [...standardResources, ...huge]) {
    const { request, limit } = totalOf(running, name);
    description.line(
      0,
      `  ${name}\t${request.toString()} (${percent(request, allocatable[name])}%)\t${limit.toString()} (${percent(limit, allocatable[name])}%)`,
    );
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

function percent(amount: ReturnType<typeof quantityOf>, total: string | undefined): number {
  const whole = quantityOf(total).toNumber();
  return whole === 0 ? 0 : Math.trunc((amount.toNumber() / whole) * 100);
}
