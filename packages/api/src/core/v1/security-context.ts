import type { Int64 } from "../../meta/v1/primitives.ts";

/**
 * Selects the AppArmor profile applied to a pod or container. The type field decides whether a profile name
 * is also needed.
 */
export interface AppArmorProfile {
  /**
   * Kind of profile to apply: Localhost (a profile loaded on the node), RuntimeDefault (the container
   * runtime's own profile) or Unconfined (no AppArmor enforcement).
   * @proto 1
   */
  type: AppArmorProfileType;
  /**
   * Name of a profile already loaded on the node. Must be set when type is Localhost and must be left unset
   * for any other type.
   * @proto 2
   */
  localhostProfile?: string;
}

/**
 * Where an AppArmor profile comes from. One of Unconfined, RuntimeDefault, Localhost.
 * @enumeration
 */
export type AppArmorProfileType = "Unconfined" | "RuntimeDefault" | "Localhost";

/** Linux capabilities to grant to or take away from a container, relative to the runtime's default set. */
export interface Capabilities {
  /**
   * Capabilities granted in addition to the runtime's default set.
   * @proto 1
   * @listType atomic
   */
  add?: Capability[];
  /**
   * Capabilities removed from the runtime's default set.
   * @proto 2
   * @listType atomic
   */
  drop?: Capability[];
}

/** Name of a POSIX capability of Linux, such as NET_ADMIN or SYS_TIME. */
export type Capability = string;

/**
 * When volume ownership and permissions are changed to match fsGroup. Always changes them at every mount;
 * OnRootMismatch only when the volume's root directory does not match.
 * @enumeration
 */
export type PodFSGroupChangePolicy = "OnRootMismatch" | "Always";

/**
 * How SELinux labels are applied to volumes. Recursive relabels every file; MountOption sets the label
 * through a mount option, where supported.
 */
export type PodSELinuxChangePolicy = "Recursive" | "MountOption";

/**
 * Security settings that apply to a whole pod and give defaults to its containers. A value set in a
 * container's own security context takes precedence.
 */
export interface PodSecurityContext {
  /**
   * SELinux context for all containers. If unset, the container runtime picks a random context per
   * container. Not for Windows pods.
   * @proto 1
   */
  seLinuxOptions?: SELinuxOptions;
  /**
   * Windows-specific settings for all containers. Not for Linux pods.
   * @proto 8
   */
  windowsOptions?: WindowsSecurityContextOptions;
  /**
   * Numeric user ID that runs each container's entrypoint. Defaults to the user set in the image. Not for
   * Windows pods.
   * @proto 2
   */
  runAsUser?: Int64;
  /**
   * Numeric primary group ID that runs each container's entrypoint. The runtime default is used when unset.
   * Not for Windows pods.
   * @proto 6
   */
  runAsGroup?: Int64;
  /**
   * When true, the kubelet checks at run time that containers do not run as user ID 0 and refuses to start
   * those that do.
   * @proto 3
   */
  runAsNonRoot?: boolean;
  /**
   * Group IDs added to the first process of each container, besides its primary group and fsGroup.
   * Image-defined groups are added too when supplementalGroupsPolicy is Merge. Not for Windows pods.
   * @proto 4
   * @listType atomic
   */
  supplementalGroups?: Int64[];
  /**
   * How supplemental groups are computed. Merge, the default, also uses groups defined in the image; Strict
   * does not. Not for Windows pods.
   * @proto 12
   */
  supplementalGroupsPolicy?: SupplementalGroupsPolicy;
  /**
   * Group ID added to all containers. Volumes that support ownership management become owned by and
   * writable for this group. Not for Windows pods.
   * @proto 5
   */
  fsGroup?: Int64;
  /**
   * Namespaced kernel parameters for the pod. A pod with parameters the runtime does not support may fail
   * to start. Not for Windows pods.
   * @proto 7
   * @listType atomic
   */
  sysctls?: Sysctl[];
  /**
   * When ownership and permissions of a volume are changed to match fsGroup: OnRootMismatch or Always.
   * Defaults to Always. Not for Windows pods.
   * @proto 9
   */
  fsGroupChangePolicy?: PodFSGroupChangePolicy;
  /**
   * Seccomp profile for all containers. Not for Windows pods.
   * @proto 10
   */
  seccompProfile?: SeccompProfile;
  /**
   * AppArmor profile for all containers. Not for Windows pods.
   * @proto 11
   */
  appArmorProfile?: AppArmorProfile;
  /**
   * How the pod's SELinux label is applied to its volumes: Recursive or MountOption. Pods that share a
   * volume on a node should use the same policy. Not for Windows pods.
   * @proto 13
   */
  seLinuxChangePolicy?: PodSELinuxChangePolicy;
}

/**
 * How /proc is mounted in a container: Default keeps the runtime's masked and read-only paths, Unmasked
 * leaves them fully exposed.
 * @enumeration
 */
export type ProcMountType = "Default" | "Unmasked";

/** SELinux labels to apply to a container. */
export interface SELinuxOptions {
  /**
   * SELinux user label.
   * @proto 1
   */
  user?: string;
  /**
   * SELinux role label.
   * @proto 2
   */
  role?: string;
  /**
   * SELinux type label.
   * @proto 3
   */
  type?: string;
  /**
   * SELinux level label.
   * @proto 4
   */
  level?: string;
}

/** Chooses the seccomp profile of a pod or container. */
export interface SeccompProfile {
  /**
   * Kind of profile: Localhost for a file on the node, RuntimeDefault for the container runtime's own
   * profile, or Unconfined for none.
   * @proto 1
   */
  type: SeccompProfileType;
  /**
   * Path of a profile file on the node, relative to the kubelet's seccomp profile directory. Required when
   * type is Localhost and not allowed otherwise.
   * @proto 2
   */
  localhostProfile?: string;
}

/**
 * Kind of seccomp profile: Unconfined, RuntimeDefault or Localhost.
 * @enumeration
 */
export type SeccompProfileType = "Unconfined" | "RuntimeDefault" | "Localhost";

/**
 * Security settings of a single container. Where a setting also exists on the pod, the container's value
 * wins.
 */
export interface SecurityContext {
  /**
   * Linux capabilities to add or drop. Defaults to the set granted by the container runtime; not allowed
   * for Windows pods.
   * @proto 1
   */
  capabilities?: Capabilities;
  /**
   * Runs the container in privileged mode, with access comparable to root on the host. Defaults to false;
   * not allowed for Windows pods.
   * @proto 2
   */
  privileged?: boolean;
  /**
   * SELinux labels for the container. When unset here and on the pod, the runtime assigns random labels;
   * not allowed for Windows pods.
   * @proto 3
   */
  seLinuxOptions?: SELinuxOptions;
  /**
   * Settings specific to Windows containers, overriding those of the pod. Not allowed for Linux pods.
   * @proto 10
   */
  windowsOptions?: WindowsSecurityContextOptions;
  /**
   * UID under which the container's process runs. Defaults to the pod's setting or else the image's user;
   * not allowed for Windows pods.
   * @proto 4
   */
  runAsUser?: Int64;
  /**
   * GID under which the container's process runs. When unset here and on the pod, the runtime's default is
   * used; not allowed for Windows pods.
   * @proto 8
   */
  runAsGroup?: Int64;
  /**
   * When true, the kubelet refuses to start the container if it would run as UID 0. Overrides the pod's
   * setting.
   * @proto 5
   */
  runAsNonRoot?: boolean;
  /**
   * Makes the container's root filesystem read-only. Defaults to false; not allowed for Windows pods.
   * @proto 6
   */
  readOnlyRootFilesystem?: boolean;
  /**
   * Whether a process may gain more privileges than its parent; false sets no_new_privs. Always true for
   * containers that are privileged or have CAP_SYS_ADMIN.
   * @proto 7
   */
  allowPrivilegeEscalation?: boolean;
  /**
   * How /proc is mounted: Default, which keeps the runtime's masked and read-only paths, or Unmasked. Not
   * allowed for Windows pods.
   * @proto 9
   */
  procMount?: ProcMountType;
  /**
   * Seccomp profile for the container, overriding that of the pod. Not allowed for Windows pods.
   * @proto 11
   */
  seccompProfile?: SeccompProfile;
  /**
   * AppArmor profile for the container, overriding that of the pod. Not allowed for Windows pods.
   * @proto 12
   */
  appArmorProfile?: AppArmorProfile;
}

/**
 * How a container's supplementary groups are computed: Merge adds groups the image defines for the primary
 * user, Strict uses only those named in the pod.
 * @enumeration
 */
export type SupplementalGroupsPolicy = "Merge" | "Strict";

/** A kernel parameter to set for a pod. */
export interface Sysctl {
  /**
   * Name of the kernel parameter.
   * @proto 1
   */
  name: string;
  /**
   * Value to give the parameter.
   * @proto 2
   */
  value: string;
}

/** Security settings specific to Windows containers. */
export interface WindowsSecurityContextOptions {
  /**
   * Name of the group managed service account (GMSA) credential spec to use.
   * @proto 1
   */
  gmsaCredentialSpecName?: string;
  /**
   * Inline content of the GMSA credential spec. The GMSA admission webhook fills it in from
   * gmsaCredentialSpecName.
   * @proto 2
   */
  gmsaCredentialSpec?: string;
  /**
   * Windows user name under which the container's process runs. Defaults to the user given in the image; a
   * container's value overrides the pod's.
   * @proto 3
   */
  runAsUserName?: string;
  /**
   * Runs the container as a host process. All containers of the pod must have the same effective value, and
   * hostNetwork must be true when it is enabled.
   * @proto 4
   */
  hostProcess?: boolean;
}
