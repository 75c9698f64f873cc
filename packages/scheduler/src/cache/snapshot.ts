import type { NodeInfo } from "@kube-ts/api/placement/node-info";
import { SelectorCounts } from "./selector-counts.ts";

/**
 * The nodes that a scheduling cycle works on. It shares the cache's node infos instead of copying them: a cycle runs
 * without a pause, so nothing changes under it. Only the lists are kept here, and rebuilt when they have to be.
 */
export class Snapshot {
  /** Existing nodes, those of different zones taking turns. */
  nodes: readonly NodeInfo[] = [];
  byName: ReadonlyMap<string, NodeInfo> = new Map();
  /** Nodes with pods that have inter-pod affinity or anti-affinity. */
  withAffinity: readonly NodeInfo[] = [];
  withRequiredAntiAffinity: readonly NodeInfo[] = [];
  /** How many nodes have an image, by its normalized name. */
  imageSpread: ReadonlyMap<string, number> = new Map();
  /** Changes when nodes come or go, or their images change. */
  epoch = 0;
  readonly selectorCounts = new SelectorCounts();
}
