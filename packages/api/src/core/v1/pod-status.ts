import type { ContainerStatus } from "./container-status.ts";
import type { ConditionStatus } from "./reference.ts";
import type { ResourceList, ResourceName, ResourceRequirements } from "./resources.ts";
import type { Int64, Quantity, Time } from "../../meta/v1/primitives.ts";

/** Maps an extended resource of a container to the request in a ResourceClaim that provides it. */
export interface ContainerExtendedResourceRequest {
  /**
   * Name of the container that requests the extended resource.
   * @proto 1
   */
  containerName: string;
  /**
   * Name of the extended resource the container requests.
   * @proto 2
   */
  resourceName: string;
  /**
   * Name of the request, in the ResourceClaim created for the pod, that satisfies the extended resource.
   * @proto 3
   */
  requestName: string;
}

/** One IP address of a host. */
export interface HostIP {
  /**
   * IPv4 or IPv6 address assigned to the host. Required.
   * @proto 1
   */
  ip: string;
}

/**
 * Node allocatable resources, such as cpu and memory, that a pod received through one dynamically allocated
 * resource claim.
 */
export interface NodeAllocatableResourceClaimStatus {
  /**
   * Name of the ResourceClaim referenced by the pod that caused this allocation.
   * @proto 1
   */
  resourceClaimName: string;
  /**
   * Names of all containers in the pod that reference the claim.
   * @proto 2
   * @listType set
   */
  containers?: string[];
  /**
   * Amounts of node resources, by name, that the claim takes up.
   * @proto 3
   */
  resources: Record<ResourceName, Quantity>;
}

/** One observed aspect of a pod's state. */
export interface PodCondition {
  /**
   * Kind of pod condition, such as PodScheduled or Ready.
   * @proto 1
   */
  type: PodConditionType;
  /**
   * The pod's metadata.generation on which this condition is based.
   * @proto 7
   */
  observedGeneration?: Int64;
  /**
   * Whether the condition holds: True, False or Unknown.
   * @proto 2
   */
  status: ConditionStatus;
  /**
   * When the condition was last checked.
   * @proto 3
   */
  lastProbeTime?: Time | null;
  /**
   * When the condition last changed from one status to another.
   * @proto 4
   */
  lastTransitionTime?: Time | null;
  /**
   * Single CamelCase word that explains the last transition.
   * @proto 5
   */
  reason?: string;
  /**
   * Human-readable details about the last transition.
   * @proto 6
   */
  message?: string;
}

/**
 * Kind of pod condition. The known values cover scheduling, initialization, readiness, disruption, in-place
 * resize and restart of all containers; custom ones may be used for readiness gates.
 * @knownValues ContainersReady, Initialized, Ready, PodScheduled, DisruptionTarget, PodReadyToStartContainers, PodResizePending, PodResizeInProgress, AllContainersRestarting
 */
export type PodConditionType = string;

/**
 * Status of the resource claim created to satisfy a pod's extended resource requests through dynamic
 * resource allocation.
 */
export interface PodExtendedResourceClaimStatus {
  /**
   * Maps each container's extended resource to the request in the generated claim that satisfies it.
   * @proto 1
   * @listType atomic
   */
  requestMappings: ContainerExtendedResourceRequest[];
  /**
   * Name of the ResourceClaim, in the pod's namespace, that was generated for the pod's extended resources.
   * @proto 2
   */
  resourceClaimName: string;
}

/** One IP address assigned to a pod. */
export interface PodIP {
  /**
   * The IP address of the pod.
   * @proto 1
   */
  ip: string;
}

/**
 * Coarse stage of a pod's life: Pending, Running, Succeeded, Failed or Unknown.
 * @enumeration
 */
export type PodPhase = "Pending" | "Running" | "Succeeded" | "Failed" | "Unknown";

/**
 * Quality of service class of a pod, derived from its resource settings: Guaranteed, Burstable or
 * BestEffort.
 * @enumeration
 */
export type PodQOSClass = "Guaranteed" | "Burstable" | "BestEffort";

/**
 * State of a requested in-place resize. InProgress is being applied, Deferred fits the node but not at
 * present, Infeasible cannot fit the node.
 */
export type PodResizeStatus = "InProgress" | "Deferred" | "Infeasible";

/** Records which ResourceClaim was created for a claim that the pod declares through a template. */
export interface PodResourceClaimStatus {
  /**
   * Name of the entry in spec.resourceClaims that this status belongs to.
   * @proto 1
   */
  name: string;
  /**
   * Name of the ResourceClaim generated for the pod, in its namespace. Unset means that no claim had to be
   * generated.
   * @proto 2
   */
  resourceClaimName?: string;
}

/**
 * Most recently observed state of a pod. It may trail the actual state, especially when the node cannot
 * reach the control plane.
 */
export interface PodStatus {
  /**
   * The pod's metadata.generation on which this status is based.
   * @proto 17
   */
  observedGeneration?: Int64;
  /**
   * Coarse summary of where the pod is in its life: Pending, Running, Succeeded, Failed or Unknown.
   * @proto 1
   */
  phase?: PodPhase;
  /**
   * Latest observations about the pod's state, unique by type.
   * @proto 2
   * @listType map
   * @listMapKey type
   * @patchStrategy merge
   * @patchMergeKey type
   */
  conditions?: PodCondition[];
  /**
   * Human-readable explanation of why the pod is in this state.
   * @proto 3
   */
  message?: string;
  /**
   * Short CamelCase word explaining why the pod is in this state, such as Evicted.
   * @proto 4
   */
  reason?: string;
  /**
   * Node on which the pod is expected to run, for example after preempting other pods there. The pod may
   * still end up on another node.
   * @proto 11
   */
  nominatedNodeName?: string;
  /**
   * IP address of the node the pod is assigned to. Unset until the pod has been scheduled.
   * @proto 5
   */
  hostIP?: string;
  /**
   * IP addresses of the node the pod is assigned to. The first entry equals hostIP.
   * @proto 16
   * @listType atomic
   * @patchStrategy merge
   * @patchMergeKey ip
   */
  hostIPs?: HostIP[];
  /**
   * IP address of the pod, reachable at least within the cluster. Empty until one is assigned.
   * @proto 6
   */
  podIP?: string;
  /**
   * IP addresses of the pod, at most one per IP family. The first entry equals podIP.
   * @proto 12
   * @listType map
   * @listMapKey ip
   * @patchStrategy merge
   * @patchMergeKey ip
   */
  podIPs?: PodIP[];
  /**
   * When the kubelet acknowledged the pod, before pulling its images.
   * @proto 7
   */
  startTime?: Time;
  /**
   * Status of each init container. One that has finished successfully is reported as ready.
   * @proto 10
   * @listType atomic
   */
  initContainerStatuses?: ContainerStatus[];
  /**
   * Status of each regular container.
   * @proto 8
   * @listType atomic
   */
  containerStatuses?: ContainerStatus[];
  /**
   * Quality of service class derived from resource settings: Guaranteed, Burstable or BestEffort.
   * @proto 9
   */
  qosClass?: PodQOSClass;
  /**
   * Status of each ephemeral container.
   * @proto 13
   * @listType atomic
   */
  ephemeralContainerStatuses?: ContainerStatus[];
  /**
   * State of a requested in-place resize. Deprecated: see the PodResizePending and PodResizeInProgress
   * conditions instead.
   * @proto 14
   */
  resize?: PodResizeStatus;
  /**
   * Names of the ResourceClaims generated for claims that the pod declares through templates.
   * @proto 15
   * @listType map
   * @listMapKey name
   * @patchStrategy merge,retainKeys
   * @patchMergeKey name
   */
  resourceClaimStatuses?: PodResourceClaimStatus[];
  /**
   * Status of the resource claim generated for extended resources satisfied by dynamic resource allocation.
   * @proto 18
   */
  extendedResourceClaimStatus?: PodExtendedResourceClaimStatus;
  /**
   * Total resource requests the node has allocated to the pod. Added up over containers when the pod has no
   * pod-level requests.
   * @proto 19
   */
  allocatedResources?: ResourceList;
  /**
   * Requests and limits applied to the pod as a whole on its node, reported when pod-level resources are
   * set.
   * @proto 20
   */
  resources?: ResourceRequirements;
  /**
   * Node allocatable resources, such as cpu and memory, that the pod received through resource claims.
   * @proto 21
   * @listType atomic
   */
  nodeAllocatableResourceClaimStatuses?: NodeAllocatableResourceClaimStatus[];
}
