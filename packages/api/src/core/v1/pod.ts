import type { Affinity, Toleration, TopologySpreadConstraint } from "./affinity.ts";
import type { Container, EphemeralContainer } from "./container.ts";
import type { PodConditionType, PodStatus } from "./pod-status.ts";
import type { LocalObjectReference } from "./reference.ts";
import type { ResourceList, ResourceRequirements } from "./resources.ts";
import type { PodSecurityContext } from "./security-context.ts";
import type { Volume } from "./volume.ts";
import type { ListMeta, ObjectMeta, OwnerReference, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Int32, Int64 } from "../../meta/v1/primitives.ts";

/**
 * How DNS is configured for a pod. One of ClusterFirstWithHostNet, ClusterFirst, Default, None.
 * @enumeration
 */
export type DNSPolicy = "ClusterFirstWithHostNet" | "ClusterFirst" | "Default" | "None";

/** Entry that is added to the hosts file of the pod. */
export interface HostAlias {
  /**
   * IP address of the entry. Required.
   * @proto 1
   */
  ip: string;
  /**
   * Host names that resolve to the address.
   * @proto 2
   * @listType atomic
   */
  hostnames?: string[];
}

/**
 * Operating system a pod runs on: linux or windows.
 * @knownValues linux, windows
 */
export type OSName = string;

/**
 * A group of one or more containers that run together on a node and share network and volumes.
 * @kind
 */
export interface Pod extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Desired behavior of the pod.
   * @proto 2
   * @alwaysPresent
   */
  spec: PodSpec;
  /**
   * Most recently observed state of the pod, set by the system. May lag behind by a short while.
   * @proto 3
   * @alwaysPresent
   */
  status?: PodStatus;
}

/** DNS settings of a pod, added to those generated from its dnsPolicy. */
export interface PodDNSConfig {
  /**
   * IP addresses of DNS servers, appended to those from dnsPolicy. Duplicates are removed.
   * @proto 1
   * @listType atomic
   */
  nameservers?: string[];
  /**
   * Search domains for host name lookup, appended to those from dnsPolicy. Duplicates are removed.
   * @proto 2
   * @listType atomic
   */
  searches?: string[];
  /**
   * Resolver options, merged with those from dnsPolicy. An option given here overrides one of the same
   * name.
   * @proto 3
   * @listType atomic
   */
  options?: PodDNSConfigOption[];
}

/** A single DNS resolver option. */
export interface PodDNSConfigOption {
  /**
   * Name of the resolver option, such as ndots. Required.
   * @proto 1
   */
  name?: string;
  /**
   * Value of the resolver option, if it takes one.
   * @proto 2
   */
  value?: string;
}

/**
 * A list of Pod objects.
 * @kind
 */
export interface PodList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * The Pod objects in the list.
   * @proto 2
   */
  items: Pod[];
}

/** Operating system of a pod. */
export interface PodOS {
  /**
   * Operating system name: linux or windows. Clients should treat unknown values as if the operating system
   * were not given.
   * @proto 1
   */
  name: OSName;
}

/** A pod condition that must be true for the pod to be counted as ready. */
export interface PodReadinessGate {
  /**
   * Type of the condition to look up in the pod's list of conditions.
   * @proto 1
   */
  conditionType: PodConditionType;
}

/**
 * Names a ResourceClaim that the pod uses, directly or through a template. Containers gain access by
 * listing the name in their resources.
 */
export interface PodResourceClaim {
  /**
   * Name that identifies this claim within the pod. Must be unique among the pod's claims and a valid DNS
   * label.
   * @proto 1
   */
  name: string;
  /**
   * Name of an existing ResourceClaim in the pod's namespace. Exactly one of this and
   * resourceClaimTemplateName must be set.
   * @proto 3
   */
  resourceClaimName?: string;
  /**
   * Name of a ResourceClaimTemplate in the pod's namespace from which a claim is created and bound to the
   * pod. That claim is deleted along with the pod.
   * @proto 4
   */
  resourceClaimTemplateName?: string;
}

/** A gate that holds back scheduling of a pod until it is removed. */
export interface PodSchedulingGate {
  /**
   * Name of the gate. Must be unique within the pod.
   * @proto 1
   */
  name: string;
}

/**
 * The scheduling group that a pod belongs to, which the scheduler uses to treat related pods together.
 * Exactly one field must be set.
 */
export interface PodSchedulingGroup {
  /**
   * Name of the PodGroup object in the pod's namespace that represents the group. Must be a DNS subdomain
   * name.
   * @proto 1
   */
  podGroupName?: string;
}

/** Identifies the class of pods that should avoid a node. */
export interface PodSignature {
  /**
   * The controller whose pods should avoid the node.
   * @proto 1
   */
  podController?: OwnerReference;
}

/** Desired behavior of a pod. */
export interface PodSpec {
  /**
   * Volumes that containers of the pod may mount.
   * @proto 1
   * @listType map
   * @listMapKey name
   * @patchStrategy merge,retainKeys
   * @patchMergeKey name
   */
  volumes?: Volume[];
  /**
   * Containers that run one after another before the regular ones start. Each must succeed first, or have
   * started if its restart policy is Always. Names must be unique among all containers.
   * @proto 20
   * @listType map
   * @listMapKey name
   * @patchStrategy merge
   * @patchMergeKey name
   */
  initContainers?: Container[];
  /**
   * Regular containers of the pod. There must be at least one, and containers cannot be added or removed
   * later.
   * @proto 2
   * @listType map
   * @listMapKey name
   * @patchStrategy merge
   * @patchMergeKey name
   */
  containers: Container[];
  /**
   * Temporary containers added to a running pod for actions such as debugging. Cannot be given at creation
   * and are added only through the ephemeralcontainers subresource.
   * @proto 34
   * @listType map
   * @listMapKey name
   * @patchStrategy merge
   * @patchMergeKey name
   */
  ephemeralContainers?: EphemeralContainer[];
  /**
   * When containers of the pod are restarted: Always, OnFailure or Never. Defaults to Always; some workload
   * types allow only some values.
   * @proto 3
   */
  restartPolicy?: RestartPolicy;
  /**
   * Seconds between the termination signal and forced killing of the pod's processes. Defaults to 30, and 0
   * kills them immediately.
   * @proto 4
   */
  terminationGracePeriodSeconds?: Int64;
  /**
   * Seconds, counted from its start time, that the pod may be active on a node before the system tries to
   * fail and kill it. Must be positive.
   * @proto 5
   */
  activeDeadlineSeconds?: Int64;
  /**
   * How DNS is set up: ClusterFirst, ClusterFirstWithHostNet, Default or None. Defaults to ClusterFirst;
   * with hostNetwork, cluster DNS needs ClusterFirstWithHostNet.
   * @proto 6
   */
  dnsPolicy?: DNSPolicy;
  /**
   * Labels and values that a node must have for the pod to be scheduled onto it.
   * @proto 7
   * @mapType atomic
   */
  nodeSelector?: Record<string, string>;
  /**
   * Name of the ServiceAccount the pod runs as. Normally filled in as default when unset.
   * @proto 8
   */
  serviceAccountName?: string;
  /**
   * Deprecated alias of serviceAccountName.
   * @proto 9
   */
  serviceAccount?: string;
  /**
   * Whether a service account token is mounted automatically. Overrides the setting of the ServiceAccount.
   * @proto 21
   */
  automountServiceAccountToken?: boolean;
  /**
   * Name of the node the pod is assigned to, empty until scheduled. Setting it directly bypasses the
   * scheduler; node selectors or affinity are better ways to steer placement.
   * @proto 10
   */
  nodeName?: string;
  /**
   * Uses the host's network namespace. Each container's host ports then default to, and must equal, its
   * container ports. Defaults to false.
   * @proto 11
   */
  hostNetwork?: boolean;
  /**
   * Uses the host's process ID namespace. Defaults to false.
   * @proto 12
   */
  hostPID?: boolean;
  /**
   * Uses the host's IPC namespace. Defaults to false.
   * @proto 13
   */
  hostIPC?: boolean;
  /**
   * Shares one process namespace among all containers, so they can see and signal each other's processes.
   * Cannot be combined with hostPID. Defaults to false.
   * @proto 27
   */
  shareProcessNamespace?: boolean;
  /**
   * Security settings for the whole pod and defaults for its containers.
   * @proto 14
   */
  securityContext?: PodSecurityContext;
  /**
   * Secrets in the pod's namespace with credentials for pulling its images.
   * @proto 15
   * @listType map
   * @listMapKey name
   * @patchStrategy merge
   * @patchMergeKey name
   */
  imagePullSecrets?: LocalObjectReference[];
  /**
   * Hostname of the pod. If unset, it is derived from the pod's name.
   * @proto 16
   */
  hostname?: string;
  /**
   * Subdomain of the pod. If set, its fully qualified name is
   * hostname.subdomain.namespace.svc.clusterdomain; if unset, the pod has no domain name.
   * @proto 17
   */
  subdomain?: string;
  /**
   * Scheduling rules based on node labels and on other pods.
   * @proto 18
   */
  affinity?: Affinity;
  /**
   * Name of the scheduler that places the pod. Defaults to default-scheduler.
   * @proto 19
   */
  schedulerName?: string;
  /**
   * Node taints that the pod tolerates.
   * @proto 22
   * @listType atomic
   */
  tolerations?: Toleration[];
  /**
   * Additional hostnames and IP addresses written to the pod's hosts file.
   * @proto 23
   * @listType map
   * @listMapKey ip
   * @patchStrategy merge
   * @patchMergeKey ip
   */
  hostAliases?: HostAlias[];
  /**
   * Name of the PriorityClass that gives the pod its priority. If unset, the cluster's default class is
   * used, or priority zero without one.
   * @proto 24
   */
  priorityClassName?: string;
  /**
   * Numeric priority, higher being more important. Normally filled in from priorityClassName, and cannot be
   * set to a different value by users while priority admission is active.
   * @proto 25
   */
  priority?: Int32;
  /**
   * DNS settings merged with those generated from dnsPolicy.
   * @proto 26
   */
  dnsConfig?: PodDNSConfig;
  /**
   * Additional conditions that must be True, along with all containers being ready, for the pod to be
   * ready.
   * @proto 28
   * @listType atomic
   */
  readinessGates?: PodReadinessGate[];
  /**
   * Name of the RuntimeClass used to run the pod. If no such class exists the pod does not run; unset uses
   * the default runtime handler.
   * @proto 29
   */
  runtimeClassName?: string;
  /**
   * Whether environment variables describing the Services of the namespace are injected into containers.
   * Defaults to true.
   * @proto 30
   */
  enableServiceLinks?: boolean;
  /**
   * Whether the pod may displace lower-priority pods: PreemptLowerPriority or Never. Defaults to
   * PreemptLowerPriority.
   * @proto 31
   */
  preemptionPolicy?: PreemptionPolicy;
  /**
   * Resources consumed by running the pod itself, added to its container requests and limits. Filled in
   * from the RuntimeClass; a differing user value is rejected.
   * @proto 32
   */
  overhead?: ResourceList;
  /**
   * Rules for spreading matching pods evenly over topology domains. All of them must be met.
   * @proto 33
   * @listType map
   * @listMapKey topologyKey,whenUnsatisfiable
   * @patchStrategy merge
   * @patchMergeKey topologyKey
   */
  topologySpreadConstraints?: TopologySpreadConstraint[];
  /**
   * Sets the pod's hostname to its fully qualified domain name instead of the short name. Has no effect for
   * a pod without such a name. Defaults to false.
   * @proto 35
   */
  setHostnameAsFQDN?: boolean;
  /**
   * Operating system of the pod's containers. Some fields, mostly security settings, must stay unset
   * depending on whether it is linux or windows.
   * @proto 36
   */
  os?: PodOS;
  /**
   * Runs the pod in the host's user namespace when true, and in a new one when false. Defaults to true;
   * false limits what a breakout from a container can do on the host.
   * @proto 37
   */
  hostUsers?: boolean;
  /**
   * Gates that keep the pod from being scheduled while any is present. They can only be set at creation and
   * may only be removed afterwards.
   * @proto 38
   * @listType map
   * @listMapKey name
   * @patchStrategy merge
   * @patchMergeKey name
   */
  schedulingGates?: PodSchedulingGate[];
  /**
   * ResourceClaims that must be allocated and reserved before the pod may start. Immutable.
   * @proto 39
   * @listType map
   * @listMapKey name
   * @patchStrategy merge,retainKeys
   * @patchMergeKey name
   */
  resourceClaims?: PodResourceClaim[];
  /**
   * CPU, memory and hugepages requests and limits for the pod as a whole, in which its containers share.
   * Resource claims are not supported here.
   * @proto 40
   */
  resources?: ResourceRequirements;
  /**
   * Hostname of the pod as it sees it, taking precedence over hostname and subdomain without changing DNS
   * records. At most 64 characters, and not allowed with hostNetwork or setHostnameAsFQDN.
   * @proto 41
   */
  hostnameOverride?: string;
  /**
   * Scheduling group that the pod belongs to, for policies such as gang scheduling. Immutable.
   * @proto 43
   */
  schedulingGroup?: PodSchedulingGroup;
}

/**
 * A stored pod blueprint from which identical pods can be created.
 * @kind
 */
export interface PodTemplate extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Labels, annotations and pod spec that pods made from this template receive.
   * @proto 2
   * @alwaysPresent
   */
  template?: PodTemplateSpec;
}

/**
 * A list of PodTemplate objects.
 * @kind
 */
export interface PodTemplateList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * The pod templates in this list.
   * @proto 2
   */
  items: PodTemplate[];
}

/** Metadata and specification that a controller copies into each pod it creates. */
export interface PodTemplateSpec {
  /**
   * Object metadata, such as labels and annotations, given to pods created from the template.
   * @proto 1
   * @alwaysPresent
   */
  metadata?: ObjectMeta;
  /**
   * Desired behavior of pods created from the template.
   * @proto 2
   * @alwaysPresent
   */
  spec?: PodSpec;
}

/**
 * Whether a pod may evict others in order to be scheduled: PreemptLowerPriority lets it displace
 * lower-priority pods, Never only lets it queue ahead of them.
 * @enumeration
 */
export type PreemptionPolicy = "PreemptLowerPriority" | "Never";

/**
 * When containers of a pod are restarted after they stop: Always, OnFailure or Never.
 * @enumeration
 */
export type RestartPolicy = "Always" | "OnFailure" | "Never";
