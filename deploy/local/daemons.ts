import { join } from "node:path";
import { daemonFlags } from "../cluster/daemon-flags.ts";
import { daemonPorts } from "./daemon-ports.ts";
import type { DaemonName } from "./daemon-ports.ts";
import type { Identities } from "./identities.ts";
import type { LocalCluster } from "./layout.ts";
import { repositoryRoot } from "./layout.ts";
import { localPlan } from "./local-plan.ts";
import type { Daemon } from "./supervision.ts";

const bin = (component: string, program: string) => join(repositoryRoot, "packages", component, "bin", program);

/** The programs of a local cluster besides Docker, in the order in which they start. */
const programs: Readonly<Record<DaemonName, string>> = {
  etcd: "etcd",
  "kube-apiserver": bin("apiserver", "kube-apiserver"),
  "kube-controller-manager": bin("controller-manager", "kube-controller-manager"),
  "kube-scheduler": bin("scheduler", "kube-scheduler"),
  kubelet: bin("kubelet", "kubelet"),
  "kube-proxy": bin("kube-proxy", "kube-proxy"),
  "cluster-dns": bin("cluster-dns", "cluster-dns"),
};

/** The daemons of a local cluster, in the order in which they start. */
export function clusterDaemons(cluster: LocalCluster, identities: Identities): readonly Daemon[] {
  const plan = localPlan(cluster, identities);
  return (Object.entries(programs) as [DaemonName, string][]).map(([name, command]) => ({
    name,
    ports: daemonPorts(cluster)[name],
    command,
    args: daemonFlags(name, plan),
  }));
}
