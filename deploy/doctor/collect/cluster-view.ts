import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { kubeletConfigFile } from "../../local/layout.ts";
import type { DaemonName } from "../../local/daemon-ports.ts";
import type { LocalCluster } from "../../local/layout.ts";
import type { ClusterObjects, ClusterView, FileFacts, Places, TlsFacts } from "../cluster-view.ts";
import { effectiveFlags } from "../effective-flags.ts";
import { readYaml } from "./read-file.ts";
import { runningPrograms } from "./running-daemons.ts";
import { probeTls } from "./tls-probe.ts";

/** Looks at the programs and files of the cluster. */
export async function clusterView(cluster: LocalCluster, objects: ClusterObjects | undefined): Promise<ClusterView> {
  const processes = runningPrograms(cluster);
  const places = placesOf(cluster);
  const document = (daemon: DaemonName, flag: string) => {
    const path = effectiveFlags(processes.get(daemon)?.args ?? []).text(flag);
    return path === undefined ? undefined : readYaml(path);
  };
  return {
    processes,
    places,
    files: fileFacts(cluster, places),
    kubeletFile: record(document("kubelet", "config")),
    proxyFile: record(document("kube-proxy", "config")),
    auditPolicy: document("kube-apiserver", "audit-policy-file"),
    authentication: document("kube-apiserver", "authentication-config"),
    encryption: document("kube-apiserver", "encryption-provider-config"),
    tls: await tlsFacts(cluster, processes),
    objects,
  };
}

function placesOf(cluster: LocalCluster): Places {
  const kubeconfig = (name: string) => join(cluster.kubeconfigDirectory, `${name}.kubeconfig`);
  return {
    adminKubeconfig: cluster.adminKubeconfig,
    schedulerKubeconfig: kubeconfig("kube-scheduler"),
    controllerManagerKubeconfig: kubeconfig("kube-controller-manager"),
    kubeletKubeconfig: kubeconfig("kubelet"),
    proxyKubeconfig: kubeconfig("kube-proxy"),
    kubeletConfig: kubeletConfigFile(cluster),
    etcdData: join(cluster.directory, "etcd"),
    pki: cluster.pkiDirectory,
    cniConfigs: join(cluster.directory, "cni", "net.d"),
    kubeletUnit: "/etc/systemd/system/kubelet.service",
  };
}

function fileFacts(cluster: LocalCluster, places: Places): ReadonlyMap<string, FileFacts> {
  const below = [cluster.pkiDirectory, places.cniConfigs].flatMap(namesBelow);
  const facts = [...Object.values(places), ...below].flatMap((path: string): [string, FileFacts][] => {
    const found = statSync(path, { throwIfNoEntry: false });
    return found ? [[path, { mode: found.mode & 0o7777, uid: found.uid, gid: found.gid }]] : [];
  });
  return new Map(facts);
}

function namesBelow(directory: string): readonly string[] {
  try {
    return readdirSync(directory, { recursive: true, encoding: "utf8" }).map((name) => join(directory, name));
  } catch {
    return [];
  }
}

async function tlsFacts(
  cluster: LocalCluster,
  processes: ClusterView["processes"],
): Promise<ReadonlyMap<DaemonName, TlsFacts>> {
  const servers: readonly [DaemonName, number][] = [
    ["kube-apiserver", cluster.apiPort],
    ["kubelet", 10_250],
  ];
  const found = new Map<DaemonName, TlsFacts>();
  for (const [name, port] of servers) {
    const facts = processes.has(name) ? await probeTls("127.0.0.1", port) : undefined;
    if (facts) found.set(name, facts);
  }
  return found;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
