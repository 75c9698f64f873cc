import type { DaemonName } from "../units/unit-files.ts";
import type { Advice } from "./subject.ts";

/** What the checks of the machine look at. Whatever could not be found out is undefined. */
export interface MachineView {
  readonly isRoot: boolean;
  /** Whether the machine belongs to a cluster. */
  readonly hasCluster: boolean;
  readonly advice: Advice;
  readonly kernel: KernelFacts;
  readonly clock: ClockFacts;
  readonly disks: readonly DiskFacts[];
  readonly programs: ReadonlyMap<string, boolean>;
  readonly cniPlugins: readonly string[];
  /** What `iptables --version` says. */
  readonly iptables: string | undefined;
  readonly engine: EngineFacts | undefined;
  /** How the kubelet sets up control groups; undefined for as the engine does. */
  readonly kubeletCgroupDriver: string | undefined;
  readonly daemons: ReadonlyMap<DaemonName, DaemonFacts>;
  readonly certificates: readonly CertificateFacts[];
  /** Paths of files that trust a second authority, while one takes over from another. */
  readonly bundles: readonly string[];
  readonly etcd: EtcdFacts | undefined;
  readonly apiServer: ApiServerFacts | undefined;
}

export interface KernelFacts {
  readonly release: string;
  /** Of a process: net, pid, mnt and so on. */
  readonly namespaces: readonly string[];
  readonly cgroupVersion: 1 | 2 | undefined;
  readonly cgroupControllers: readonly string[];
  /** Names of /proc/filesystems. */
  readonly filesystems: readonly string[];
  /** Loaded or built in. */
  readonly modules: readonly string[];
  /** By dotted name. */
  readonly sysctls: ReadonlyMap<string, string>;
  readonly conntrackEntries: number | undefined;
  readonly hasSwap: boolean;
}

export interface ClockFacts {
  readonly nowMs: number;
  /** Whether systemd says that the clock follows a time server; undefined where nobody can say. */
  readonly isSynchronized: boolean | undefined;
  /** The system's clock ahead of the machine's own; undefined without such a clock. */
  readonly aheadOfHardwareMs: number | undefined;
  /** By how much the clock was set while the doctor looked. */
  readonly stepMs: number;
}

export interface DiskFacts {
  readonly purpose: string;
  readonly path: string;
  readonly freeBytes: number;
  readonly sizeBytes: number;
  readonly freeInodes: number;
  /** 0 where the file system has no fixed number. */
  readonly inodes: number;
}

export interface EngineFacts {
  readonly version: string;
  readonly storageDriver: string;
  readonly cgroupDriver: string;
  readonly securityOptions: readonly string[];
  readonly warnings: readonly string[];
}

export interface DaemonFacts {
  readonly isRunning: boolean;
  readonly ports: readonly PortFacts[];
  /** Open files that it may have. */
  readonly openFilesLimit: number | undefined;
}

export interface PortFacts {
  readonly port: number;
  readonly listener: "nobody" | "this daemon" | "another program";
}

export interface CertificateFacts {
  readonly path: string;
  readonly subject: string;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** False where it is not signed by the authority beside which it lies. */
  readonly isSigned: boolean;
  /** Whether the key beside it is its own; undefined without a key. */
  readonly keyMatches: boolean | undefined;
  /** Names and addresses by which it is to be known, and is not. */
  readonly missingNames: readonly string[];
}

export interface EtcdFacts {
  readonly version: string;
  readonly members: readonly {
    readonly name: string;
    /** Whether it ever was. */
    readonly isStarted: boolean;
    readonly hasAnswered: boolean;
  }[];
  readonly alarms: readonly string[];
  readonly sizeBytes: number;
  readonly quotaBytes: number;
  readonly hasLeader: boolean;
}

export interface ApiServerFacts {
  /** Checks of /readyz that fail. */
  readonly failing: readonly string[];
  /** Whether the node of this machine is Ready, and what it says if not. */
  readonly node: { readonly isReady: boolean; readonly message: string } | undefined;
}
