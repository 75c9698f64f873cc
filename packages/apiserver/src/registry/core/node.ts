import type { Node, NodeSystemInfo } from "@kube-ts/api/core/v1";
import { findCondition } from "@kube-ts/api/conditions";
import { nodes } from "@kube-ts/api/resource-types";
import { nodeRoleLabelPrefix } from "@kube-ts/api/well-known-labels";
import { dropZeroFields } from "../meta/zero-fields.ts";
import { type TableColumns, defineResource } from "../resource-definition.ts";
import { ageCell, ageColumn, column, nameCell, nameColumn, wideColumn } from "../table/columns.ts";
import { canonicalizeResources } from "./canonical-resources.ts";
import { validateNode, validateNodeUpdate } from "./validate-node.ts";

const roleLabel = "kubernetes.io/role";
const systemInfoFields = [
  "machineID",
  "systemUUID",
  "bootID",
  "kernelVersion",
  "osImage",
  "containerRuntimeVersion",
  "kubeletVersion",
  "kubeProxyVersion",
  "operatingSystem",
  "architecture",
] as const satisfies (keyof NodeSystemInfo)[];

const nodeColumns: TableColumns<Node> = {
  definitions: [
    nameColumn,
    column("Status", "string", "Whether the node is ready, and whether pods may be scheduled to it."),
    column("Roles", "string", "Roles of the node, from its labels."),
    ageColumn,
    column("Version", "string", "Version of the kubelet."),
    wideColumn("Internal-IP", "string", "First address of the node inside of the cluster."),
    wideColumn("External-IP", "string", "First address of the node outside of the cluster."),
    wideColumn("OS-Image", "string", "Operating system of the node."),
    wideColumn("Kernel-Version", "string", "Version of the node's kernel."),
    wideColumn("Container-Runtime", "string", "Container runtime and its version."),
  ],
  row(node, nowMs) {
    const info = node.status?.nodeInfo;
    return {
      cells: [
        nameCell(node),
        readiness(node),
        roles(node) || "<none>",
        ageCell(node, nowMs),
        info?.kubeletVersion ?? "",
        addressOf(node, "InternalIP"),
        addressOf(node, "ExternalIP"),
        info?.osImage || "<unknown>",
        info?.kernelVersion || "<unknown>",
        info?.containerRuntimeVersion || "<unknown>",
      ],
    };
  },
};

export const nodeResource = defineResource<Node>({
  type: nodes,
  singular: "node",
  shortNames: ["no"],
  storagePrefix: "minions",
  strategy: {
    defaults: defaultNode,
    prepareForCreate() {},
    prepareForUpdate(node, old) {
      if (old.status === undefined) delete node.status;
      else node.status = old.status;
    },
    validateCreate: validateNode,
    validateUpdate: validateNodeUpdate,
    warnings: nodeWarnings,
  },
  status: {
    prepareForUpdate(node, old) {
      node.spec = old.spec;
    },
    validateUpdate: validateNodeUpdate,
  },
  columns: nodeColumns,
  selectableFields: { "spec.unschedulable": (node) => String(node.spec.unschedulable ?? false) },
});

function defaultNode(node: Node): void {
  const spec = (node.spec ??= {});
  dropZeroFields(spec, ["podCIDR", "providerID", "unschedulable", "externalID"]);
  if (spec.podCIDR !== undefined && spec.podCIDRs?.[0] !== spec.podCIDR) spec.podCIDRs = [spec.podCIDR];
  else if (spec.podCIDRs?.[0]) spec.podCIDR = spec.podCIDRs[0];
  for (const taint of spec.taints ?? []) dropZeroFields(taint, ["value"]);
  const status = (node.status ??= {});
  canonicalizeResources(status.capacity);
  canonicalizeResources(status.allocatable);
  if (status.capacity) status.allocatable ??= { ...status.capacity };
  status.daemonEndpoints ??= {};
  status.daemonEndpoints.kubeletEndpoint ??= { Port: 0 };
  const info: Partial<NodeSystemInfo> = status.nodeInfo ?? {};
  for (const field of systemInfoFields) info[field] ??= "";
  status.nodeInfo = info as NodeSystemInfo;
}

function nodeWarnings(node: Node): string[] {
  const warnings: string[] = [];
  if (node.spec.configSource) {
    warnings.push("spec.configSource: the feature is no longer supported");
  }
  if (node.spec.externalID) warnings.push("spec.externalID: this field is deprecated, and is unused by Kubernetes");
  return warnings;
}

function readiness(node: Node): string {
  const ready = findCondition(node.status?.conditions, "Ready");
  const text = ready === undefined ? "Unknown" : ready.status === "True" ? "Ready" : "NotReady";
  return node.spec.unschedulable ? `${text},SchedulingDisabled` : text;
}

function roles(node: Node): string {
  const found = new Set<string>();
  for (const [key, value] of Object.entries(node.metadata.labels ?? {})) {
    if (key.startsWith(nodeRoleLabelPrefix)) found.add(key.slice(nodeRoleLabelPrefix.length));
    else if (key === roleLabel) found.add(value);
  }
  found.delete("");
  return [...found].sort().join(",");
}

function addressOf(node: Node, type: string): string {
  return node.status?.addresses?.find((address) => address.type === type)?.address ?? "<none>";
}
