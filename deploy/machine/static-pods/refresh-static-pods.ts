import type { ClusterConfig, Machine } from "../../cluster/cluster-config.ts";
import { hasRole } from "../../cluster/cluster-view.ts";
import { staticPodDaemons } from "../machine-daemons.ts";
import { machinePlan } from "../machine-plan.ts";
import { portsOf } from "../preflight.ts";
import { ensureStaticPods } from "./manifests.ts";
import { waitForStaticPod } from "./wait-for-pod.ts";

/** Nothing of a static pod follows from how etcd started. */
const noEtcd = { initialCluster: "", state: "existing" } as const;

/**
 * Has the static pods of a machine run with the files that are there now, such as renewed certificates: those whose files
 * changed are made anew, and waited for. Answers what was changed; nothing on a machine without static pods.
 */
export async function refreshStaticPods(
  config: ClusterConfig,
  machine: Machine,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (config.controlPlane.mode !== "static-pods" || !hasRole(machine, "control-plane")) return [];
  const changes = await ensureStaticPods(machinePlan(config, machine, noEtcd), signal);
  if (changes.length === 0) return changes;
  for (const daemon of staticPodDaemons) {
    const path = daemon === "kube-apiserver" ? "/readyz" : "/healthz";
    await waitForStaticPod(daemon, portsOf(config, daemon)[0] ?? 0, path, signal);
  }
  return changes;
}
