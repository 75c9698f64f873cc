import type { ClusterConfig } from "../../cluster/cluster-config.ts";
import { collectFacts } from "../collect-facts.ts";
import { staticPodDaemons } from "../machine-daemons.ts";
import { portsOf } from "../preflight.ts";
import { waitFor } from "../wait-for.ts";
import { removeStaticPods } from "./manifests.ts";

const endMs = 180_000;

/** Takes the manifests of the control plane away and waits until the kubelet has ended the pods; answers what was removed. */
export async function endStaticPods(config: ClusterConfig, signal: AbortSignal): Promise<readonly string[]> {
  const removed = await removeStaticPods();
  if (removed.length === 0) return removed;
  const ports = staticPodDaemons.flatMap((daemon) => portsOf(config, daemon));
  const areFree = async () => {
    const { listeners } = await collectFacts(signal);
    return ports.every((port) => !listeners.has(port));
  };
  await waitFor("the static pods of the control plane end", endMs, areFree, signal);
  return removed;
}
