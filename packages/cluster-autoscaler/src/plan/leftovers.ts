import type { Node } from "@kube-ts/api/core/v1";
import { isConditionTrue } from "@kube-ts/api/conditions";
import { nameOf } from "@kube-ts/api/object";
import type { GroupView } from "../model/group-view.ts";
import { hasTaint, machineAnnotation, toBeDeletedTaint } from "../model/node-marks.ts";

/** What is to be done about a node whose removal was begun and that nobody works on. */
export type LeftoverAction = { readonly kind: "unmark" | "delete"; readonly node: Node };

/**
 * Brings what an earlier process has begun to an end: a machine that still runs is kept, and the node of one that is
 * gone goes. A node that was marked by somebody else and is no machine of ours is let alone.
 */
export function planLeftovers(
  nodes: readonly Node[],
  views: readonly GroupView[],
  isUnderWay: (name: string) => boolean,
): readonly LeftoverAction[] {
  const managed = new Map(views.flatMap((view) => view.nodes.map((each) => [each.name, each.machine] as const)));
  return nodes.flatMap((node): LeftoverAction[] => {
    const name = nameOf(node);
    if (!hasTaint(node, toBeDeletedTaint) || isUnderWay(name)) return [];
    const machine = managed.get(name);
    if (machine) return machine.state === "Deleting" ? [] : [{ kind: "unmark", node }];
    const wasOurs = node.metadata.annotations?.[machineAnnotation] !== undefined;
    const isSilent = !isConditionTrue(node.status?.conditions, "Ready");
    return wasOurs && isSilent ? [{ kind: "delete", node }] : [];
  });
}
