import type { EnvFromSource, EnvVar } from "./environment.ts";
import type { Lifecycle, Probe } from "./probe.ts";
import type { ResourceName, ResourceRequirements, ResourceResizeRestartPolicy } from "./resources.ts";
import type { SecurityContext } from "./security-context.ts";
import type { Protocol } from "./service.ts";
import type { Int32, Int64 } from "../../meta/v1/primitives.ts";

/**
 * Extra option applied when a volume is bind-mounted into a container. One of noexec (no program
 * execution), nodev (no device files), nosuid (set-user-ID and set-group-ID bits ignored).
 * @knownValues noexec, nodev, nosuid
 */
export type BindMountOption = string;

/** One application container that runs inside a pod. */
export interface Container {
  /**
   * Name of the container, a DNS label that is unique among the containers of the pod. Required and
   * immutable.
   * @proto 1
   */
  name: string;
  /**
   * Container image to run. May be omitted only where a higher-level controller fills it in.
   * @proto 2
   */
  image?: string;
  /**
   * Immutable entrypoint, run without a shell; when unset, the image's entrypoint is used. $(VAR) is
   * replaced by the container's environment variable VAR, and $$ escapes a dollar sign.
   * @proto 3
   * @listType atomic
   */
  command?: string[];
  /**
   * Immutable arguments of the entrypoint; when unset, the image's default arguments are used. $(VAR) is
   * replaced by the container's environment variable VAR, and $$ escapes a dollar sign.
   * @proto 4
   * @listType atomic
   */
  args?: string[];
  /**
   * Working directory of the container's process. When unset, the runtime's default applies, which the
   * image may define. Immutable.
   * @proto 5
   */
  workingDir?: string;
  /**
   * Ports the container listens on. The list is informational: a port that is not listed is still reachable
   * if the process binds to a reachable address. Immutable.
   * @proto 6
   * @listType map
   * @listMapKey containerPort,protocol
   * @patchStrategy merge
   * @patchMergeKey containerPort
   */
  ports?: ContainerPort[];
  /**
   * Sources whose entries all become environment variables. When a key occurs in several sources the last
   * one wins, and env takes precedence over all of them. Immutable.
   * @proto 19
   * @listType atomic
   */
  envFrom?: EnvFromSource[];
  /**
   * Environment variables of the container. Immutable.
   * @proto 7
   * @listType map
   * @listMapKey name
   * @patchStrategy merge
   * @patchMergeKey name
   */
  env?: EnvVar[];
  /**
   * Compute resources requested by the container and the limits on its use. CPU and memory can be changed
   * on a running pod through the resize subresource.
   * @proto 8
   * @alwaysPresent
   */
  resources?: ResourceRequirements;
  /**
   * For each resource, whether resizing it requires a container restart. A resource not listed does not
   * require one.
   * @proto 23
   * @listType atomic
   */
  resizePolicy?: ContainerResizePolicy[];
  /**
   * Restart behavior of this container, overriding the pod's: Always, OnFailure or Never. On an init
   * container, Always makes it a sidecar that starts in order and keeps running alongside the regular
   * containers.
   * @proto 24
   */
  restartPolicy?: ContainerRestartPolicy;
  /**
   * Rules checked in order when the container exits; the first that matches decides the action, and
   * restartPolicy applies when none matches. Needs restartPolicy to be set. Requires the
   * ContainerRestartRules feature gate.
   * @proto 25
   * @listType atomic
   */
  restartPolicyRules?: ContainerRestartRule[];
  /**
   * Volumes of the pod to mount into the container's filesystem. Immutable.
   * @proto 9
   * @listType map
   * @listMapKey mountPath
   * @patchStrategy merge
   * @patchMergeKey mountPath
   */
  volumeMounts?: VolumeMount[];
  /**
   * Raw block volumes to expose to the container as devices.
   * @proto 21
   * @listType map
   * @listMapKey devicePath
   * @patchStrategy merge
   * @patchMergeKey devicePath
   */
  volumeDevices?: VolumeDevice[];
  /**
   * Periodic check of whether the container is alive; the container is restarted when it fails. Immutable.
   * @proto 10
   */
  livenessProbe?: Probe;
  /**
   * Periodic check of whether the container can serve; while it fails, the pod is taken out of the
   * endpoints of Services. Immutable.
   * @proto 11
   */
  readinessProbe?: Probe;
  /**
   * Check that the container has finished starting. The other probes do not run until it succeeds, and the
   * container is restarted if it fails. Immutable.
   * @proto 22
   */
  startupProbe?: Probe;
  /**
   * Hooks to run in response to events in the container's life. Immutable.
   * @proto 12
   */
  lifecycle?: Lifecycle;
  /**
   * File in the container from which the final status message is read; brief messages are expected, and
   * 4096 bytes is the most that is kept. Defaults to /dev/termination-log. Immutable.
   * @proto 13
   */
  terminationMessagePath?: string;
  /**
   * Source of the termination message: File reads terminationMessagePath, FallbackToLogsOnError uses the
   * end of the log if that file is empty and the container failed. Defaults to File. Immutable.
   * @proto 20
   */
  terminationMessagePolicy?: TerminationMessagePolicy;
  /**
   * When to pull the image: Always, IfNotPresent or Never. Defaults to Always if the tag is :latest or
   * missing, otherwise IfNotPresent. Immutable.
   * @proto 14
   */
  imagePullPolicy?: PullPolicy;
  /**
   * Security options of the container. Fields set here override those of the pod's securityContext.
   * @proto 15
   */
  securityContext?: SecurityContext;
  /**
   * Whether to allocate a buffer for standard input; if false, reads from standard input always reach end
   * of file. Defaults to false.
   * @proto 16
   */
  stdin?: boolean;
  /**
   * Whether standard input is closed after the first client that attached disconnects; reads then reach end
   * of file until the container restarts. Needs stdin to be true. Defaults to false.
   * @proto 17
   */
  stdinOnce?: boolean;
  /**
   * Whether to allocate a terminal for the container. Needs stdin to be true. Defaults to false.
   * @proto 18
   */
  tty?: boolean;
}

/** An image that is present on a node. */
export interface ContainerImage {
  /**
   * Names by which the image is known, in tag and digest forms.
   * @proto 1
   * @listType atomic
   */
  names?: string[] | null;
  /**
   * Size of the image in bytes.
   * @proto 2
   */
  sizeBytes?: Int64;
}

/** A network port of a container. */
export interface ContainerPort {
  /**
   * Name of the port, unique within the pod and a valid IANA service name. Services can refer to the port
   * by this name.
   * @proto 1
   */
  name?: string;
  /**
   * Port number to expose on the node, from 1 to 65535. With hostNetwork it must equal containerPort. Most
   * containers do not need it.
   * @proto 2
   */
  hostPort?: Int32;
  /**
   * Port number on the pod's IP address, from 1 to 65535. Required.
   * @proto 3
   */
  containerPort: Int32;
  /**
   * Protocol of the port: TCP, UDP or SCTP. Defaults to TCP.
   * @proto 4
   * @default "TCP"
   */
  protocol?: Protocol;
  /**
   * Address of the node to which the host port is bound.
   * @proto 5
   */
  hostIP?: string;
}

/** How a container reacts when one of its resources is resized in place. */
export interface ContainerResizePolicy {
  /**
   * Resource the policy applies to: cpu or memory.
   * @proto 1
   */
  resourceName: ResourceName;
  /**
   * Whether a change of the resource restarts the container: NotRequired or RestartContainer. When not
   * specified, NotRequired applies.
   * @proto 2
   */
  restartPolicy: ResourceResizeRestartPolicy;
}

/** Restart policy of a single container. One of Always, Never, OnFailure. */
export type ContainerRestartPolicy = "Always" | "Never" | "OnFailure";

/** Condition on the exit of a container and the action to take when it is met. */
export interface ContainerRestartRule {
  /**
   * What to do when the condition is met: Restart restarts this container, RestartAllContainers restarts
   * every container of the pod in place.
   * @proto 1
   */
  action?: ContainerRestartRuleAction;
  /**
   * Exit codes of the container for which the rule matches.
   * @proto 2
   */
  exitCodes?: ContainerRestartRuleOnExitCodes;
}

/**
 * Action of a restart rule. One of Restart (this container only), RestartAllContainers (all containers of
 * the pod, in place).
 */
export type ContainerRestartRuleAction = "Restart" | "RestartAllContainers";

/** Matches a container's exit code against a set of values. */
export interface ContainerRestartRuleOnExitCodes {
  /**
   * Relation between the exit code and values: In (the code is in the set) or NotIn (it is not).
   * @proto 1
   */
  operator?: ContainerRestartRuleOnExitCodesOperator;
  /**
   * Exit codes to compare with. At most 255 values are allowed.
   * @proto 2
   * @listType set
   */
  values?: Int32[];
}

/** Operator of an exit code condition. One of In, NotIn. */
export type ContainerRestartRuleOnExitCodesOperator = "In" | "NotIn";

/**
 * Temporary container added to a running pod, mainly for debugging. It has no resource or scheduling
 * guarantees, is never restarted, and can only be added through the ephemeralcontainers subresource.
 */
export interface EphemeralContainer extends EphemeralContainerCommon {
  /**
   * Container of the pod whose namespaces (IPC, PID and so on) the ephemeral container joins. When unset,
   * the namespaces configured for the pod are used. The runtime must support this.
   * @proto 2
   */
  targetContainerName?: string;
}

/**
 * Fields an ephemeral container shares with a regular container. Some exist only for structural parity and
 * must not be set.
 */
export interface EphemeralContainerCommon {
  /**
   * Name of the ephemeral container, a DNS label that is unique among all containers of the pod. Required.
   * @proto 1
   */
  name: string;
  /**
   * Container image to run.
   * @proto 2
   */
  image?: string;
  /**
   * Immutable entrypoint, run without a shell; when unset, the image's entrypoint is used. $(VAR) is
   * replaced by the container's environment variable VAR, and $$ escapes a dollar sign.
   * @proto 3
   * @listType atomic
   */
  command?: string[];
  /**
   * Immutable arguments of the entrypoint; when unset, the image's default arguments are used. $(VAR) is
   * replaced by the container's environment variable VAR, and $$ escapes a dollar sign.
   * @proto 4
   * @listType atomic
   */
  args?: string[];
  /**
   * Working directory of the container's process. When unset, the runtime's default applies, which the
   * image may define. Immutable.
   * @proto 5
   */
  workingDir?: string;
  /**
   * Must not be set: ephemeral containers cannot declare ports.
   * @proto 6
   * @listType map
   * @listMapKey containerPort,protocol
   * @patchStrategy merge
   * @patchMergeKey containerPort
   */
  ports?: ContainerPort[];
  /**
   * Sources whose entries all become environment variables. When a key occurs in several sources the last
   * one wins, and env takes precedence over all of them. Immutable.
   * @proto 19
   * @listType atomic
   */
  envFrom?: EnvFromSource[];
  /**
   * Environment variables of the container. Immutable.
   * @proto 7
   * @listType map
   * @listMapKey name
   * @patchStrategy merge
   * @patchMergeKey name
   */
  env?: EnvVar[];
  /**
   * Must not be set: an ephemeral container uses spare resources already allocated to the pod.
   * @proto 8
   * @alwaysPresent
   */
  resources?: ResourceRequirements;
  /**
   * Must not be set: ephemeral containers have no resources to resize.
   * @proto 23
   * @listType atomic
   */
  resizePolicy?: ContainerResizePolicy[];
  /**
   * Must not be set: ephemeral containers are never restarted.
   * @proto 24
   */
  restartPolicy?: ContainerRestartPolicy;
  /**
   * Must not be set: ephemeral containers are never restarted.
   * @proto 25
   * @listType atomic
   */
  restartPolicyRules?: ContainerRestartRule[];
  /**
   * Volumes of the pod to mount into the container's filesystem. Subpath mounts are not allowed for
   * ephemeral containers. Immutable.
   * @proto 9
   * @listType map
   * @listMapKey mountPath
   * @patchStrategy merge
   * @patchMergeKey mountPath
   */
  volumeMounts?: VolumeMount[];
  /**
   * Raw block volumes to expose to the container as devices.
   * @proto 21
   * @listType map
   * @listMapKey devicePath
   * @patchStrategy merge
   * @patchMergeKey devicePath
   */
  volumeDevices?: VolumeDevice[];
  /**
   * Must not be set: probes are not allowed on ephemeral containers.
   * @proto 10
   */
  livenessProbe?: Probe;
  /**
   * Must not be set: probes are not allowed on ephemeral containers.
   * @proto 11
   */
  readinessProbe?: Probe;
  /**
   * Must not be set: probes are not allowed on ephemeral containers.
   * @proto 22
   */
  startupProbe?: Probe;
  /**
   * Must not be set: lifecycle hooks are not allowed on ephemeral containers.
   * @proto 12
   */
  lifecycle?: Lifecycle;
  /**
   * File in the container from which the final status message is read; brief messages are expected, and
   * 4096 bytes is the most that is kept. Defaults to /dev/termination-log. Immutable.
   * @proto 13
   */
  terminationMessagePath?: string;
  /**
   * Source of the termination message: File reads terminationMessagePath, FallbackToLogsOnError uses the
   * end of the log if that file is empty and the container failed. Defaults to File. Immutable.
   * @proto 20
   */
  terminationMessagePolicy?: TerminationMessagePolicy;
  /**
   * When to pull the image: Always, IfNotPresent or Never. Defaults to Always if the tag is :latest or
   * missing, otherwise IfNotPresent. Immutable.
   * @proto 14
   */
  imagePullPolicy?: PullPolicy;
  /**
   * Security options of the ephemeral container. Fields set here override those of the pod's
   * securityContext.
   * @proto 15
   */
  securityContext?: SecurityContext;
  /**
   * Whether to allocate a buffer for standard input; if false, reads from standard input always reach end
   * of file. Defaults to false.
   * @proto 16
   */
  stdin?: boolean;
  /**
   * Whether standard input is closed after the first client that attached disconnects; reads then reach end
   * of file. Needs stdin to be true. Defaults to false.
   * @proto 17
   */
  stdinOnce?: boolean;
  /**
   * Whether to allocate a terminal for the container. Needs stdin to be true. Defaults to false.
   * @proto 18
   */
  tty?: boolean;
}

/**
 * How mounts are shared between host and container. None shares no later mounts, HostToContainer shows new
 * host mounts in the container, Bidirectional also shows the container's mounts on the host.
 * @enumeration
 */
export type MountPropagationMode = "None" | "HostToContainer" | "Bidirectional";

/**
 * When the kubelet pulls an image: Always, Never, or IfNotPresent to pull only an image missing from the
 * node.
 * @enumeration
 */
export type PullPolicy = "Always" | "Never" | "IfNotPresent";

/**
 * Whether a read-only mount also makes submounts read-only: Disabled, IfPossible when the runtime supports
 * it, or Enabled to fail the pod otherwise.
 */
export type RecursiveReadOnlyMode = "Disabled" | "IfPossible" | "Enabled";

/**
 * Source of a container's termination message: File reads the message file, FallbackToLogsOnError uses the
 * end of the log if the file is empty and the container failed.
 * @enumeration
 */
export type TerminationMessagePolicy = "File" | "FallbackToLogsOnError";

/** Maps a raw block device into a container. */
export interface VolumeDevice {
  /**
   * Name of a volume in the pod that refers to a PersistentVolumeClaim.
   * @proto 1
   */
  name: string;
  /**
   * Path inside the container at which the device appears.
   * @proto 2
   */
  devicePath: string;
}

/** Mounts one of the pod's volumes into a container. */
export interface VolumeMount {
  /**
   * Name of the pod volume to mount.
   * @proto 1
   */
  name: string;
  /**
   * Mounts the volume read-only when true. Defaults to false.
   * @proto 2
   */
  readOnly?: boolean;
  /**
   * Whether submounts are read-only too: Disabled, IfPossible or Enabled. The last two need readOnly to be
   * true and mountPropagation to be None or unset. Unset means Disabled.
   * @proto 7
   */
  recursiveReadOnly?: RecursiveReadOnlyMode;
  /**
   * Path inside the container at which the volume appears. Must not contain a colon.
   * @proto 3
   */
  mountPath: string;
  /**
   * Path within the volume to mount instead of its root. Unset means the root; cannot be combined with
   * subPathExpr.
   * @proto 4
   */
  subPath?: string;
  /**
   * How mounts propagate between host and container: None, HostToContainer or Bidirectional. Unset means
   * None.
   * @proto 5
   */
  mountPropagation?: MountPropagationMode;
  /**
   * Like subPath, but $(NAME) references are replaced with values of the container's environment variables.
   * Cannot be combined with subPath.
   * @proto 6
   */
  subPathExpr?: string;
}
