import type { Duplex, Readable, Writable } from "node:stream";
import type { ContainerConfig, LinuxResources, SandboxConfig } from "./config.ts";
import type { ImageService } from "./image-service.ts";
import type { LogLine, LogOptions } from "./logs.ts";
import type { CgroupStats, ContainerStats, SandboxStats } from "./stats.ts";

/**
 * The container runtime as the kubelet sees it, shaped after CRI. Identifiers are the runtime's own. Every call
 * has a deadline of its own besides the signal (streams excepted) and fails with a `RuntimeError`. Stopping or
 * removing what is already stopped or gone succeeds.
 */
export interface Runtime {
  readonly images: ImageService;

  version(signal: AbortSignal): Promise<RuntimeVersion>;
  /** Never fails because the runtime is down: that is a condition with status false. */
  status(signal: AbortSignal): Promise<RuntimeStatus>;
  /** Tells the runtime the node's pod address ranges. Idempotent. */
  updatePodCidrs(podCidrs: readonly string[], signal: AbortSignal): Promise<void>;

  /** Creates and starts a sandbox with its network; answers its id. On failure nothing of it keeps running. */
  runPodSandbox(config: SandboxConfig, signal: AbortSignal): Promise<string>;
  /** Tears the network down and stops the sandbox and every container still in it, without grace. */
  stopPodSandbox(sandboxId: string, signal: AbortSignal): Promise<void>;
  /** Removes the sandbox and its containers; stops it first when needed. */
  removePodSandbox(sandboxId: string, signal: AbortSignal): Promise<void>;
  /** Undefined when there is no such sandbox. */
  podSandboxStatus(sandboxId: string, signal: AbortSignal): Promise<SandboxStatus | undefined>;
  listPodSandboxes(filter: RuntimeFilter, signal: AbortSignal): Promise<readonly SandboxSummary[]>;

  /** Creates, without starting, a container in a ready sandbox; the image must be present. Answers its id. */
  createContainer(sandboxId: string, config: ContainerConfig, signal: AbortSignal): Promise<string>;
  startContainer(containerId: string, signal: AbortSignal): Promise<void>;
  /** Sends the stop signal, waits `graceSeconds`, then kills. Resolves when the container has ended. */
  stopContainer(containerId: string, graceSeconds: number, signal: AbortSignal): Promise<void>;
  /** Removes the container and its logs; kills it first when it runs. */
  removeContainer(containerId: string, signal: AbortSignal): Promise<void>;
  /** Changes the limits of a container that exists. */
  updateContainerResources(containerId: string, resources: LinuxResources, signal: AbortSignal): Promise<void>;
  /** Undefined when there is no such container. */
  containerStatus(containerId: string, signal: AbortSignal): Promise<ContainerStatus | undefined>;
  listContainers(filter: RuntimeFilter, signal: AbortSignal): Promise<readonly ContainerSummary[]>;

  /** Runs a command to its end. Output beyond the bound (1 MiB together) is dropped. Code DeadlineExceeded on timeout. */
  execSync(
    containerId: string,
    command: readonly string[],
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<ExecResult>;
  /** Runs a command with its streams connected; answers the exit code. Does not end the streams' owner's sockets. */
  exec(containerId: string, options: ExecOptions, streams: ProcessStreams, signal: AbortSignal): Promise<number>;
  /** Connects to the container's main process; resolves when its output ends or the signal aborts. */
  attach(containerId: string, streams: ProcessStreams, signal: AbortSignal): Promise<void>;
  /** Connects the stream with a TCP port on the sandbox's loopback; resolves when that side has closed, without ending the stream. */
  portForward(sandboxId: string, port: number, stream: Duplex, signal: AbortSignal): Promise<void>;
  /** The container's output in order. With `follow` it ends when the container has ended and all was read. */
  logs(containerId: string, options: LogOptions, signal: AbortSignal): AsyncIterable<LogLine>;

  listContainerStats(filter: RuntimeFilter, signal: AbortSignal): Promise<readonly ContainerStats[]>;
  listPodSandboxStats(filter: RuntimeFilter, signal: AbortSignal): Promise<readonly SandboxStats[]>;
  /** Every cgroup of what runs, and those above, in the detail of monitoring: read when asked, nothing is kept. */
  listPodSandboxMetrics(signal: AbortSignal): Promise<readonly CgroupStats[]>;

  /**
   * Changes as they happen, until the signal aborts (the iteration then ends without an error). Survives
   * restarts of the runtime; after each gap, and first of all, comes a `resync`: list everything again.
   */
  events(signal: AbortSignal): AsyncIterable<RuntimeEvent>;
}

/** Selects by all the given parts. Labels match exactly. */
export interface RuntimeFilter {
  readonly id?: string;
  readonly podSandboxId?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface RuntimeVersion {
  /** As in node status: `docker`. */
  readonly runtimeName: string;
  readonly runtimeVersion: string;
  readonly runtimeApiVersion: string;
}

export interface RuntimeCondition {
  readonly type: "RuntimeReady" | "NetworkReady";
  readonly status: boolean;
  readonly reason: string;
  readonly message: string;
}

export interface RuntimeStatus {
  readonly conditions: readonly RuntimeCondition[];
  readonly features: RuntimeFeatures;
  /** Which driver owns the cgroup tree; the kubelet must name pod cgroups accordingly. */
  readonly cgroupDriver: "cgroupfs" | "systemd";
  readonly cgroupVersion: 1 | 2;
}

/** What this runtime on this machine can do; pods that need more must be refused by the caller. */
export interface RuntimeFeatures {
  readonly userNamespaces: boolean;
  readonly supplementalGroupsPolicyStrict: boolean;
  readonly recursiveReadOnlyMounts: boolean;
  readonly apparmor: boolean;
  readonly seccomp: boolean;
  /** What a runtime class may name besides the default. */
  readonly handlers: readonly string[];
  /** False where the machine refuses CAP_SYS_RESOURCE: scores are then raised to the daemon's own. */
  readonly negativeOomScoreAdj: boolean;
  /** False where the machine cannot grant every capability: privileged containers then get all it can grant. */
  readonly allCapabilities: boolean;
}

export type SandboxState = "ready" | "notready";

export interface PodIdentity {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
}

export interface SandboxSummary {
  readonly id: string;
  readonly pod: PodIdentity;
  readonly attempt: number;
  readonly state: SandboxState;
  /** Milliseconds since the Unix epoch. */
  readonly createdAtMs: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface SandboxStatus extends SandboxSummary {
  /** Pod addresses, the primary first; empty for host network and for a sandbox that is not ready. */
  readonly ips: readonly string[];
  readonly hostNetwork: boolean;
  readonly hostPid: boolean;
  readonly hostIpc: boolean;
  readonly sharePid: boolean;
}

export type ContainerState = "created" | "running" | "exited" | "unknown";

export interface ContainerSummary {
  readonly id: string;
  readonly podSandboxId: string;
  readonly pod: PodIdentity;
  readonly name: string;
  readonly attempt: number;
  /** The reference the container was created with. */
  readonly image: string;
  readonly imageId: string;
  readonly state: ContainerState;
  readonly createdAtMs: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface ContainerStatus extends ContainerSummary {
  /** For `status.containerStatuses[].imageID`: `docker-pullable://repo@sha256:…`, or `docker://sha256:…`. */
  readonly imageRef: string;
  readonly startedAtMs: number | undefined;
  readonly finishedAtMs: number | undefined;
  /** Meaningful once exited. */
  readonly exitCode: number;
  /** Upstream's short reasons: Completed, Error, OOMKilled, ContainerCannotRun. Empty unless exited. */
  readonly reason: string;
  /** What the runtime says went wrong, if anything. */
  readonly message: string;
  readonly logPath: string;
  readonly mounts: readonly { readonly containerPath: string; readonly hostPath: string; readonly readOnly: boolean }[];
  readonly user:
    | { readonly uid: number; readonly gid: number; readonly supplementalGroups: readonly number[] }
    | undefined;
  /** Limits in force, as the runtime reports them. */
  readonly resources: LinuxResources;
}

export interface ExecOptions {
  readonly command: readonly string[];
  readonly tty: boolean;
}

export interface ExecResult {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly exitCode: number;
}

export interface TerminalSize {
  readonly width: number;
  readonly height: number;
}

/** A stream that is absent is not connected. With a tty everything goes to stdout. */
export interface ProcessStreams {
  readonly stdin?: Readable;
  readonly stdout?: Writable;
  readonly stderr?: Writable;
  readonly tty: boolean;
  readonly resize?: AsyncIterable<TerminalSize>;
}

export type RuntimeEvent =
  | { readonly type: "resync" }
  | {
      readonly type: "container" | "sandbox";
      readonly change: "created" | "started" | "exited" | "removed" | "oom";
      readonly id: string;
      readonly pod: PodIdentity;
    };
