import type { Taint } from "@kube-ts/api/core/v1";
import { formatIpAddress, ipFamilyOf, parseCidr } from "@kube-ts/std/ip-address";
import type { IpFamily } from "@kube-ts/std/ip-address";
import type { ClusterConfig, Machine, MachineRole } from "./cluster-config.ts";
import { httpsUrl } from "./endpoint.ts";

export const controlPlaneLabel = "node-role.kubernetes.io/control-plane";

/** The machines that have a role, in the order of the file. */
export function machinesWith(config: ClusterConfig, role: MachineRole): readonly Machine[] {
  return config.machines.filter(({ roles }) => roles.includes(role));
}

export function hasRole({ roles }: Machine, role: MachineRole): boolean {
  return roles.includes(role);
}

export function machineNamed(config: ClusterConfig, name: string): Machine | undefined {
  return config.machines.find((machine) => machine.name === name);
}

/** The families of the cluster's addresses; the first is the primary one. */
export function clusterFamilies({ network }: ClusterConfig): readonly IpFamily[] {
  return network.podCidrs.flatMap((text) => parseCidr(text)?.family ?? []);
}

/** A machine's address of a family. */
function addressOf(machine: Machine, family: IpFamily): string | undefined {
  return machine.addresses.find((address) => ipFamilyOf(address) === family);
}

/** The address by which others reach a machine: of the cluster's primary family, where it has one. */
export function primaryAddress(config: ClusterConfig, machine: Machine): string {
  const [family = "IPv4"] = clusterFamilies(config);
  return addressOf(machine, family) ?? machine.addresses[0] ?? "127.0.0.1";
}

/** A machine's addresses of the cluster's families, as its node has them; the primary one first. */
export function nodeAddresses(config: ClusterConfig, machine: Machine): readonly string[] {
  return clusterFamilies(config).flatMap((family) => addressOf(machine, family) ?? []);
}

/** `https://address:port` of a machine's API server. */
export function apiServerUrl(config: ClusterConfig, machine: Machine): string {
  return httpsUrl(primaryAddress(config, machine), config.ports.apiServer);
}

/** Every API server of the cluster; the machine's own first. */
export function apiServerUrls(config: ClusterConfig, machine?: Machine): readonly string[] {
  return ownFirst(machinesWith(config, "control-plane"), machine).map((server) => apiServerUrl(config, server));
}

/** Where clients reach the cluster: the balancer, if there is one, or an API server. */
export function clusterUrl(config: ClusterConfig, machine?: Machine): string {
  const { controlPlaneEndpoint } = config;
  if (controlPlaneEndpoint !== undefined) return `https://${controlPlaneEndpoint}`;
  return apiServerUrls(config, machine)[0] ?? httpsUrl("127.0.0.1", config.ports.apiServer);
}

/** A member of etcd. */
export interface EtcdMember {
  readonly name: string;
  readonly clientUrl: string;
  readonly peerUrl: string;
}

export function etcdMember(config: ClusterConfig, machine: Machine): EtcdMember {
  const address = primaryAddress(config, machine);
  const { etcdClient, etcdPeer } = config.ports;
  return { name: machine.name, clientUrl: httpsUrl(address, etcdClient), peerUrl: httpsUrl(address, etcdPeer) };
}

/** Every member of etcd; the machine's own first. */
export function etcdMembers(config: ClusterConfig, machine?: Machine): readonly EtcdMember[] {
  return ownFirst(machinesWith(config, "etcd"), machine).map((member) => etcdMember(config, member));
}

function ownFirst(machines: readonly Machine[], own: Machine | undefined): readonly Machine[] {
  return machines.toSorted((a, b) => Number(b.name === own?.name) - Number(a.name === own?.name));
}

/** The labels that a machine's node gets: those of the file, and that of the control plane. */
export function nodeLabels(machine: Machine): Readonly<Record<string, string>> {
  return { ...(hasRole(machine, "control-plane") ? { [controlPlaneLabel]: "" } : {}), ...machine.labels };
}

/**
 * The taints that a machine's node gets: those of the file or, where it names none, one that keeps pods away from the
 * control plane. `taints: []` lets them in.
 */
export function nodeTaints(machine: Machine): readonly Taint[] {
  if (machine.taints) return machine.taints;
  return hasRole(machine, "control-plane") ? [{ key: controlPlaneLabel, effect: "NoSchedule" }] : [];
}

/** The `index`th address of each range of service addresses; 1 is the API server's, 10 that of cluster DNS. */
export function serviceAddresses({ network }: ClusterConfig, index: number): readonly string[] {
  return network.serviceCidrs.flatMap((text) => {
    const range = parseCidr(text);
    return range ? [formatIpAddress({ family: range.family, value: range.base + BigInt(index) })] : [];
  });
}

const apiServiceIndex = 1;
export const dnsServiceIndex = 10;

/** Names and addresses by which the API server of a machine is asked for. */
export function apiServerHosts(config: ClusterConfig, machine: Machine): readonly string[] {
  const service = "kubernetes.default.svc";
  const endpoint = config.controlPlaneEndpoint;
  const balancer = endpoint === undefined ? [] : [endpoint.replace(/:\d+$/, "").replaceAll(/[[\]]/g, "")];
  return distinct([
    "kubernetes",
    "kubernetes.default",
    service,
    `${service}.${config.network.dnsDomain}`,
    machine.name,
    ...loopbackHosts,
    ...serviceAddresses(config, apiServiceIndex),
    ...machine.addresses,
    ...balancer,
  ]);
}

/** Names and addresses by which another member, a client or a probe reaches the etcd of a machine. */
export function etcdHosts(machine: Machine): readonly string[] {
  return distinct([machine.name, ...loopbackHosts, ...machine.addresses]);
}

export function kubeletHosts(machine: Machine): readonly string[] {
  return distinct([machine.name, ...loopbackHosts, ...machine.addresses]);
}

const loopbackHosts = ["localhost", "127.0.0.1", "::1"];

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}

/** What deserves a look although the cluster can run. */
export function configWarnings(config: ClusterConfig): readonly string[] {
  const members = machinesWith(config, "etcd").length;
  const servers = machinesWith(config, "control-plane").length;
  return [
    ...(members % 2 === 0
      ? [`machines: etcd has ${members} members; an odd number survives as many failures with fewer machines`]
      : []),
    ...(servers > 1 && members === 1
      ? [`machines: ${servers} control-plane machines depend on the one member of etcd`]
      : []),
    ...(machinesWith(config, "worker").length === 0
      ? ["machines: no machine has the role worker: pods cannot run"]
      : []),
  ];
}
