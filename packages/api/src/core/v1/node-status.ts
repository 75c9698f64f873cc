import type { ContainerImage } from "./container.ts";
import type { NodeConfigSource } from "./node.ts";
import type { PodSignature } from "./pod.ts";
import type { ConditionStatus } from "./reference.ts";
import type { ResourceList } from "./resources.ts";
import type { Int32, Int64, Time } from "../../meta/v1/primitives.ts";

/** One volume that is currently attached to a node. */
export interface AttachedVolume {
  /**
   * Unique name of the attached volume.
   * @proto 1
   */
  name: UniqueVolumeName;
  /**
   * Path on the node of the device through which the volume can be reached.
   * @proto 2
   */
  devicePath: string;
}

/**
 * Content of a node annotation that tells the scheduler which pods it should preferably not place on that
 * node.
 */
export interface AvoidPods {
  /**
   * List of pod signatures the node would like to avoid, sorted by timestamp. The scheduler treats it as a
   * preference, not a requirement.
   * @proto 1
   * @listType atomic
   */
  preferAvoidPods?: PreferAvoidPodsEntry[];
}

/** Port on which a node daemon listens. */
export interface DaemonEndpoint {
  /**
   * Port number of the daemon.
   * @proto 1
   */
  Port: Int32;
}

/** One address at which a node can be reached. */
export interface NodeAddress {
  /**
   * Kind of address: Hostname, InternalIP, ExternalIP, InternalDNS or ExternalDNS.
   * @proto 1
   */
  type: NodeAddressType;
  /**
   * The IP address or name itself.
   * @proto 2
   */
  address: string;
}

/** Kind of node address: Hostname, InternalIP, ExternalIP, InternalDNS or ExternalDNS. */
export type NodeAddressType = "Hostname" | "InternalIP" | "ExternalIP" | "InternalDNS" | "ExternalDNS";

/** One observed aspect of a node's state. */
export interface NodeCondition {
  /**
   * Kind of node condition, such as Ready or MemoryPressure.
   * @proto 1
   */
  type: NodeConditionType;
  /**
   * Whether the condition holds: True, False or Unknown.
   * @proto 2
   */
  status: ConditionStatus;
  /**
   * When the condition was last reported.
   * @proto 3
   */
  lastHeartbeatTime?: Time | null;
  /**
   * When the condition last changed from one status to another.
   * @proto 4
   */
  lastTransitionTime?: Time | null;
  /**
   * Short machine-readable word explaining the last transition.
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
 * Kind of node condition. Covers readiness, resource pressure, network availability, and lifecycle states
 * such as draining, maintenance and graceful shutdown.
 * @knownValues Ready, MemoryPressure, DiskPressure, PIDPressure, NetworkUnavailable, GracefulNodeShutdownInProgress, DrainInProgress, Drained, MaintenancePlanned, MaintenanceInProgress
 */
export type NodeConditionType = string;

/**
 * State of the configuration assigned to a node through the removed dynamic kubelet configuration feature.
 */
export interface NodeConfigStatus {
  /**
   * Configuration source the node will try to use, as recorded on the node.
   * @proto 1
   */
  assigned?: NodeConfigSource;
  /**
   * Configuration source the kubelet is actually using.
   * @proto 2
   */
  active?: NodeConfigSource;
  /**
   * Configuration source the kubelet falls back to when the assigned one is faulty.
   * @proto 3
   */
  lastKnownGood?: NodeConfigSource;
  /**
   * Describes a problem found while reconciling or loading the assigned configuration. Empty when there is
   * none.
   * @proto 4
   */
  error?: string;
}

/** Ports opened by the system daemons that run on the node. */
export interface NodeDaemonEndpoints {
  /**
   * Endpoint on which the node's kubelet listens.
   * @proto 1
   * @alwaysPresent
   */
  kubeletEndpoint?: DaemonEndpoint;
}

/** Features that the node's container runtime implements through the container runtime interface. */
export interface NodeFeatures {
  /**
   * True when the container runtime supports the pod setting supplementalGroupsPolicy and reports container
   * user information.
   * @proto 1
   */
  supplementalGroupsPolicy?: boolean;
}

/**
 * Stage of a node's life: Pending, Running or Terminated. Deprecated and no longer filled in.
 * @enumeration
 */
export type NodePhase = "Pending" | "Running" | "Terminated";

/** One container runtime handler that is available on a node. */
export interface NodeRuntimeHandler {
  /**
   * Name of the runtime handler. Empty for the node's default handler.
   * @proto 1
   * @alwaysPresent
   */
  name: string;
  /**
   * Optional features supported by this runtime handler.
   * @proto 2
   */
  features?: NodeRuntimeHandlerFeatures;
}

/** Features that a container runtime handler supports. */
export interface NodeRuntimeHandlerFeatures {
  /**
   * True when the handler can make volume mounts recursively read-only.
   * @proto 1
   */
  recursiveReadOnlyMounts?: boolean;
  /**
   * True when the handler supports user namespaces, including for volumes.
   * @proto 2
   */
  userNamespaces?: boolean;
}

/** Current state of a node, as reported mainly by its kubelet. */
export interface NodeStatus {
  /**
   * Total amount of each resource on the node.
   * @proto 1
   */
  capacity?: ResourceList;
  /**
   * Amount of each resource that is available to pods. Defaults to capacity.
   * @proto 2
   */
  allocatable?: ResourceList;
  /**
   * Stage of the node's life. Deprecated and no longer filled in.
   * @proto 3
   */
  phase?: NodePhase;
  /**
   * Latest observations about the node's state, unique by type.
   * @proto 4
   * @listType map
   * @listMapKey type
   * @patchStrategy merge
   * @patchMergeKey type
   */
  conditions?: NodeCondition[];
  /**
   * Addresses at which the node can be reached, taken from the cloud provider when there is one.
   * @proto 5
   * @listType map
   * @listMapKey type
   * @patchStrategy merge
   * @patchMergeKey type
   */
  addresses?: NodeAddress[];
  /**
   * Ports of the system daemons running on the node.
   * @proto 6
   * @alwaysPresent
   */
  daemonEndpoints?: NodeDaemonEndpoints;
  /**
   * Versions and identifiers of the node's machine, operating system and components.
   * @proto 7
   * @alwaysPresent
   */
  nodeInfo?: NodeSystemInfo;
  /**
   * Container images present on the node. The kubelet may report only some of them.
   * @proto 8
   * @listType atomic
   */
  images?: ContainerImage[];
  /**
   * Unique names of attachable volumes that are mounted or in use on the node and so must not be detached
   * safely.
   * @proto 9
   * @listType atomic
   */
  volumesInUse?: UniqueVolumeName[];
  /**
   * Volumes that are attached to the node.
   * @proto 10
   * @listType atomic
   */
  volumesAttached?: AttachedVolume[];
  /**
   * Status of the removed dynamic kubelet configuration feature.
   * @proto 11
   */
  config?: NodeConfigStatus;
  /**
   * Container runtime handlers available on the node and the features of each.
   * @proto 12
   * @listType atomic
   */
  runtimeHandlers?: NodeRuntimeHandler[];
  /**
   * Features implemented by the node's container runtime.
   * @proto 13
   */
  features?: NodeFeatures;
  /**
   * Names of Kubernetes features the node's kubelet declares as available, used among others to place pods
   * that depend on them.
   * @proto 14
   * @listType atomic
   */
  declaredFeatures?: string[];
}

/** Swap memory of a node. */
export interface NodeSwapStatus {
  /**
   * Total swap space in bytes.
   * @proto 1
   */
  capacity?: Int64;
}

/** General facts about a node that identify it and its software. */
export interface NodeSystemInfo {
  /**
   * Identifier of the machine as reported by its operating system, meant to be unique in the cluster.
   * @proto 1
   */
  machineID: string;
  /**
   * System UUID reported by the machine, specific to its hardware or hypervisor.
   * @proto 2
   */
  systemUUID: string;
  /**
   * Identifier that changes every time the machine boots.
   * @proto 3
   */
  bootID: string;
  /**
   * Version of the kernel, as printed by uname -r.
   * @proto 4
   */
  kernelVersion: string;
  /**
   * Name of the operating system release, as found in /etc/os-release.
   * @proto 5
   */
  osImage: string;
  /**
   * Container runtime and its version, for example containerd://1.4.2.
   * @proto 6
   */
  containerRuntimeVersion: string;
  /**
   * Version of the kubelet running on the node.
   * @proto 7
   */
  kubeletVersion: string;
  /**
   * Version of kube-proxy on the node. Deprecated, because the kubelet does not reliably know it.
   * @proto 8
   */
  kubeProxyVersion: string;
  /**
   * Operating system reported by the node, such as linux or windows.
   * @proto 9
   */
  operatingSystem: string;
  /**
   * Processor architecture reported by the node, such as amd64 or arm64.
   * @proto 10
   */
  architecture: string;
  /**
   * Swap memory of the node.
   * @proto 11
   */
  swap?: NodeSwapStatus;
}

/** A group of pods that the node holding this entry would rather not run. */
export interface PreferAvoidPodsEntry {
  /**
   * Identifies the pods this entry applies to.
   * @proto 1
   */
  podSignature: PodSignature;
  /**
   * Time at which the entry was put on the node's list.
   * @proto 2
   */
  evictionTime?: Time;
  /**
   * Short machine-readable cause for adding the entry.
   * @proto 3
   */
  reason?: string;
  /**
   * Human-readable explanation of why the entry was added.
   * @proto 4
   */
  message?: string;
}

/** Identifier of an attachable volume, used in node status to report attached and in-use volumes. */
export type UniqueVolumeName = string;
