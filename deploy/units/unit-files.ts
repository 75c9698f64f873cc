/** The programs that run as units of their own. */
export type DaemonName =
  | "etcd"
  | "kube-apiserver"
  | "kube-controller-manager"
  | "kube-scheduler"
  | "cluster-autoscaler"
  | "kubelet"
  | "kube-proxy"
  | "pod-network-agent"
  | "cluster-dns";

/** A private file that systemd reads as root and hands to the daemon, which could not read it itself. */
export interface Credential {
  /** The file's name where the daemon finds it: see `credentialPath`. */
  readonly id: string;
  /** Where it is kept, owned by root, 0600. The unit does not start without it. */
  readonly source: string;
}

/** What others have to know about a daemon's unit. */
export interface DaemonUnit {
  readonly unit: string;
  /** Does not exist on a machine without the daemon's role: without it the unit is skipped, not failed. */
  readonly envFile: string;
  /** The variable in `envFile` whose words follow the program's name. */
  readonly flagsVariable: string;
  /** Who runs it; group of the same name. `root` stands for root with few capabilities, except for the kubelet. */
  readonly user: string;
  readonly credentials: readonly Credential[];
  /** A directory of root's, 0700, that the package brings: each file in it becomes a credential (`extraCredentialPath`). */
  readonly extraCredentialDirectory?: string;
  /** Directories that the unit makes and its user may write to; only its user can read them. */
  readonly stateDirectories: readonly string[];
}

const configurationDirectory = "/etc/kubernetes";
const pki = `${configurationDirectory}/pki`;

const pair = (name: string, directory = pki): readonly Credential[] =>
  [`${name}.crt`, `${name}.key`].map((file) => ({ id: file, source: `${directory}/${file}` }));

/** The kubeconfig of a daemon that cannot read it itself; `--kubeconfig=` names `credentialPath(daemon, "kubeconfig")`. */
const kubeconfig = (file: string): Credential => ({ id: "kubeconfig", source: `${configurationDirectory}/${file}` });

/**
 * The daemons' units. Certificates go with their keys as credentials, since a daemon that reads a renewed certificate
 * with the old key cannot serve: both change when the unit is restarted. Authorities' certificates (`ca.crt`) and other
 * public files are read in place, and again when they change.
 */
export const daemonUnits: Readonly<Record<DaemonName, DaemonUnit>> = {
  etcd: {
    ...files("etcd"),
    // Debian's package has this user; etcd itself reads variables that begin with ETCD_.
    user: "etcd",
    flagsVariable: "KUBE_ETCD_FLAGS",
    credentials: [...pair("server", `${pki}/etcd`), ...pair("peer", `${pki}/etcd`)],
    stateDirectories: ["/var/lib/etcd"],
  },
  "kube-apiserver": {
    ...files("kube-apiserver"),
    user: "kube-apiserver",
    credentials: [
      ...pair("apiserver"),
      ...pair("apiserver-kubelet-client"),
      ...pair("apiserver-etcd-client"),
      ...pair("front-proxy-client"),
      { id: "sa.key", source: `${pki}/sa.key` },
    ],
    // Keys of encryption at rest, static tokens, kubeconfigs of webhooks.
    extraCredentialDirectory: extraDirectory("kube-apiserver"),
    stateDirectories: ["/var/log/kubernetes/audit"],
  },
  "kube-controller-manager": {
    ...files("kube-controller-manager"),
    user: "kube-controller-manager",
    credentials: [kubeconfig("controller-manager.conf"), ...pair("ca"), { id: "sa.key", source: `${pki}/sa.key` }],
    extraCredentialDirectory: extraDirectory("kube-controller-manager"),
    stateDirectories: [],
  },
  "kube-scheduler": {
    ...files("kube-scheduler"),
    user: "kube-scheduler",
    credentials: [kubeconfig("scheduler.conf")],
    stateDirectories: [],
  },
  "cluster-autoscaler": {
    ...files("cluster-autoscaler"),
    user: "cluster-autoscaler",
    credentials: [kubeconfig("cluster-autoscaler.conf")],
    // What the scripts of node groups need to reach their machines.
    extraCredentialDirectory: extraDirectory("cluster-autoscaler"),
    stateDirectories: ["/var/lib/cluster-autoscaler"],
  },
  kubelet: {
    ...files("kubelet"),
    // Reads its files itself, and renews its own credentials.
    user: "root",
    credentials: [],
    stateDirectories: ["/var/lib/kubelet"],
  },
  "kube-proxy": {
    ...files("kube-proxy"),
    user: "kube-proxy",
    credentials: [kubeconfig("kube-proxy.conf")],
    stateDirectories: [],
  },
  "pod-network-agent": {
    ...files("pod-network-agent"),
    user: "root",
    credentials: [kubeconfig("pod-network.conf")],
    stateDirectories: ["/etc/cni/net.d"],
  },
  "cluster-dns": {
    ...files("cluster-dns"),
    user: "cluster-dns",
    credentials: [kubeconfig("cluster-dns.conf")],
    stateDirectories: [],
  },
};

/** The path of a credential as the daemon's flags have to name it. Throws when the unit does not hand it over. */
export function credentialPath(daemon: DaemonName, id: string): string {
  const { unit, credentials } = daemonUnits[daemon];
  if (!credentials.some((credential) => credential.id === id)) throw new Error(`${unit} has no credential ${id}`);
  return `/run/credentials/${unit}/${id}`;
}

/** The path, for the daemon's flags, of a file that lies in the unit's `extraCredentialDirectory`. */
export function extraCredentialPath(daemon: DaemonName, fileName: string): string {
  const { unit, extraCredentialDirectory } = daemonUnits[daemon];
  if (extraCredentialDirectory === undefined) throw new Error(`${unit} has no further credentials`);
  return `/run/credentials/${unit}/extra_${fileName}`;
}

/** Where that file lies, for root. */
export function extraCredentialSource(daemon: DaemonName, fileName: string): string {
  const { unit, extraCredentialDirectory } = daemonUnits[daemon];
  if (extraCredentialDirectory === undefined) throw new Error(`${unit} has no further credentials`);
  return `${extraCredentialDirectory}/${fileName}`;
}

/** Renews what expires soon: a timer, and what it starts. Enabled by whoever gives a machine its role. */
export const certificatesTimer = "kube-ts-certificates.timer";
export const certificatesService = "kube-ts-certificates.service";

/** Where the packages put the programs. */
export const programDirectory = "/usr/lib/kube-ts";

function files(name: DaemonName): Pick<DaemonUnit, "unit" | "envFile" | "flagsVariable"> {
  return {
    unit: `${name}.service`,
    envFile: `${configurationDirectory}/env/${name}.env`,
    flagsVariable: `${name.toUpperCase().replaceAll("-", "_")}_FLAGS`,
  };
}

function extraDirectory(name: DaemonName): string {
  return `${configurationDirectory}/credentials/${name}`;
}
