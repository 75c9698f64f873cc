import type { RecursiveReadOnlyMode } from "./container.ts";
import type { ResourceList, ResourceName, ResourceRequirements } from "./resources.ts";
import type { Int32, Int64, Time } from "../../meta/v1/primitives.ts";

/**
 * State of a container. Only one of its members may be set; when none is, the container counts as waiting.
 */
export interface ContainerState {
  /**
   * Details of a container that is not running yet, for example while its image is pulled.
   * @proto 1
   */
  waiting?: ContainerStateWaiting;
  /**
   * Details of a container that is running.
   * @proto 2
   */
  running?: ContainerStateRunning;
  /**
   * Details of a container that has finished.
   * @proto 3
   */
  terminated?: ContainerStateTerminated;
}

/** Details of a running container. */
export interface ContainerStateRunning {
  /**
   * Time at which the container was last started or restarted.
   * @proto 1
   */
  startedAt?: Time | null;
}

/** Details of a container that has stopped. */
export interface ContainerStateTerminated {
  /**
   * Exit status of the last termination of the container.
   * @proto 1
   */
  exitCode: Int32;
  /**
   * Number of the signal that ended the container, if one did.
   * @proto 2
   */
  signal?: Int32;
  /**
   * Brief machine-readable reason for the last termination, such as Completed, Error or OOMKilled.
   * @proto 3
   */
  reason?: string;
  /**
   * Human-readable message about the last termination, as the container left it.
   * @proto 4
   */
  message?: string;
  /**
   * Time at which the terminated run of the container began.
   * @proto 5
   */
  startedAt?: Time | null;
  /**
   * Time at which the container last terminated.
   * @proto 6
   */
  finishedAt?: Time | null;
  /**
   * Identifier of the terminated container, in the form type://id.
   * @proto 7
   */
  containerID?: string;
}

/** Details of a container that has not started. */
export interface ContainerStateWaiting {
  /**
   * Brief machine-readable reason why the container is not running, such as ContainerCreating or
   * CrashLoopBackOff.
   * @proto 1
   */
  reason?: string;
  /**
   * Human-readable explanation of why the container is not running.
   * @proto 2
   */
  message?: string;
}

/** Current status of one container of a pod. */
export interface ContainerStatus {
  /**
   * Name of the container, as in the pod's spec. Each container, of any kind, has a unique name. Cannot be
   * changed.
   * @proto 1
   */
  name: string;
  /**
   * Current state of the container.
   * @proto 2
   * @alwaysPresent
   */
  state?: ContainerState;
  /**
   * Last terminated state of the container, which helps to find out why it crashed or restarted. Not set
   * while the container is running with a restart count of 0.
   * @proto 3
   * @alwaysPresent
   */
  lastState?: ContainerState;
  /**
   * Whether the container passes its readiness check. A container without a readiness probe is ready once
   * it has started.
   * @proto 4
   */
  ready: boolean;
  /**
   * Number of times the container has been restarted. The kubelet tries to keep it growing, but it can fall
   * if dead containers are cleaned up on the node.
   * @proto 5
   */
  restartCount: Int32;
  /**
   * Image the container is running. May differ from the one in the spec if the runtime resolved it to
   * something else.
   * @proto 6
   */
  image: string;
  /**
   * Identifier of the running image. May not match the image of the spec, because the runtime resolved it.
   * @proto 7
   */
  imageID: string;
  /**
   * Identifier of the container, in the form type://id, where the type is the name of the container
   * runtime.
   * @proto 8
   */
  containerID?: string;
  /**
   * Whether the container has finished its postStart hook and passed its startup probe. Resets to false
   * when the container restarts, and is always true when neither is defined and it is running.
   * @proto 9
   */
  started?: boolean;
  /**
   * Resources the node has set aside for the container. The kubelet sets it when it admits the pod and
   * after it accepts a resize.
   * @proto 10
   */
  allocatedResources?: ResourceList;
  /**
   * Requests and limits that are in effect on the running container, as last applied.
   * @proto 11
   */
  resources?: ResourceRequirements;
  /**
   * Status of the volumes mounted in the container.
   * @proto 12
   * @listType map
   * @listMapKey mountPath
   * @patchStrategy merge
   * @patchMergeKey mountPath
   */
  volumeMounts?: VolumeMountStatus[];
  /**
   * User identity with which the first process of the container was started. Requires the
   * SupplementalGroupsPolicy feature gate.
   * @proto 13
   */
  user?: ContainerUser;
  /**
   * Health of the devices and other resources allocated to the container. Requires the ResourceHealthStatus
   * feature gate.
   * @proto 14
   * @listType map
   * @listMapKey name
   * @patchStrategy merge
   * @patchMergeKey name
   */
  allocatedResourcesStatus?: ResourceStatus[];
  /**
   * Effective signal that is sent to stop the container. Requires the ContainerStopSignals feature gate.
   * @proto 15
   */
  stopSignal?: Signal;
}

/** User identity of a container. */
export interface ContainerUser {
  /**
   * User and group IDs of the first process of a Linux container. They can change if the process has the
   * privilege to do so.
   * @proto 1
   */
  linux?: LinuxContainerUser;
}

/** Status of a volume that comes from an image. */
export interface ImageVolumeStatus {
  /**
   * Digest of the image used for the volume, comparable to the imageID of a container status. At most 256
   * characters.
   * @proto 1
   */
  imageRef?: string;
}

/** The Linux user identity that the first process of a container was started with. */
export interface LinuxContainerUser {
  /**
   * Numeric user ID first given to the container's initial process.
   * @proto 1
   */
  uid: Int64;
  /**
   * Primary numeric group ID first given to the container's initial process.
   * @proto 2
   */
  gid: Int64;
  /**
   * Additional numeric group IDs first given to the container's initial process.
   * @proto 3
   * @listType atomic
   */
  supplementalGroups?: Int64[];
}

/** Latest known health of one device or other resource allocated to a container. */
export interface ResourceHealth {
  /**
   * Unique identifier of the resource.
   * @proto 1
   */
  resourceID: ResourceID;
  /**
   * Health of the resource: Healthy, Unhealthy, or Unknown when it cannot be determined.
   * @proto 2
   */
  health?: ResourceHealthStatus;
  /**
   * Human-readable context for the health value, filled in by the kubelet when the DRA plugin supplies one.
   * Requires the ResourceHealthStatusMessage feature gate.
   * @proto 6
   */
  message?: string;
}

/** Health of an allocated resource: Healthy, Unhealthy or Unknown. */
export type ResourceHealthStatus = "Healthy" | "Unhealthy" | "Unknown";

/** Identifier of an allocated resource, unique for the resource name it is reported under. */
export type ResourceID = string;

/** Status of one resource allocated to a container. */
export interface ResourceStatus {
  /**
   * Name of the resource, unique within the pod. For a dynamic resource it takes the form claim:claim_name
   * or claim:claim_name/request.
   * @proto 1
   */
  name: ResourceName;
  /**
   * Health of each unit of the resource, with one entry per resource ID.
   * @proto 2
   * @listType map
   * @listMapKey resourceID
   */
  resources?: ResourceHealth[];
}

/**
 * Name of a process signal, such as SIGTERM or SIGUSR1, that stops a container.
 * @knownValues SIGABRT, SIGALRM, SIGBUS, SIGCHLD, SIGCLD, SIGCONT, SIGFPE, SIGHUP, SIGILL, SIGINT, SIGIO, SIGIOT, SIGKILL, SIGPIPE, SIGPOLL, SIGPROF, SIGPWR, SIGQUIT, SIGSEGV, SIGSTKFLT, SIGSTOP, SIGSYS, SIGTERM, SIGTRAP, SIGTSTP, SIGTTIN, SIGTTOU, SIGURG, SIGUSR1, SIGUSR2, SIGVTALRM, SIGWINCH, SIGXCPU, SIGXFSZ, SIGRTMIN, SIGRTMIN+1, SIGRTMIN+2, SIGRTMIN+3, SIGRTMIN+4, SIGRTMIN+5, SIGRTMIN+6, SIGRTMIN+7, SIGRTMIN+8, SIGRTMIN+9, SIGRTMIN+10, SIGRTMIN+11, SIGRTMIN+12, SIGRTMIN+13, SIGRTMIN+14, SIGRTMIN+15, SIGRTMAX-14, SIGRTMAX-13, SIGRTMAX-12, SIGRTMAX-11, SIGRTMAX-10, SIGRTMAX-9, SIGRTMAX-8, SIGRTMAX-7, SIGRTMAX-6, SIGRTMAX-5, SIGRTMAX-4, SIGRTMAX-3, SIGRTMAX-2, SIGRTMAX-1, SIGRTMAX
 * @enumeration
 */
export type Signal = string;

/** Observed state of a volume mount in a container. */
export interface VolumeMountStatus {
  /**
   * Name of the volume mount.
   * @proto 1
   */
  name: string;
  /**
   * Path inside the container at which the volume is mounted.
   * @proto 2
   */
  mountPath: string;
  /**
   * Whether the volume is mounted read-only.
   * @proto 3
   */
  readOnly?: boolean;
  /**
   * Recursive read-only mode in effect: Disabled or Enabled, with an IfPossible request resolved to one of
   * them.
   * @proto 4
   */
  recursiveReadOnly?: RecursiveReadOnlyMode;
  /**
   * Details about the mounted volume that depend on its source.
   * @proto 5
   */
  volumeStatus?: VolumeStatus;
}

/** Status of a mounted volume, specific to its source. At most one of its members is set. */
export interface VolumeStatus {
  /**
   * Status of a mounted image volume. Requires the ImageVolumeWithDigest feature gate.
   * @proto 1
   */
  image?: ImageVolumeStatus;
}
