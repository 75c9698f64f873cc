import type { Snapshot } from "../cache/snapshot.ts";
import type { CycleState } from "../framework/cycle-state.ts";
import { type NodeInfo, normalizedImageName } from "@kube-ts/api/placement/node-info";
import { maxNodeScore, type ScorePlugin } from "../framework/plugin.ts";
import type { PodInfo } from "@kube-ts/api/placement/pod-info";

const mebibyte = 1024 * 1024;
/** Images smaller than this in total are quickly pulled. */
const minBytes = 23 * mebibyte;
const maxBytesPerContainer = 1_000 * mebibyte;

/** Prefers nodes that have the pod's images, larger ones and those of many nodes above others. */
export class ImageLocality implements ScorePlugin {
  readonly name = "ImageLocality";
  /** How far images are spread changes the snapshot's epoch. */
  readonly nodeLocal = true;
  readonly #snapshot: Snapshot;

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
  }

  score(_state: CycleState, { pod }: PodInfo, node: NodeInfo): number {
    if (node.imageSizes.size === 0) return 0;
    const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
    const { nodes, imageSpread } = this.#snapshot;
    let bytes = 0;
    for (const { image = "" } of containers) {
      const name = normalizedImageName(image);
      const size = node.imageSizes.get(name);
      // Discounted by how rare the image is, so that pods do not all crowd on the one node that has it.
      if (size !== undefined) bytes += Math.trunc((size * (imageSpread.get(name) ?? 0)) / nodes.length);
    }
    const maxBytes = maxBytesPerContainer * containers.length;
    const clamped = Math.min(Math.max(bytes, minBytes), maxBytes);
    return Math.trunc((maxNodeScore * (clamped - minBytes)) / (maxBytes - minBytes));
  }
}
