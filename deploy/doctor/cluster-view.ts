import type { Namespace, Pod, ServiceAccount } from "@kube-ts/api/core/v1";
import type { NetworkPolicy } from "@kube-ts/api/networking/v1";
import type { ClusterRole, ClusterRoleBinding, Role } from "@kube-ts/api/rbac/v1";
import type { DaemonName } from "../units/unit-files.ts";

/** What the benchmark's checks look at. */
export interface ClusterView {
  /** Programs that run. */
  readonly processes: ReadonlyMap<DaemonName, RunningProgram>;
  /** Files and directories by path, with what symbolic links lead to. */
  readonly files: ReadonlyMap<string, FileFacts>;
  readonly places: Places;
  /** The kubelet's and kube-proxy's config files; empty where there is none. */
  readonly kubeletFile: Readonly<Record<string, unknown>>;
  readonly proxyFile: Readonly<Record<string, unknown>>;
  /** The audit policy and the authentication configuration of the API server; undefined where it has none. */
  readonly auditPolicy: unknown;
  readonly authentication: unknown;
  readonly encryption: unknown;
  /** What servers speak, by program. */
  readonly tls: ReadonlyMap<DaemonName, TlsFacts>;
  /** Undefined when the API server does not answer. */
  readonly objects: ClusterObjects | undefined;
}

export interface RunningProgram {
  readonly pid: number;
  readonly uid: number;
  /** Without the program itself. */
  readonly args: readonly string[];
}

export interface FileFacts {
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** Where things are that the benchmark asks for. */
export interface Places {
  readonly adminKubeconfig: string;
  readonly schedulerKubeconfig: string;
  readonly controllerManagerKubeconfig: string;
  readonly kubeletKubeconfig: string;
  readonly proxyKubeconfig: string;
  readonly kubeletConfig: string;
  readonly etcdData: string;
  readonly pki: string;
  readonly cniConfigs: string;
  /** Of static pods. */
  readonly manifests: string;
  /** Unit files of systemd, where the daemons have some. */
  readonly kubeletUnit: string;
}

export interface TlsFacts {
  /** Versions before 1.2 that the server took. */
  readonly oldVersions: readonly string[];
  /** Cipher suites without authentication of data or forward secrecy that the server took. */
  readonly weakCiphers: readonly string[];
}

export interface ClusterObjects {
  readonly clusterRoles: readonly ClusterRole[];
  readonly clusterRoleBindings: readonly ClusterRoleBinding[];
  readonly roles: readonly Role[];
  readonly serviceAccounts: readonly ServiceAccount[];
  readonly namespaces: readonly Namespace[];
  readonly pods: readonly Pod[];
  readonly networkPolicies: readonly NetworkPolicy[];
}
