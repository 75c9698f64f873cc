import type { Node } from "@kube-ts/api/core/v1";
import { nameOf } from "@kube-ts/api/object";
import type { GroupLimits } from "../config/autoscaler-config.ts";
import { type Machine, type NodeGroup, targetSize } from "../provider/node-group-provider.ts";
import { conditionOf, type NodeCondition } from "./node-marks.ts";

/** A node and the machine that it is. */
export interface ManagedNode {
  readonly node: Node;
  readonly name: string;
  readonly machine: Machine;
  readonly group: NodeGroup;
  readonly condition: NodeCondition;
}

/** A node group as the cluster sees it. */
export interface GroupView {
  readonly group: NodeGroup;
  readonly target: number;
  readonly nodes: readonly ManagedNode[];
  /** Machines that are to become nodes and have not yet. */
  readonly unregistered: readonly Machine[];
  /** Machines that never will. One that fails later is a node that is not ready. */
  readonly failed: readonly Machine[];
}

/** Finds the machines' nodes: by provider ID, else by name. `limits` take the place of the provider's own. */
export function groupViews(
  groups: readonly NodeGroup[],
  nodes: readonly Node[],
  limits: Readonly<Record<string, GroupLimits>>,
  startupTaints: readonly string[],
  nowMs: number,
): readonly GroupView[] {
  const byProviderId = new Map(nodes.flatMap((node) => (node.spec.providerID ? [[node.spec.providerID, node]] : [])));
  const byName = new Map(nodes.map((node) => [nameOf(node), node]));
  const nodeOf = ({ id, nodeName }: Machine) => byProviderId.get(id) ?? byName.get(nodeName ?? id);
  return groups.map((given) => {
    const own = Object.hasOwn(limits, given.name) ? limits[given.name] : undefined;
    const group: NodeGroup = { ...given, ...own };
    const managed: ManagedNode[] = [];
    const unregistered: Machine[] = [];
    const failed: Machine[] = [];
    for (const machine of group.machines) {
      const node = nodeOf(machine);
      if (node) {
        const condition = conditionOf(node, startupTaints, nowMs);
        managed.push({ node, name: nameOf(node), machine, group, condition });
      } else if (machine.state === "Failed") failed.push(machine);
      else if (machine.state !== "Deleting") unregistered.push(machine);
    }
    return { group, target: targetSize(group), nodes: managed, unregistered, failed };
  });
}

/** How many nodes of each condition there are. */
export interface NodeCounts {
  readonly total: number;
  readonly ready: number;
  readonly starting: number;
  readonly unready: number;
  readonly beingDeleted: number;
}

export function countNodes(conditions: readonly NodeCondition[]): NodeCounts {
  const count = (wanted: NodeCondition) => conditions.filter((condition) => condition === wanted).length;
  return {
    total: conditions.length,
    ready: count("ready"),
    starting: count("starting"),
    unready: count("unready"),
    beingDeleted: count("beingDeleted"),
  };
}

/** Whether so few nodes are unready that changes can be expected to help rather than harm. */
export function isHealthy(
  counts: NodeCounts,
  limits: { maxUnreadyPercentage: number; okUnreadyCount: number },
): boolean {
  if (counts.unready <= limits.okUnreadyCount) return true;
  return counts.unready <= (counts.total * limits.maxUnreadyPercentage) / 100;
}
