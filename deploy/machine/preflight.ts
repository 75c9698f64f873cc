import type { ClusterConfig, Machine } from "../cluster/cluster-config.ts";
import { hasRole } from "../cluster/cluster-view.ts";
import { ipFamilyOf, parseIpAddress } from "@kube-ts/std/ip-address";
import type { DaemonName } from "../units/unit-files.ts";
import { daemonUnits } from "../units/unit-files.ts";
import { etcdMetricsPort } from "../cluster/daemon-flags.ts";
import { ofPod } from "./machine-facts.ts";
import type { MachineFacts } from "./machine-facts.ts";
import { machineDaemons, staticPodDaemons } from "./machine-daemons.ts";
import { dnsPort } from "./places.ts";

export interface Preflight {
  /** What keeps the machine from its role, with what to do. */
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

const leastFreeBytes = 2 * 1024 ** 3;

/** What is wrong with a machine that is to have its roles. */
export function preflight(config: ClusterConfig, machine: Machine, facts: MachineFacts): Preflight {
  if (!facts.isRoot) return { errors: ["this command needs root"], warnings: [] };
  const errors = [
    ...(facts.hasSystemd ? [] : ["systemd does not run: it keeps the daemons of a machine"]),
    ...packageErrors(config, machine, facts),
    ...addressErrors(machine, facts),
    ...portErrors(config, machine, facts),
    ...(hasRole(machine, "worker") ? nodeErrors(config, facts) : []),
  ];
  return { errors, warnings: warningsOf(machine, facts) };
}

/** The packages that the roles need. */
function neededPackages(machine: Machine): readonly string[] {
  return [
    "kube-ts-runtime",
    ...(hasRole(machine, "etcd") ? ["kube-ts-etcd"] : []),
    ...(hasRole(machine, "control-plane") ? ["kube-ts-control-plane"] : []),
    ...(hasRole(machine, "worker") ? ["kube-ts-node"] : []),
  ];
}

function packageErrors({ version }: ClusterConfig, machine: Machine, { packages }: MachineFacts): readonly string[] {
  return neededPackages(machine).flatMap((name) => {
    const installed = packages.get(name);
    const roles = machine.roles.join(", ");
    if (installed === undefined) {
      return [
        `the package ${name} is not installed, which the roles ${roles} need: apt-get install ./${name}_${version}-1_*.deb`,
      ];
    }
    const found = installed.replace(/-[^-]*$/, "");
    if (found === version) return [];
    return [
      `the package ${name} is of version ${found}, the cluster of ${version}: install that, or see kube-ts upgrade`,
    ];
  });
}

function addressErrors(machine: Machine, { addresses }: MachineFacts): readonly string[] {
  const own = new Set(addresses.map(canonical));
  return machine.addresses
    .filter((address) => !own.has(canonical(address)))
    .map((address) => `no interface of this machine has the address ${address} of ${machine.name}`);
}

function canonical(address: string): string {
  const parsed = parseIpAddress(address);
  return parsed ? `${parsed.family} ${parsed.value}` : address;
}

/** The ports that each daemon listens on. */
export function portsOf(config: ClusterConfig, daemon: DaemonName): readonly number[] {
  const { apiServer, etcdClient, etcdPeer } = config.ports;
  const ports: Readonly<Record<DaemonName, readonly number[]>> = {
    etcd: [etcdClient, etcdPeer, etcdMetricsPort],
    "kube-apiserver": [apiServer],
    "kube-controller-manager": [10_257],
    "kube-scheduler": [10_259],
    "cluster-autoscaler": [8_085],
    kubelet: [10_250, 10_248],
    "kube-proxy": [10_256, 10_249],
    "pod-network-agent": [10_246, 10_245],
    "cluster-dns": [dnsPort],
  };
  return ports[daemon];
}

function portErrors(config: ClusterConfig, machine: Machine, { listeners }: MachineFacts): readonly string[] {
  return machineDaemons(config, machine).flatMap((daemon) =>
    portsOf(config, daemon).flatMap((port) => {
      if (!listeners.has(port)) return [];
      const unit = listeners.get(port);
      if (unit === daemonUnits[daemon].unit) return [];
      // It was one, and will be ended.
      if (unit === ofPod && staticPodDaemons.includes(daemon)) return [];
      return [`port ${port}, which ${daemon} needs, is taken by ${unit ?? "another program"}: stop it`];
    }),
  );
}

function nodeErrors(config: ClusterConfig, facts: MachineFacts): readonly string[] {
  const swapIsFine = config.kubelet["failSwapOn"] === false;
  const programs = ["dockerd", "iptables-restore", "conntrack", "ip"].filter((name) => !facts.programs.has(name));
  const needsIpv6 = config.network.podCidrs.some((range) => ipFamilyOf(range.split("/")[0] ?? "") === "IPv6");
  return [
    ...programs.map((name) => `the program ${name} is not there: the package kube-ts-node depends on what brings it`),
    ...(facts.hasSwap && !swapIsFine
      ? ["swap is on: turn it off (swapoff -a, and /etc/fstab), or set kubelet.failSwapOn to false"]
      : []),
    ...(facts.hasOverlay ? [] : ["the kernel has no overlay file system: modprobe overlay"]),
    ...(facts.hasPacketFilter ? [] : ["packet filter rules cannot be listed: modprobe ip_tables"]),
    ...(needsIpv6 && facts.sysctls.get("net.ipv6.conf.all.disable_ipv6") === "1"
      ? ["IPv6 is turned off (net.ipv6.conf.all.disable_ipv6), and pods are to have addresses of it"]
      : []),
  ];
}

function warningsOf(machine: Machine, facts: MachineFacts): readonly string[] {
  const isNode = hasRole(machine, "worker");
  const bridge = facts.sysctls.get("net.bridge.bridge-nf-call-iptables");
  return [
    ...(facts.hostName === machine.name ? [] : [`this machine is called ${facts.hostName}, its node ${machine.name}`]),
    ...(facts.clockIsSynchronized === false
      ? ["the clock follows no time server: certificates and leases depend on it (timedatectl set-ntp true)"]
      : []),
    ...(isNode && bridge !== "1"
      ? ["bridged packets are not filtered: a pod may not reach a service that it backs itself (modprobe br_netfilter)"]
      : []),
    ...(facts.freeBytes !== undefined && facts.freeBytes < leastFreeBytes
      ? [`less than 2 GiB are free below /var/lib: images and etcd need room`]
      : []),
  ];
}
