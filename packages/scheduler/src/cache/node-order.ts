import { regionLabel, zoneLabel } from "@kube-ts/api/well-known-labels";
import type { NodeInfo } from "@kube-ts/api/placement/node-info";

/** The nodes with zones taking turns, so that a search that stops early has looked at all zones alike. */
export function interleaveZones(nodes: Iterable<NodeInfo>): NodeInfo[] {
  const zones = new Map<string, NodeInfo[]>();
  for (const node of nodes) {
    const zone = zoneOf(node);
    const members = zones.get(zone);
    if (members) members.push(node);
    else zones.set(zone, [node]);
  }
  const ordered: NodeInfo[] = [];
  const lists = [...zones.values()];
  const longest = Math.max(0, ...lists.map((list) => list.length));
  for (let index = 0; index < longest; index += 1) {
    for (const list of lists) {
      const node = list[index];
      if (node) ordered.push(node);
    }
  }
  return ordered;
}

export function zoneOf(node: NodeInfo): string {
  return `${node.labels[regionLabel] ?? ""}/${node.labels[zoneLabel] ?? ""}`;
}
