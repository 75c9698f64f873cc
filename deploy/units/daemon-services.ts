import { kubeletLimits, networking, sealed, unprivileged } from "./hardening.ts";
import { daemonUnits } from "./unit-files.ts";
import type { DaemonName } from "./unit-files.ts";
import type { Directives, UnitSections } from "./unit-text.ts";

/** What differs from daemon to daemon. */
interface ServiceSpec {
  readonly description: string;
  readonly unit?: Directives;
  readonly service: Directives;
}

/** A daemon whose event loop answers nothing for this long is restarted. */
const watchdogSeconds = 60;
/** Longer than a daemon takes to drain before it gives up by itself. */
const stopSeconds = 75;
/** The API server waits for requests, which may take a minute. */
const apiServerStopSeconds = 120;

/** The order in which the kernel takes processes when memory is short: the node's own last. */
const oomScore = { node: -999, controlPlane: -997, addOn: -900 };

/** On shutdown the daemons stop before their API server does, so that they hand over what they lead. */
const withApiServer: Directives = { After: ["network-online.target", "kube-apiserver.service"] };

const specs: Readonly<Record<Exclude<DaemonName, "etcd">, ServiceSpec>> = {
  "kube-apiserver": {
    description: "Kubernetes API server",
    unit: { After: ["network-online.target", "etcd.service"] },
    service: {
      ...sealed,
      ...unprivileged("kube-apiserver"),
      // A port below 1024 needs a drop-in that grants CAP_NET_BIND_SERVICE.
      LogsDirectory: "kubernetes/audit",
      LogsDirectoryMode: "0700",
      OOMScoreAdjust: oomScore.controlPlane,
      LimitNOFILE: 1_048_576,
      TasksMax: 2048,
      TimeoutStopSec: apiServerStopSeconds,
    },
  },
  "kube-controller-manager": {
    description: "Kubernetes controller manager",
    unit: withApiServer,
    service: {
      ...sealed,
      ...unprivileged("kube-controller-manager"),
      OOMScoreAdjust: oomScore.controlPlane,
      LimitNOFILE: 65_536,
      TasksMax: 512,
    },
  },
  "kube-scheduler": {
    description: "Kubernetes scheduler",
    unit: withApiServer,
    service: {
      ...sealed,
      ...unprivileged("kube-scheduler"),
      OOMScoreAdjust: oomScore.controlPlane,
      LimitNOFILE: 65_536,
      TasksMax: 512,
    },
  },
  "cluster-autoscaler": {
    description: "Kubernetes cluster autoscaler",
    unit: withApiServer,
    service: {
      ...sealed,
      ...unprivileged("cluster-autoscaler"),
      // Where programs like ssh look for their settings.
      Environment: "HOME=/var/lib/cluster-autoscaler",
      StateDirectory: "cluster-autoscaler",
      StateDirectoryMode: "0700",
      LimitNOFILE: 65_536,
      TasksMax: 1024,
      MemoryMax: "1G",
    },
  },
  kubelet: {
    description: "Kubernetes node agent",
    unit: { After: ["network-online.target", "docker.service"], Wants: ["network-online.target", "docker.service"] },
    service: {
      ...kubeletLimits,
      StateDirectory: "kubelet",
      StateDirectoryMode: "0750",
      // What it started and mounted for pods outlives it.
      KillMode: "process",
      OOMScoreAdjust: oomScore.node,
      LimitNOFILE: 1_048_576,
      TasksMax: 8192,
    },
  },
  "kube-proxy": {
    description: "Kubernetes service proxy",
    service: {
      ...sealed,
      ...networking,
      ...unprivileged("kube-proxy", "CAP_NET_ADMIN", "CAP_NET_RAW"),
      // The lock between programs that change packet filters the old way.
      ReadWritePaths: "-/run/xtables.lock",
      OOMScoreAdjust: oomScore.node,
      LimitNOFILE: 65_536,
      TasksMax: 512,
    },
  },
  "pod-network-agent": {
    description: "Kubernetes pod network agent",
    service: {
      ...sealed,
      ...networking,
      ReadWritePaths: ["-/run/xtables.lock", "-/etc/cni/net.d"],
      OOMScoreAdjust: oomScore.node,
      LimitNOFILE: 65_536,
      TasksMax: 512,
      MemoryMax: "512M",
    },
  },
  "cluster-dns": {
    description: "Kubernetes cluster DNS",
    service: {
      ...sealed,
      ...unprivileged("cluster-dns", "CAP_NET_BIND_SERVICE"),
      OOMScoreAdjust: oomScore.addOn,
      LimitNOFILE: 65_536,
      TasksMax: 512,
      MemoryMax: "512M",
    },
  },
};

/** The unit file of a daemon of ours. */
export function daemonService(daemon: Exclude<DaemonName, "etcd">): UnitSections {
  const { description, unit, service } = specs[daemon];
  const { envFile, flagsVariable } = daemonUnits[daemon];
  return {
    Unit: {
      Description: description,
      Documentation: "https://kubernetes.io/docs/reference/command-line-tools-reference/",
      After: "network-online.target",
      Wants: "network-online.target",
      ConditionPathExists: envFile,
      // It is tried again for as long as the machine has the role, however often it failed.
      StartLimitIntervalSec: 0,
      ...unit,
    },
    Service: {
      Type: "notify",
      NotifyAccess: "all",
      EnvironmentFile: envFile,
      ExecStart: `/usr/bin/${daemon} $${flagsVariable}`,
      ...restarting,
      WatchdogSec: watchdogSeconds,
      TimeoutStartSec: 300,
      TimeoutStopSec: stopSeconds,
      // A daemon that hangs does not drain either.
      TimeoutAbortSec: 10,
      // The daemon tells its own processes to stop.
      KillMode: "mixed",
      ...credentials(daemon),
      ...service,
    },
    Install: { WantedBy: "multi-user.target" },
  };
}

/** What Debian's unit of etcd becomes on a machine of a cluster. */
export function etcdDropIn(): UnitSections {
  const { envFile, flagsVariable, user } = daemonUnits.etcd;
  return {
    Unit: {
      Wants: "network-online.target",
      After: "network-online.target",
      ConditionPathExists: envFile,
      StartLimitIntervalSec: 0,
    },
    Service: {
      // Debian's settings name another data directory, and would overrule flags.
      Environment: ["", "GOTRACEBACK=single"],
      EnvironmentFile: ["", envFile],
      ExecStart: ["", `/usr/bin/etcd $${flagsVariable}`],
      ...restarting,
      // It is ready once most members are: stopping it before would only delay them.
      TimeoutStartSec: "infinity",
      TimeoutStopSec: 30,
      ...credentials("etcd"),
      ...sealed,
      ...unprivileged(user),
      MemoryDenyWriteExecute: true,
      StateDirectory: "etcd",
      StateDirectoryMode: "0700",
      OOMScoreAdjust: oomScore.node,
      IOSchedulingClass: "best-effort",
      IOSchedulingPriority: 0,
      LimitNOFILE: 65_536,
      TasksMax: 4096,
    },
  };
}

const restarting: Directives = { Restart: "always", RestartSec: 2 };

function credentials(daemon: DaemonName): Directives {
  const { credentials, extraCredentialDirectory } = daemonUnits[daemon];
  const loaded = credentials.map(({ id, source }) => `${id}:${source}`);
  if (extraCredentialDirectory !== undefined) loaded.push(`extra:${extraCredentialDirectory}`);
  return loaded.length > 0 ? { LoadCredential: loaded } : {};
}
