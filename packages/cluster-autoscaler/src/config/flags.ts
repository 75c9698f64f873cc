import { leaderElectionFlags } from "@kube-ts/client/leader-election-flags";
import { defineFlags } from "@kube-ts/std/flags";
import { secureServingFlags } from "@kube-ts/std/serving-flags";

const minute = 60_000;

const scaleUpFlags = defineFlags({
  expander: {
    type: "string",
    default: "least-waste",
    description:
      "how to choose among groups that would do, the first that decides: random, most-pods, least-waste, least-nodes, priority; comma-separated",
  },
  "max-node-provision-time": {
    type: "duration",
    default: 15 * minute,
    description: "how long a machine may take to become a node before it is given up",
  },
  "max-nodes-total": {
    type: "integer",
    default: 0,
    description: "most nodes in the cluster, all groups and others together; 0 for no limit",
  },
  "new-pod-scale-up-delay": { type: "duration", default: 0, description: "pods younger than this are not considered" },
  "expendable-pods-priority-cutoff": {
    type: "integer",
    default: -10,
    description: "pods with a lower priority neither call for nodes nor keep them",
  },
  "balance-similar-node-groups": {
    type: "boolean",
    default: false,
    description: "keep groups with like nodes at like sizes",
  },
  "balancing-ignore-label": {
    type: "stringArray",
    default: [],
    description: "a label that does not make groups differ; can be given more than once",
  },
  "enforce-node-group-min-size": {
    type: "boolean",
    default: false,
    description: "add machines to groups that are below their smallest size",
  },
  "initial-node-group-backoff-duration": {
    type: "duration",
    default: 5 * minute,
    description: "how long a group rests after its first failure",
  },
  "max-node-group-backoff-duration": {
    type: "duration",
    default: 30 * minute,
    description: "how long a group rests at most; the time doubles with each failure",
  },
  "node-group-backoff-reset-timeout": {
    type: "duration",
    default: 180 * minute,
    description: "time without a failure after which a group starts afresh",
  },
  "startup-taint": {
    type: "stringArray",
    default: [],
    description: "a taint that new nodes have until they are ready; can be given more than once",
  },
  "status-taint": {
    type: "stringArray",
    default: [],
    description: "a taint that says something of one node and nothing of its group; can be given more than once",
  },
});

const scaleDownFlags = defineFlags({
  "scale-down-enabled": { type: "boolean", default: true, description: "remove nodes that are not needed" },
  "scale-down-delay-after-add": {
    type: "duration",
    default: 10 * minute,
    description: "pause of removals after machines were added",
  },
  "scale-down-delay-after-delete": {
    type: "duration",
    default: 0,
    description: "pause after a node was removed; the scan interval when it is 0",
  },
  "scale-down-delay-after-failure": {
    type: "duration",
    default: 3 * minute,
    description: "pause after a removal has failed",
  },
  "scale-down-unneeded-time": {
    type: "duration",
    default: 10 * minute,
    description: "how long a node must be unneeded before it is removed",
  },
  "scale-down-unready-enabled": { type: "boolean", default: true, description: "remove nodes that are not ready, too" },
  "scale-down-unready-time": {
    type: "duration",
    default: 20 * minute,
    description: "how long a node that is not ready must be unneeded before it is removed",
  },
  "scale-down-utilization-threshold": {
    type: "number",
    default: 0.5,
    description: "part of a node's cpu or memory that pods request below which its pods may be moved elsewhere",
  },
  "ignore-daemonsets-utilization": {
    type: "boolean",
    default: false,
    description: "leave pods of daemon sets out of the utilization",
  },
  "ignore-mirror-pods-utilization": {
    type: "boolean",
    default: false,
    description: "leave static pods out of the utilization",
  },
  "max-empty-bulk-delete": { type: "integer", default: 10, description: "most empty nodes that are removed at a time" },
  "max-scale-down-parallelism": {
    type: "integer",
    default: 10,
    description: "most nodes that are being removed at a time",
  },
  "max-drain-parallelism": {
    type: "integer",
    default: 1,
    description: "most nodes with pods that are being removed at a time",
  },
  "max-graceful-termination-sec": {
    type: "integer",
    default: 600,
    description: "most seconds that pods get to end on a node that is removed",
  },
  "max-pod-eviction-time": {
    type: "duration",
    default: 2 * minute,
    description: "how long the eviction of a pod is tried",
  },
  "node-delete-delay-after-taint": {
    type: "duration",
    default: 5_000,
    description: "pause between a node's taint and its removal",
  },
  "unremovable-node-recheck-timeout": {
    type: "duration",
    default: 5 * minute,
    description: "how long a node that could not be removed is let alone",
  },
  "cordon-node-before-terminating": {
    type: "boolean",
    default: false,
    description: "also mark a node as unschedulable before it is removed",
  },
  "daemonset-eviction-for-empty-nodes": {
    type: "boolean",
    default: false,
    description: "evict pods of daemon sets from empty nodes",
  },
  "daemonset-eviction-for-occupied-nodes": {
    type: "boolean",
    default: true,
    description: "evict pods of daemon sets from other nodes",
  },
  "skip-nodes-with-system-pods": {
    type: "boolean",
    default: true,
    description: "keep nodes with pods of kube-system that no disruption budget covers",
  },
  "skip-nodes-with-local-storage": {
    type: "boolean",
    default: true,
    description: "keep nodes with pods that keep data on the node",
  },
  "skip-nodes-with-custom-controller-pods": {
    type: "boolean",
    default: true,
    description: "keep nodes with pods whose controller is not one of Kubernetes' own",
  },
  "max-bulk-soft-taint-count": {
    type: "integer",
    default: 10,
    description: "most candidates' taints that are changed in one scan; 0 for none at all",
  },
});

const healthFlags = defineFlags({
  "max-total-unready-percentage": {
    type: "number",
    default: 45,
    description: "part of the nodes that may be unready before nothing is changed any more, in percent",
  },
  "ok-total-unready-count": { type: "integer", default: 3, description: "so many unready nodes are always allowed" },
  "max-inactivity": {
    type: "duration",
    default: 10 * minute,
    description: "time without a scan after which the health check fails",
  },
  "max-failing-time": {
    type: "duration",
    default: 15 * minute,
    description: "time without a scan that succeeded after which the health check fails",
  },
});

/** The daemon's flags, under upstream's names. */
export const autoscalerFlags = defineFlags({
  ...secureServingFlags(8085),
  kubeconfig: { type: "string", default: "", description: "kubeconfig file with the server and credentials; required" },
  namespace: {
    type: "string",
    default: "kube-system",
    description: "namespace of the status, the lease and the priorities",
  },
  "cluster-name": { type: "string", default: "", description: "name of the cluster, for logs" },
  "cloud-provider": { type: "string", default: "exec", description: "who provides machines: exec" },
  "cloud-config": { type: "string", default: "", description: "file with a NodeGroupProvider; required" },
  nodes: {
    type: "stringArray",
    default: [],
    description: "min:max:group, in place of the sizes that the provider tells; can be given more than once",
  },
  "scan-interval": { type: "duration", default: 10_000, description: "how often the cluster is looked at" },
  ...scaleUpFlags,
  ...scaleDownFlags,
  ...healthFlags,
  "write-status-configmap": { type: "boolean", default: true, description: "tell the state in a config map" },
  "status-config-map-name": {
    type: "string",
    default: "cluster-autoscaler-status",
    description: "name of that config map",
  },
  "kube-client-qps": { type: "number", default: 5, description: "requests a second to the API server" },
  "kube-client-burst": { type: "integer", default: 10, description: "requests at once to the API server" },
  ...leaderElectionFlags("cluster-autoscaler"),
});
