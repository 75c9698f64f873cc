import type { ClusterConfig, Machine } from "../../cluster/cluster-config.ts";
import { hasRole } from "../../cluster/cluster-view.ts";
import { step } from "../../local/progress.ts";
import { staticPodDaemons } from "../machine-daemons.ts";
import { machinePlan } from "../machine-plan.ts";
import { refreshManifest } from "./manifests.ts";
import { waitForStaticPod } from "./wait-for-pod.ts";

/** Nothing of a static pod follows from how etcd started. */
const noEtcd = { initialCluster: "", state: "existing" } as const;

/**
 * Has the static pods of a machine run with the files that are there now, such as renewed certificates: those whose files
 * changed are made anew, one after another, each waited for. Their version stays. Nothing happens on a machine without
 * static pods.
 */
export async function refreshStaticPods(config: ClusterConfig, machine: Machine, signal: AbortSignal): Promise<void> {
  if (config.controlPlane.mode !== "static-pods" || !hasRole(machine, "control-plane")) return;
  const plan = machinePlan(config, machine, noEtcd);
  for (const daemon of staticPodDaemons) {
    if (!(await refreshManifest(daemon, plan))) continue;
    await step(`${daemon} in a pod`, () => waitForStaticPod(daemon, config, signal));
  }
}
