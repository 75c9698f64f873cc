import type { ClusterConfig, Machine } from "../../cluster/cluster-config.ts";
import { hasRole } from "../../cluster/cluster-view.ts";
import type { DaemonName } from "../../units/unit-files.ts";
import { staticPodDaemons } from "../machine-daemons.ts";
import { machinePlan } from "../machine-plan.ts";
import { isManifestStale, refreshManifest } from "./manifests.ts";
import { waitForStaticPod } from "./wait-for-pod.ts";

/** Nothing of a static pod follows from how etcd started. */
const noEtcd = { initialCluster: "", state: "existing" } as const;

/** The static pods of a machine that run with other files than are there now, such as renewed certificates. */
export async function staleStaticPods(config: ClusterConfig, machine: Machine): Promise<readonly DaemonName[]> {
  if (config.controlPlane.mode !== "static-pods" || !hasRole(machine, "control-plane")) return [];
  const plan = machinePlan(config, machine, noEtcd);
  const stale: DaemonName[] = [];
  for (const daemon of staticPodDaemons) if (await isManifestStale(daemon, plan)) stale.push(daemon);
  return stale;
}

/** Has a static pod made anew for the files that are there now, in its own version, and waits until it is well. */
export async function refreshStaticPod(
  daemon: DaemonName,
  config: ClusterConfig,
  machine: Machine,
  signal: AbortSignal,
): Promise<void> {
  await refreshManifest(daemon, machinePlan(config, machine, noEtcd));
  await waitForStaticPod(daemon, config, signal);
}
