import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isInstalled, run } from "../../local/command.ts";
import { servingHosts } from "../../local/identities.ts";
import type { LocalCluster } from "../../local/layout.ts";
import type { ClusterView } from "../cluster-view.ts";
import { effectiveFlags } from "../effective-flags.ts";
import type { ApiServerFacts, CertificateFacts, ClockFacts, MachineView } from "../machine-view.ts";
import { certificateFacts } from "./certificate-facts.ts";
import { diskFacts } from "./disk-facts.ts";
import { engineFacts } from "./engine-facts.ts";
import { etcdFacts } from "./etcd-facts.ts";
import { kernelFacts } from "./kernel-facts.ts";
import { readNames } from "./read-file.ts";
import { daemonFacts } from "./running-daemons.ts";

const programs = ["etcd", "dockerd", "iptables-restore", "ip", "conntrack", "pgrep"];
const cniDirectory = "/usr/lib/cni";

/** Looks at the machine, and at the cluster through what the API server told already. */
export async function machineView(
  cluster: LocalCluster,
  view: ClusterView,
  apiServer: ApiServerFacts | undefined,
  clock: () => Promise<ClockFacts>,
): Promise<MachineView> {
  const engine = await engineFacts(cluster.dockerSocket).catch(() => undefined);
  const kubelet = view.processes.get("kubelet");
  const inFile = view.kubeletFile["cgroupDriver"];
  return {
    isRoot: process.getuid?.() === 0,
    hasCluster: existsSync(cluster.directory),
    kernel: kernelFacts(),
    disks: await Promise.all([
      diskFacts("etcd", join(cluster.directory, "etcd")),
      diskFacts("kubelet", join(cluster.directory, "kubelet")),
      diskFacts("Docker", engine?.rootDirectory ?? join(cluster.directory, "docker")),
    ]),
    programs: new Map(
      await Promise.all(programs.map(async (name): Promise<[string, boolean]> => [name, await isInstalled(name)])),
    ),
    cniPlugins: readNames(cniDirectory),
    iptables: await run("iptables", ["--version"], 5_000).catch(() => undefined),
    engine,
    kubeletCgroupDriver:
      effectiveFlags(kubelet?.args ?? []).text("cgroup-driver") ?? (typeof inFile === "string" ? inFile : undefined),
    daemons: daemonFacts(cluster, view.processes),
    certificates: certificates(cluster, view),
    etcd: view.processes.has("etcd") ? await etcdFacts(cluster, quota(view)).catch(() => undefined) : undefined,
    apiServer,
    // Last, so that a step while the doctor looks is seen.
    clock: await clock(),
  };
}

/** Zero means etcd's default. */
function quota({ processes }: ClusterView): number | undefined {
  const given = Number(effectiveFlags(processes.get("etcd")?.args ?? []).text("quota-backend-bytes") ?? 0);
  return given > 0 ? given : undefined;
}

function certificates(cluster: LocalCluster, view: ClusterView): readonly CertificateFacts[] {
  const hosts = servingHosts(cluster);
  const wanted = new Map([
    [join(cluster.pkiDirectory, "apiserver.crt"), hosts.apiServer],
    [join(cluster.pkiDirectory, "kubelet-server.crt"), hosts.kubelet],
    [join(cluster.pkiDirectory, "etcd", "server.crt"), hosts.etcd],
    [join(cluster.pkiDirectory, "etcd", "peer.crt"), hosts.etcd],
  ]);
  return [...view.files.keys()]
    .filter((path) => path.startsWith(`${cluster.pkiDirectory}/`) && path.endsWith(".crt"))
    .flatMap((path) => certificateFacts(path, authorityOf(path), wanted.get(path) ?? []) ?? []);
}

/** Each directory has its authority; those of the front proxy have another. */
function authorityOf(path: string): string {
  return join(dirname(path), basename(path).startsWith("front-proxy-") ? "front-proxy-ca.crt" : "ca.crt");
}
