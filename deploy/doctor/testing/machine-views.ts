import type { DaemonName } from "../../units/unit-files.ts";
import { localCluster } from "../../local/layout.ts";
import { localSubject } from "../local-subject.ts";
import type { DaemonFacts, MachineView } from "../machine-view.ts";

const names: readonly DaemonName[] = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "cluster-autoscaler",
  "kubelet",
  "kube-proxy",
  "pod-network-agent",
  "cluster-dns",
];

const healthyDaemon: DaemonFacts = {
  isRunning: true,
  ports: [{ port: 1, listener: "this daemon" }],
  openFilesLimit: 1_048_576,
};

const gib = 2 ** 30;
const disk = { path: "/", freeBytes: 50 * gib, sizeBytes: 100 * gib, freeInodes: 90, inodes: 100 };
export const now = Date.UTC(2026, 5, 1);
export const day = 24 * 3_600_000;

export const certificate = {
  path: "pki/apiserver.crt",
  subject: "CN=kube-apiserver",
  notBeforeMs: now - day,
  notAfterMs: now + 300 * day,
  isSigned: true,
  keyMatches: true,
  missingNames: [],
};

/** A machine and a cluster on which nothing is wrong. */
export function healthyMachine(): MachineView {
  return {
    isRoot: true,
    hasCluster: true,
    advice: localSubject(localCluster()).advice,
    kernel: {
      release: "6.1.0-13-amd64",
      namespaces: ["cgroup", "ipc", "mnt", "net", "pid", "user", "uts"],
      cgroupVersion: 2,
      cgroupControllers: ["cpu", "cpuset", "io", "memory", "pids"],
      filesystems: ["ext4", "overlay"],
      modules: ["nf_conntrack", "br_netfilter"],
      sysctls: new Map([
        ["net.ipv4.ip_forward", "1"],
        ["net.bridge.bridge-nf-call-iptables", "1"],
        ["net.netfilter.nf_conntrack_max", "131072"],
        ["fs.inotify.max_user_instances", "128"],
        ["fs.inotify.max_user_watches", "65536"],
        ["vm.max_map_count", "65530"],
        ["kernel.pid_max", "4194304"],
      ]),
      conntrackEntries: 200,
      hasSwap: false,
    },
    clock: { nowMs: now, isSynchronized: true, aheadOfHardwareMs: 0, stepMs: 1 },
    disks: ["etcd", "kubelet", "Docker"].map((purpose) => ({ purpose, ...disk })),
    programs: new Map([["etcd", true]]),
    cniPlugins: ["bridge", "host-local", "loopback", "portmap", "bandwidth", "firewall"],
    iptables: "iptables v1.8.9 (nf_tables)",
    engine: {
      version: "20.10.24",
      storageDriver: "overlay2",
      cgroupDriver: "cgroupfs",
      securityOptions: ["name=seccomp,profile=default"],
      warnings: [],
    },
    kubeletCgroupDriver: undefined,
    daemons: new Map(names.map((name) => [name, healthyDaemon])),
    certificates: [certificate],
    bundles: [],
    etcd: {
      version: "3.5.16",
      members: [{ name: "local", isStarted: true, hasAnswered: true }],
      alarms: [],
      sizeBytes: 10 * 2 ** 20,
      quotaBytes: 2 * gib,
      hasLeader: true,
    },
    apiServer: { failing: [], node: { isReady: true, message: "" } },
  };
}

/** The same with one daemon changed. */
export function withDaemon(view: MachineView, name: DaemonName, facts: Partial<DaemonFacts>): MachineView {
  return { ...view, daemons: new Map(view.daemons).set(name, { ...healthyDaemon, ...facts }) };
}
