import { pods } from "@kube-ts/api/resource-types";
import { defineResource } from "../resource-definition.ts";
import { podColumns } from "./pod-columns.ts";
import { ephemeralContainersStrategy, podResizeStrategy, podStatusStrategy, podStrategy } from "./pod-strategy.ts";

export const podResource = defineResource({
  type: pods,
  singular: "pod",
  shortNames: ["po"],
  categories: ["all"],
  storagePrefix: "pods",
  strategy: podStrategy,
  status: podStatusStrategy,
  parts: { ephemeralcontainers: ephemeralContainersStrategy, resize: podResizeStrategy },
  columns: podColumns,
  selectableFields: {
    "spec.nodeName": (pod) => pod.spec.nodeName ?? "",
    "spec.restartPolicy": (pod) => pod.spec.restartPolicy ?? "",
    "spec.schedulerName": (pod) => pod.spec.schedulerName ?? "",
    "spec.serviceAccountName": (pod) => pod.spec.serviceAccountName ?? "",
    "spec.hostNetwork": (pod) => String(pod.spec.hostNetwork ?? false),
    "status.phase": (pod) => pod.status?.phase ?? "",
    "status.podIP": (pod) => pod.status?.podIPs?.[0]?.ip ?? "",
    "status.nominatedNodeName": (pod) => pod.status?.nominatedNodeName ?? "",
  },
  // Upstream takes the addresses by name, but no pod has any by that name.
  fieldAliases: { "spec.host": "spec.nodeName", "status.podIPs": "status.podIPs" },
});
