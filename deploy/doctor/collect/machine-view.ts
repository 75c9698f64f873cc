import { isInstalled, run } from "../../local/command.ts";
import type { ClusterView } from "../cluster-view.ts";
import { effectiveFlags } from "../effective-flags.ts";
import type { ApiServerFacts, ClockFacts, MachineView } from "../machine-view.ts";
import type { Subject } from "../subject.ts";
import { certificateFacts } from "./certificate-facts.ts";
import { diskFacts } from "./disk-facts.ts";
import { engineFacts } from "./engine-facts.ts";
import { etcdFacts } from "./etcd-facts.ts";
import { kernelFacts } from "./kernel-facts.ts";
import { readNames } from "./read-file.ts";
import { daemonFacts } from "./running-daemons.ts";

const cniDirectory = "/usr/lib/cni";

/** Looks at the machine, and at the cluster through what the API server told already. */
export async function machineView(
  subject: Subject,
  view: ClusterView,
  apiServer: ApiServerFacts | undefined,
  clock: () => Promise<ClockFacts>,
): Promise<MachineView> {
  const engine = await engineFacts(subject.dockerSocket).catch(() => undefined);
  const kubelet = view.processes.get("kubelet");
  const inFile = view.kubeletFile["cgroupDriver"];
  return {
    isRoot: process.getuid?.() === 0,
    hasCluster: subject.hasCluster,
    advice: subject.advice,
    kernel: kernelFacts(),
    disks: await Promise.all([
      ...subject.stores.map(({ purpose, path }) => diskFacts(purpose, path)),
      diskFacts("Docker", engine?.rootDirectory ?? "/var/lib/docker"),
    ]),
    programs: new Map(
      await Promise.all(
        subject.programs.map(async (name): Promise<[string, boolean]> => [name, await isInstalled(name)]),
      ),
    ),
    cniPlugins: readNames(cniDirectory),
    iptables: await run("iptables", ["--version"], 5_000).catch(() => undefined),
    engine,
    kubeletCgroupDriver:
      effectiveFlags(kubelet?.args ?? []).text("cgroup-driver") ?? (typeof inFile === "string" ? inFile : undefined),
    daemons: daemonFacts(subject, view.processes),
    certificates: subject.certificates.flatMap(
      ({ path, authority, hosts }) => certificateFacts(path, authority, hosts) ?? [],
    ),
    bundles: subject.bundles,
    etcd: view.processes.has("etcd") ? await etcdFacts(subject.etcd, quota(view)).catch(() => undefined) : undefined,
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
