import { leaderElectionFlags } from "@kube-ts/client/leader-election-flags";
import { featureGateFlags } from "@kube-ts/std/feature-gates";
import { defineFlags } from "@kube-ts/std/flags";
import { secureServingFlags } from "@kube-ts/std/serving-flags";
import { certificateSigningFlags } from "./certificate-signing.ts";

/** The daemon's flags, under upstream's names. */
export const controllerManagerFlags = defineFlags({
  ...secureServingFlags(10257),
  kubeconfig: { type: "string", default: "", description: "kubeconfig file with the server and credentials; required" },
  "authentication-kubeconfig": {
    type: "string",
    default: "",
    description: "kubeconfig file for asking whom a bearer token belongs to; --kubeconfig when it is not given",
  },
  "authorization-kubeconfig": {
    type: "string",
    default: "",
    description: "kubeconfig file for asking who may see the metrics; --kubeconfig when it is not given",
  },
  controllers: {
    type: "stringList",
    default: ["*"],
    description: "controllers to run: '*' for those on by default, 'foo' turns foo on, '-foo' turns it off",
  },
  "use-service-account-credentials": {
    type: "boolean",
    default: false,
    description: "run each controller with a service account of its own",
  },
  "service-account-private-key-file": {
    type: "string",
    default: "",
    description: "PEM file of the private key that signs tokens kept in secrets",
  },
  "root-ca-file": {
    type: "string",
    default: "",
    description: "PEM file of the root authority that is published to every namespace; by default that of --kubeconfig",
  },
  ...featureGateFlags,
  ...certificateSigningFlags,
  "legacy-service-account-token-clean-up-period": {
    type: "duration",
    default: 365 * 24 * 3_600_000,
    description: "how long a token made automatically in a secret may be unused before it is marked, and then deleted",
  },
  "cluster-cidr": { type: "stringList", default: [], description: "CIDR ranges of pods, one of each IP family" },
  "service-cluster-ip-range": {
    type: "stringList",
    default: [],
    description: "CIDR ranges of services; nodes get no pod range that overlaps them",
  },
  "allocate-node-cidrs": { type: "boolean", default: false, description: "give each node a range of pod addresses" },
  "node-cidr-mask-size": {
    type: "integer",
    default: 0,
    description: "prefix length of a node's pod range where pods have one family; by default 24, or 64 for IPv6",
  },
  "node-cidr-mask-size-ipv4": {
    type: "integer",
    default: 0,
    description: "prefix length of a node's IPv4 pod range; by default 24",
  },
  "node-cidr-mask-size-ipv6": {
    type: "integer",
    default: 0,
    description: "prefix length of a node's IPv6 pod range; by default 64",
  },
  "node-monitor-period": { type: "duration", default: 5_000, description: "time between checks of node status" },
  "node-monitor-grace-period": {
    type: "duration",
    default: 50_000,
    description: "how long a node may be silent before it counts as unhealthy",
  },
  "node-startup-grace-period": {
    type: "duration",
    default: 60_000,
    description: "how long a new node may take to report its status for the first time",
  },
  "node-eviction-rate": {
    type: "number",
    default: 0.1,
    description: "nodes a second whose pods are evicted when a node fails in a healthy zone",
  },
  "secondary-node-eviction-rate": {
    type: "number",
    default: 0.01,
    description: "the same in an unhealthy zone; 0 when the zone is not larger than --large-cluster-size-threshold",
  },
  "unhealthy-zone-threshold": {
    type: "number",
    default: 0.55,
    description: "part of a zone's nodes, at least 3, that must fail for the zone to count as unhealthy",
  },
  "large-cluster-size-threshold": {
    type: "integer",
    default: 50,
    description: "number of nodes above which an unhealthy zone still evicts, at the secondary rate",
  },
  "node-fencing-program": {
    type: "string",
    default: "",
    description:
      "program that turns the machine of a silent node off, so that its pods can be replaced; none by default",
  },
  "node-fencing-delay": {
    type: "duration",
    default: 60_000,
    description: "how long a node must be unreachable, its pods being evicted, before its machine is turned off",
  },
  "node-fencing-not-ready-delay": {
    type: "duration",
    default: 0,
    description: "the same for a node that reports itself that it is not ready; 0 for never",
  },
  "node-fencing-timeout": {
    type: "duration",
    default: 120_000,
    description: "how long the fencing program may take",
  },
  "terminated-pod-gc-threshold": {
    type: "integer",
    default: 12_500,
    description: "how many ended pods may exist before the oldest are deleted; 0 or less for no limit",
  },
  "enable-garbage-collector": {
    type: "boolean",
    default: true,
    description: "delete objects whose owners are gone; must match the flag of the API server",
  },
  "resource-quota-sync-period": {
    type: "duration",
    default: 300_000,
    description: "how often the usage of every quota is counted anew, whatever happens",
  },
  "concurrent-deployment-syncs": { type: "integer", default: 5, description: "deployments worked on at a time" },
  "concurrent-replicaset-syncs": { type: "integer", default: 5, description: "replica sets worked on at a time" },
  "concurrent-statefulset-syncs": { type: "integer", default: 5, description: "stateful sets worked on at a time" },
  "concurrent-rc-syncs": { type: "integer", default: 5, description: "replication controllers worked on at a time" },
  "concurrent-endpoint-syncs": { type: "integer", default: 5, description: "endpoints worked on at a time" },
  "concurrent-service-endpoint-syncs": {
    type: "integer",
    default: 5,
    description: "services whose endpoint slices are worked on at a time",
  },
  "mirroring-concurrent-service-endpoint-syncs": {
    type: "integer",
    default: 5,
    description: "services whose own Endpoints are mirrored to endpoint slices at a time",
  },
  "mirroring-max-endpoints-per-subset": {
    type: "integer",
    default: 1000,
    description: "addresses of one subset of Endpoints that are mirrored to endpoint slices",
  },
  "concurrent-gc-syncs": { type: "integer", default: 20, description: "garbage collector workers" },
  "concurrent-namespace-syncs": { type: "integer", default: 10, description: "namespaces worked on at a time" },
  "concurrent-resource-quota-syncs": { type: "integer", default: 5, description: "quotas worked on at a time" },
  "concurrent-ttl-after-finished-syncs": {
    type: "integer",
    default: 5,
    description: "finished jobs worked on at a time",
  },
  "concurrent-serviceaccount-token-syncs": {
    type: "integer",
    default: 5,
    description: "service account tokens worked on at a time",
  },
  "kube-api-qps": { type: "number", default: 20, description: "requests a second to the API server" },
  "kube-api-burst": { type: "integer", default: 30, description: "requests at once to the API server" },
  ...leaderElectionFlags("kube-controller-manager"),
  "leader-elect-resource-namespace": { type: "string", default: "kube-system", description: "namespace of the lease" },
});
