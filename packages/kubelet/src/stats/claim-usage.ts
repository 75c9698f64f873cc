import { statfs } from "node:fs/promises";
import type { Pod } from "@kube-ts/api/core/v1";
import { Gauge, type Registry } from "@kube-ts/std/metrics";
import { claimNameOf } from "../volumes/claims.ts";

/** How full the filesystem of a claim is. */
export interface ClaimUsage {
  readonly namespace: string;
  readonly claim: string;
  readonly capacityBytes: number;
  readonly availableBytes: number;
  readonly usedBytes: number;
  readonly inodes: number;
  readonly inodesFree: number;
}

/** A pod and where its volumes are, by name. */
export interface PodWithVolumes {
  readonly pod: Pod;
  readonly volumesMounted: ReadonlyMap<string, string>;
}

/** Plain paths of the node tell nothing of a claim: only what is mounted for the pod has a size of its own. */
const mountedVolume = "/volumes/kubernetes.io~";

/** The claims of these pods, each once, asked of the kernel. What cannot be asked is left out. */
async function claimUsages(pods: Iterable<PodWithVolumes>): Promise<readonly ClaimUsage[]> {
  const usages = new Map<string, ClaimUsage>();
  for (const { pod, volumesMounted } of pods) {
    const namespace = pod.metadata.namespace ?? "";
    for (const volume of pod.spec.volumes ?? []) {
      const claim = claimNameOf(pod, volume);
      const directory = volumesMounted.get(volume.name);
      if (claim === undefined || !directory?.includes(mountedVolume) || usages.has(`${namespace}/${claim}`)) continue;
      const found = await statfs(directory).catch(() => undefined);
      if (!found) continue;
      const { blocks, bfree, bavail, bsize, files, ffree } = found;
      usages.set(`${namespace}/${claim}`, {
        namespace,
        claim,
        capacityBytes: blocks * bsize,
        availableBytes: bavail * bsize,
        usedBytes: (blocks - bfree) * bsize,
        inodes: files,
        inodesFree: ffree,
      });
    }
  }
  return [...usages.values()];
}

const gauges: readonly (readonly [name: string, help: string, value: (usage: ClaimUsage) => number])[] = [
  ["capacity_bytes", "Bytes that the claim's filesystem has.", (usage) => usage.capacityBytes],
  ["available_bytes", "Bytes that are left on it.", (usage) => usage.availableBytes],
  ["used_bytes", "Bytes that are used on it.", (usage) => usage.usedBytes],
  ["inodes", "Inodes that it has.", (usage) => usage.inodes],
  ["inodes_free", "Inodes that are left on it.", (usage) => usage.inodesFree],
  ["inodes_used", "Inodes that are used on it.", (usage) => usage.inodes - usage.inodesFree],
];

/** Shows how full claims are, read when somebody asks. */
export function serveClaimUsage(registry: Registry, pods: () => Iterable<PodWithVolumes>): void {
  // All gauges of a scrape are collected at once: they share one look.
  let look: Promise<readonly ClaimUsage[]> | undefined;
  const shared = () => {
    look ??= claimUsages(pods()).finally(() => {
      look = undefined;
    });
    return look;
  };
  for (const [name, help, value] of gauges) {
    const gauge: Gauge = new Gauge({
      name: `kubelet_volume_stats_${name}`,
      help,
      labelNames: ["namespace", "persistentvolumeclaim"],
      registers: [registry],
      collect: async () => {
        const usages = await shared();
        gauge.reset();
        for (const usage of usages) {
          gauge.set({ namespace: usage.namespace, persistentvolumeclaim: usage.claim }, value(usage));
        }
      },
    });
  }
}
