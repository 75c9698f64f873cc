import { existsSync } from "node:fs";
import { readdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { runProgram } from "@kube-ts/std/run-program";
import { systemClock } from "@kube-ts/std/clock";
import { loadClusterConfig } from "../cluster/cluster-config.ts";
import type { ClusterConfig, Machine } from "../cluster/cluster-config.ts";
import { hasRole } from "../cluster/cluster-view.ts";
import { EtcdMembership } from "../join/etcd/etcd-membership.ts";
import { removePods } from "../local/containers.ts";
import { engineAnswers } from "../local/engine-answers.ts";
import { removeCgroups, removeChains, removePodNetwork, unmountBelow } from "../local/leftovers.ts";
import { note, step } from "../local/progress.ts";
import { certificatesService, certificatesTimer, daemonUnits } from "../units/unit-files.ts";
import { kernelFilePaths } from "./kernel-settings.ts";
import {
  auditDirectory,
  clusterConfigFile,
  cniConfigDirectory,
  configurationDirectory,
  dockerSocket,
  etcdData,
  kubeletDirectory,
  podLogs,
  proxyDirectory,
} from "./places.ts";
import { disableUnit, stopUnit } from "./systemd.ts";

const leaveMs = 60_000;
const commandMs = 60_000;

/** What the daemons of a node add to the packet filter. */
const ownChains = /^(KUBE|POD-NETWORK|CNI)-/;
/** Of routes and rules of the pod network, see its agent. */
const routeProtocol = "107";
const overlay = /^podnet\.\d+$/;

/**
 * Takes everything of a cluster off this machine, but for the packages, Docker and its images. May be repeated; what is
 * not there is passed over. `machineName` names this machine in its configuration.
 */
export async function resetMachine(machineName: string, signal: AbortSignal): Promise<void> {
  const config = await readConfig();
  const machine = config?.machines.find(({ name }) => name === machineName);
  if (config && machine && hasRole(machine, "etcd") && existsSync(join(etcdData, "member"))) {
    await step("leaving etcd", () => leaveEtcd(config, machine, signal));
  }
  await step("daemons", () => stopDaemons(signal));
  await step("pods", () => removeContainers(signal));
  await step("services and pod network", () => removeNetwork(config, signal));
  await step("mounts, control groups and files", removeFiles);
}

/** The configuration of this machine. One that cannot be read keeps nobody from getting rid of it. */
export async function readConfig(): Promise<ClusterConfig | undefined> {
  if (!existsSync(clusterConfigFile)) return undefined;
  try {
    return await loadClusterConfig(clusterConfigFile);
  } catch (error) {
    note(`warning: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** Of several members the others go on without this one. That etcd cannot be reached is said, and all the same. */
async function leaveEtcd(config: ClusterConfig, machine: Machine, signal: AbortSignal): Promise<void> {
  const membership = new EtcdMembership(config, machine, systemClock);
  try {
    await membership.leave(AbortSignal.any([signal, AbortSignal.timeout(leaveMs)]));
  } catch (error) {
    signal.throwIfAborted();
    note(
      `warning: this machine may still be a member of etcd: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

async function stopDaemons(signal: AbortSignal): Promise<void> {
  const units = [...Object.values(daemonUnits).map(({ unit }) => unit), certificatesService, certificatesTimer];
  for (const unit of units.toReversed()) {
    await disableUnit(unit, signal);
    await stopUnit(unit, signal);
  }
}

async function removeContainers(signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (await engineAnswers(dockerSocket)) await removePods();
}

async function removeNetwork(config: ClusterConfig | undefined, signal: AbortSignal): Promise<void> {
  const ranges = config?.network.podCidrs.join(",") ?? "";
  // The proxy knows best how to take back what it did; what is left of it goes with the other chains.
  await attempt(["kube-proxy", "--cleanup", `--cluster-cidr=${ranges}`], signal);
  await removePodNetwork();
  await removeChains(ownChains);
  for (const family of ["-4", "-6"]) {
    await attempt(["ip", family, "route", "flush", "table", "all", "protocol", routeProtocol], signal);
    await attempt(["ip", family, "rule", "flush", "protocol", routeProtocol], signal);
  }
  for (const link of await readdir("/sys/class/net")) {
    if (overlay.test(link)) await attempt(["ip", "link", "delete", link], signal);
  }
}

/** Programs and kernels differ in what they have; what is not there need not be removed. */
async function attempt(command: readonly string[], signal: AbortSignal): Promise<void> {
  await runProgram({ command, timeoutMs: commandMs }, signal).catch(() => {
    signal.throwIfAborted();
  });
}

async function removeFiles(): Promise<void> {
  await unmountBelow(kubeletDirectory);
  await removeCgroups();
  for (const path of [kubeletDirectory, proxyDirectory, etcdData, auditDirectory, ...kernelFilePaths]) {
    await rm(path, { recursive: true, force: true });
  }
  await removeContents(podLogs);
  await removeContents(cniConfigDirectory, ({ name }) => /^\d+-(pod-network|kubelet-bridge)\.conflist$/.test(name));
  await removeContents(configurationDirectory);
  for (const directory of [...madeDirectories, "/var/lib/cni/networks", "/var/lib/cni", "/var/log/kubernetes"]) {
    await rmdir(directory).catch(() => undefined);
  }
}

/** Below the configuration, the directories that no package has. */
const madeDirectories = ["apiserver", "pki/etcd"].map((name) => join(configurationDirectory, name));

/** Removes the files below a directory and keeps directories, which may be a package's. */
async function removeContents(
  directory: string,
  isOurs: (entry: { readonly name: string }) => boolean = () => true,
): Promise<void> {
  if (!existsSync(directory)) return;
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory() && directory !== podLogs) await removeContents(path, isOurs);
    else if (isOurs(entry)) await rm(path, { recursive: true, force: true });
  }
}
