const minFeasibleNodes = 100;
const minPercentage = 5;
const adaptiveStart = 50;
const nodesPerPercent = 125;

/**
 * After how many feasible nodes the search may stop. Without a percentage it adapts: half of the nodes of a small
 * cluster, fewer as it grows, but never less than 5 % or 100 nodes.
 */
export function nodesToFind(nodeCount: number, percentage: number | undefined): number {
  if (nodeCount < minFeasibleNodes) return nodeCount;
  const wanted = percentage || Math.max(minPercentage, Math.trunc(adaptiveStart - nodeCount / nodesPerPercent));
  if (wanted >= 100) return nodeCount;
  return Math.max(minFeasibleNodes, Math.trunc((nodeCount * wanted) / 100));
}
