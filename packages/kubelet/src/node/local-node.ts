import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import type { NodeAddress } from "@kube-ts/api/core/v1";
import type { KubeletConfig } from "../config/kubelet-config.ts";
import type { NodePolicy } from "../pods/node-policy.ts";
import { parseResolvConf } from "../pods/pod-dns.ts";
import { type Machine, filesystemSize, readMachine } from "./machine.ts";
import { nodeAddresses, nodeIps } from "./node-addresses.ts";
import type { NodeIdentity } from "./node-object.ts";
import { type NodeResources, nodeResources } from "./node-resources.ts";

/** This machine as a node: what it is, has and decides for pods. Found out once, at start. */
export interface LocalNode {
  readonly machine: Machine;
  readonly identity: NodeIdentity;
  readonly ips: readonly string[];
  readonly addresses: readonly NodeAddress[];
  readonly resources: NodeResources;
  readonly policy: NodePolicy;
}

export async function inspectNode(config: KubeletConfig): Promise<LocalNode> {
  const [machine, ips, disk] = await Promise.all([
    readMachine(),
    nodeIps(config.nodeIps),
    filesystemSize(config.rootDirectory),
  ]);
  if (ips.length === 0) throw new Error("the machine has no address that pods could be told: use --node-ip");
  const resources = nodeResources(machine, disk.capacityBytes, config.node, config.eviction.thresholds);
  const name = hostname().trim().toLowerCase();
  return {
    machine,
    identity: { name: config.nodeName, hostname: config.nodeName, architecture: machine.architecture },
    ips,
    addresses: nodeAddresses(ips, config.nodeName),
    resources,
    policy: await nodePolicy(config, machine, name, ips, resources),
  };
}

async function nodePolicy(
  config: KubeletConfig,
  machine: Machine,
  nodeHostname: string,
  ips: readonly string[],
  resources: NodeResources,
): Promise<NodePolicy> {
  const { resolvConf, clusterDns, clusterDomain, cpuQuota, cpuPeriodUs, seccompDefault, logsDirectory } = config.pods;
  const resolver = resolvConf === "" ? "" : await readFile(resolvConf, "utf8");
  return {
    hostsFile: "/etc/hosts",
    dns: { clusterDns, clusterDomain, host: parseResolvConf(resolver) },
    nodeHostname,
    podLogsDirectory: logsDirectory,
    seccompDefault,
    seccompDirectory: join(config.rootDirectory, "seccomp"),
    memoryCapacityBytes: machine.memoryBytes,
    cpuQuota,
    cpuPeriodUs,
    hostIps: () => ips,
    allocatable: () => resources.allocatable,
  };
}
