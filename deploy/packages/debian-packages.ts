import { commandLock } from "../units/certificate-units.ts";
import { certificatesService, certificatesTimer, daemonUnits } from "../units/unit-files.ts";
import type { DaemonName } from "../units/unit-files.ts";
import { programs } from "./programs.ts";
import type { PackageName, Program } from "./programs.ts";

/** A Debian package as it is declared; what follows from that is rendered elsewhere. */
export interface DebianPackage {
  readonly name: PackageName;
  /** One line, without an article, not a sentence. */
  readonly synopsis: string;
  /** Sentences; lines of their own. */
  readonly description: readonly string[];
  /** Whether its files differ between processors. */
  readonly machineDependent: boolean;
  /** Other packages of ours, needed in the same version. */
  readonly own: readonly PackageName[];
  /** Debian's packages. */
  readonly depends: readonly string[];
  readonly recommends?: readonly string[];
  /** Packages whose files have the same paths. */
  readonly conflicts?: readonly string[];
  readonly provides?: readonly string[];
  /** Empty directories of root's, and their modes. */
  readonly directories: Readonly<Record<string, number>>;
  /** What `purge` removes besides: made by the programs or by who gave the machine its role. */
  readonly purged: readonly string[];
}

export const debianPackages: readonly DebianPackage[] = [
  {
    name: "kube-ts-runtime",
    synopsis: "Kubernetes in TypeScript - runtime, kubectl and the command kube-ts",
    description: [
      "Brings the Node.js that all programs of kube-ts run on, the command line kubectl, and kube-ts, which gives a",
      "machine its role in a cluster, takes it away again, and looks after it in between.",
    ],
    machineDependent: true,
    own: [],
    depends: [
      "libc6 (>= 2.28)", "libstdc++6 (>= 8)", "libgcc-s1 (>= 4.2)", "libatomic1 (>= 4.8)", "systemd (>= 250)",
      "ca-certificates",
    ], // prettier-ignore
    conflicts: ["kubectl", "kubernetes-client"],
    provides: ["kubectl"],
    directories: {
      "/etc/kubernetes": 0o755,
      "/etc/kubernetes/env": 0o755,
      "/etc/kubernetes/pki": 0o755,
      "/etc/kubernetes/credentials": 0o700,
    },
    purged: ["/var/cache/kube-ts"],
  },
  {
    name: "kube-ts-etcd",
    synopsis: "Kubernetes in TypeScript - member of the cluster's etcd",
    description: ["Runs Debian's etcd as a member of a Kubernetes cluster's store, with its certificates."],
    machineDependent: false,
    own: ["kube-ts-runtime"],
    depends: ["etcd-server (>= 3.4)", "etcd-client (>= 3.4)"],
    directories: {},
    purged: [],
  },
  {
    name: "kube-ts-control-plane",
    synopsis: "Kubernetes in TypeScript - control plane",
    description: ["The API server and what decides in a cluster: controller manager, scheduler, autoscaler."],
    machineDependent: false,
    own: ["kube-ts-runtime"],
    depends: [],
    recommends: ["kube-ts-etcd"],
    directories: {},
    purged: ["/var/log/kubernetes", "/var/lib/cluster-autoscaler"],
  },
  {
    name: "kube-ts-node",
    synopsis: "Kubernetes in TypeScript - node that runs pods",
    description: ["What every machine with pods runs: kubelet, service proxy, pod network agent and cluster DNS."],
    machineDependent: false,
    own: ["kube-ts-runtime"],
    depends: [
      "docker.io (>= 20.10) | docker-ce (>= 5:20.10)", "iptables", "iproute2", "conntrack",
      "containernetworking-plugins", "busybox | busybox-static", "procps", "kmod", "mount", "util-linux",
    ], // prettier-ignore
    directories: { "/etc/kubernetes/manifests": 0o700, "/etc/cni/net.d": 0o755 },
    purged: ["/var/lib/kube-proxy"],
  },
];

export function programsOf(name: PackageName): readonly Program[] {
  return programs.filter((program) => program.package === name);
}

/** The daemons whose units a package brings; etcd's is Debian's, with ours on top. */
export function daemonsOf(name: PackageName): readonly DaemonName[] {
  if (name === "kube-ts-etcd") return ["etcd"];
  return programsOf(name).flatMap((program) => (program.name in daemonUnits ? [program.name as DaemonName] : []));
}

/** The users that a package brings. */
export function usersOf(name: PackageName): readonly string[] {
  const users = daemonsOf(name).map((daemon) => daemonUnits[daemon].user);
  return [...new Set(users)].filter((user) => user !== "root" && user !== "etcd");
}

/** A lock of several programs, one of which runs where it could not make the file. */
export interface LockFile {
  readonly path: string;
  /** Octal. */
  readonly mode: string;
  readonly group: string;
}

/** The locks that exist from the boot on: of commands that change the machine, and of programs that change packet filters. */
export function locksOf(name: PackageName): readonly LockFile[] {
  if (name === "kube-ts-runtime") return [{ path: commandLock, mode: "0600", group: "root" }];
  if (name !== "kube-ts-node") return [];
  return [{ path: "/run/xtables.lock", mode: "0660", group: daemonUnits["kube-proxy"].user }];
}

/** The units that a package stops when it is removed. */
export function unitsOf(name: PackageName): readonly string[] {
  const daemons = daemonsOf(name).map((daemon) => daemonUnits[daemon].unit);
  return name === "kube-ts-runtime" ? [certificatesTimer, certificatesService, ...daemons] : daemons;
}
