import type { PodIdentity } from "./runtime.ts";

export type StringMap = Readonly<Record<string, string>>;

/** Whose namespace: the pod's own, one of its own for the container, or the machine's. */
export type NamespaceMode = "pod" | "container" | "node";

export interface SandboxConfig {
  readonly pod: PodIdentity;
  /** Counts the sandboxes of one pod, from 0. */
  readonly attempt: number;
  readonly hostname: string;
  /** Absent for host network or when the caller mounts its own file. */
  readonly dns?: DnsConfig;
  readonly portMappings: readonly PortMapping[];
  readonly labels: StringMap;
  readonly annotations: StringMap;
  /** Path of the pod's cgroup below the root, in the form of the cgroup driver; empty for the runtime's default. */
  readonly cgroupParent: string;
  readonly sysctls: StringMap;
  readonly namespaces: {
    readonly network: "pod" | "node";
    /** `pod` when the containers share one process namespace. */
    readonly pid: NamespaceMode;
    readonly ipc: "pod" | "node";
  };
  readonly security: SandboxSecurity;
  /** Where the caller wants links to the containers' logs; absent for none. */
  readonly logDirectory?: string;
  readonly resources: LinuxResources;
  /** The runtime's handler for the pod (`RuntimeClass.handler`); absent for the default. */
  readonly runtimeHandler?: string;
}

export interface DnsConfig {
  readonly servers: readonly string[];
  readonly searches: readonly string[];
  readonly options: readonly string[];
}

export interface PortMapping {
  readonly protocol: "TCP" | "UDP" | "SCTP";
  readonly containerPort: number;
  /** 0 when no host port is asked for; such mappings are not installed. */
  readonly hostPort: number;
  readonly hostIp: string;
}

export interface SandboxSecurity {
  readonly runAsUser?: number;
  readonly runAsGroup?: number;
  readonly supplementalGroups: readonly number[];
  readonly seccomp: SecurityProfile;
  readonly selinux?: SelinuxOptions;
  /** A pod with a privileged container: its sandbox is not confined either. */
  readonly privileged: boolean;
}

export interface ContainerConfig {
  readonly name: string;
  /** The restart count. */
  readonly attempt: number;
  /** What to run: an image id or reference that is present. */
  readonly image: string;
  /** The reference the user gave, kept for status. */
  readonly userImage: string;
  /** Replaces the image's entrypoint; absent keeps it. */
  readonly command?: readonly string[];
  /** Replaces the image's arguments; absent keeps them unless `command` is given. */
  readonly args?: readonly string[];
  readonly workingDir?: string;
  readonly env: readonly EnvValue[];
  readonly mounts: readonly Mount[];
  readonly labels: StringMap;
  readonly annotations: StringMap;
  readonly stdin: boolean;
  readonly stdinOnce: boolean;
  readonly tty: boolean;
  /** As `SIGTERM`; absent for the image's. */
  readonly stopSignal?: string;
  readonly resources: LinuxResources;
  readonly security: ContainerSecurity;
  /** File name below the sandbox's `logDirectory` to link the log to. */
  readonly logPath?: string;
}

export interface EnvValue {
  readonly name: string;
  readonly value: string;
}

export interface Mount {
  readonly containerPath: string;
  /** Must exist and be absolute. */
  readonly hostPath: string;
  readonly readOnly: boolean;
  /** Submounts read-only too; needs the feature of that name. */
  readonly recursiveReadOnly?: boolean;
  readonly propagation: "private" | "hostToContainer" | "bidirectional";
  readonly selinuxRelabel?: boolean;
}

/** Absent fields are not limited (on update: not changed). */
export interface LinuxResources {
  readonly cpuShares?: number;
  readonly cpuQuotaUs?: number;
  readonly cpuPeriodUs?: number;
  readonly memoryLimitBytes?: number;
  /** Memory and swap together; absent means as much as `memoryLimitBytes`, so no swap. */
  readonly memorySwapLimitBytes?: number;
  readonly oomScoreAdj?: number;
  readonly pidsLimit?: number;
  readonly cpusetCpus?: string;
  readonly cpusetMems?: string;
}

export type SecurityProfile =
  | { readonly type: "RuntimeDefault" }
  | { readonly type: "Unconfined" }
  /** For seccomp an absolute path of the profile's file; for AppArmor a loaded profile's name. */
  | { readonly type: "Localhost"; readonly profile: string };

export interface SelinuxOptions {
  readonly user?: string;
  readonly role?: string;
  readonly type?: string;
  readonly level?: string;
}

export interface ContainerSecurity {
  readonly privileged: boolean;
  readonly capabilities: { readonly add: readonly string[]; readonly drop: readonly string[] };
  readonly runAsUser?: number;
  /** The image's user when it is a name; `runAsUser` wins. */
  readonly runAsUsername?: string;
  readonly runAsGroup?: number;
  /** Includes the pod's fsGroup. */
  readonly supplementalGroups: readonly number[];
  readonly readonlyRootFilesystem: boolean;
  readonly noNewPrivileges: boolean;
  readonly seccomp: SecurityProfile;
  readonly apparmor: SecurityProfile;
  readonly selinux?: SelinuxOptions;
  /** Unmasked leaves /proc as the kernel shows it. */
  readonly procMount: "Default" | "Unmasked";
  readonly pid: NamespaceMode;
  /** Joins the process namespace of this container (ephemeral containers); wins over `pid`. */
  readonly pidTargetContainerId?: string;
}
