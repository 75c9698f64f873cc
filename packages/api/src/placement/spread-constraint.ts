import type { TopologySpreadConstraint } from "../core/v1.ts";
import { LabelRequirement, type Selector, selectorOf } from "../selectors.ts";
import { hostnameLabel, zoneLabel } from "../well-known-labels.ts";
import type { NodeInfo } from "./node-info.ts";
import type { PodInfo } from "./pod-info.ts";
import { admitsNode, nodeSelectionOf } from "./node-selection.ts";
import { keepsAway, untoleratedTaint } from "./tolerations.ts";

/** A topology spread constraint, ready for counting. */
export interface SpreadConstraint {
  readonly maxSkew: number;
  readonly topologyKey: string;
  readonly selector: Selector;
  readonly minDomains: number;
  readonly honorsAffinity: boolean;
  readonly honorsTaints: boolean;
}

/** How pods without constraints of their own are spread, if they belong to a service or controller. */
export const systemDefaultConstraints: readonly TopologySpreadConstraint[] = [
  { topologyKey: hostnameLabel, whenUnsatisfiable: "ScheduleAnyway", maxSkew: 3 },
  { topologyKey: zoneLabel, whenUnsatisfiable: "ScheduleAnyway", maxSkew: 5 },
];

/** The pod's own constraints of one kind. */
export function ownConstraints(
  pod: PodInfo,
  action: TopologySpreadConstraint["whenUnsatisfiable"],
): readonly SpreadConstraint[] {
  return (pod.pod.spec.topologySpreadConstraints ?? [])
    .filter(({ whenUnsatisfiable }) => whenUnsatisfiable === action)
    .map((constraint) => compile(constraint, withLabelKeys(constraint, pod)));
}

/** Default constraints of one kind, for pods that the selector matches. */
export function defaultConstraints(
  constraints: readonly TopologySpreadConstraint[],
  action: TopologySpreadConstraint["whenUnsatisfiable"],
  selector: Selector,
): readonly SpreadConstraint[] {
  return constraints
    .filter(({ whenUnsatisfiable }) => whenUnsatisfiable === action)
    .map((constraint) => compile(constraint, selector));
}

function compile(constraint: TopologySpreadConstraint, selector: Selector): SpreadConstraint {
  const { maxSkew, topologyKey, minDomains = 1, nodeAffinityPolicy, nodeTaintsPolicy } = constraint;
  return {
    maxSkew,
    topologyKey,
    selector,
    minDomains,
    honorsAffinity: nodeAffinityPolicy !== "Ignore",
    honorsTaints: nodeTaintsPolicy === "Honor",
  };
}

/** The pod's own values of the label keys narrow the selector down. */
function withLabelKeys({ labelSelector, matchLabelKeys = [] }: TopologySpreadConstraint, pod: PodInfo): Selector {
  const requirements = matchLabelKeys.flatMap((key) => {
    const value = pod.labels[key];
    return value === undefined ? [] : [new LabelRequirement(key, "in", [value])];
  });
  return selectorOf(labelSelector).with(...requirements);
}

export function hasAllKeys(node: NodeInfo, constraints: readonly SpreadConstraint[]): boolean {
  return constraints.every(({ topologyKey }) => node.labels[topologyKey] !== undefined);
}

/** Whether the pods of the node count for the constraint. */
export function includesNode(constraint: SpreadConstraint, pod: PodInfo, node: NodeInfo): boolean {
  if (constraint.honorsAffinity && !admitsNode(nodeSelectionOf(pod), node)) return false;
  return !constraint.honorsTaints || !untoleratedTaint(node.taints, pod.pod.spec.tolerations, keepsAway);
}
