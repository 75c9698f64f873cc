import type { PodInfo } from "@kube-ts/api/placement/pod-info";
import type { ScaleUpOptions } from "../config/autoscaler-config.ts";
import type { GroupView } from "../model/group-view.ts";
import type { SimulatedCluster } from "../model/simulated-cluster.ts";
import { instanceOf, type TemplateNode } from "../model/template-node.ts";
import { type ChoiceContext, chooseGroup } from "./choose-group.ts";
import { estimate, type GroupOption } from "./estimate.ts";
import { areSimilar, type GroupSize, shareOut } from "./similar-groups.ts";

export interface ScaleUpInput {
  /** With the nodes that are on their way and the pods that fit placed. */
  readonly cluster: SimulatedCluster;
  /** Pods that need other nodes. */
  readonly pods: readonly PodInfo[];
  readonly views: readonly GroupView[];
  readonly templates: ReadonlyMap<string, TemplateNode>;
  /** Nodes of all kinds, those on their way included. */
  readonly nodesTotal: number;
  readonly options: ScaleUpOptions;
  /** Why the group must not grow now; undefined when it may. */
  readonly refuse: (group: string) => string | undefined;
  readonly choice: ChoiceContext;
}

export interface Increase {
  readonly group: string;
  readonly from: number;
  readonly to: number;
  readonly max: number;
}

/** A pod that no group helps, with how many groups each reason holds for. */
export interface UnhelpedPod {
  readonly pod: PodInfo;
  readonly reasons: ReadonlyMap<string, number>;
}

export interface ScaleUpPlan {
  readonly increases: readonly Increase[];
  /** Pods that the increases are for. */
  readonly helped: readonly PodInfo[];
  readonly unhelped: readonly UnhelpedPod[];
}

const maxSizeReached = "max node group size reached";
const maxNodesReached = "max total nodes in cluster reached";

/** Which groups are to grow, and by how much, so that pods find a place. One kind of node grows in one scan. */
export function planScaleUp(input: ScaleUpInput): ScaleUpPlan {
  const refusals = new Map(input.views.map((view) => [view.group.name, refusalOf(view, input)]));
  const room = input.options.maxNodesTotal - input.nodesTotal;
  const options = input.views.flatMap(({ group, target }): GroupOption[] => {
    const template = input.templates.get(group.name);
    if (!template || refusals.get(group.name) !== undefined) return [];
    const option = estimate(input.cluster, input.pods, template, Math.min(group.maxSize - target, room));
    return option.nodeCount > 0 ? [option] : [];
  });
  const best = chooseGroup(options, input.options.expanders, input.choice);
  const helpedBySome = new Set(options.flatMap(({ pods }) => pods));
  const unhelped = input.pods
    .filter((pod) => !helpedBySome.has(pod))
    .map((pod) => ({ pod, reasons: reasonsFor(pod, input, refusals) }));
  if (!best) return { increases: [], helped: [], unhelped };
  return { increases: increasesFor(best, options, input), helped: best.pods, unhelped };
}

/** What groups need that are smaller than they may be. */
export function planMinSizes(
  views: readonly GroupView[],
  refuse: (group: string) => string | undefined,
): readonly Increase[] {
  return views
    .filter(({ group, target }) => target < group.minSize && refuse(group.name) === undefined)
    .map(({ group, target }) => ({ group: group.name, from: target, to: group.minSize, max: group.maxSize }));
}

function refusalOf({ group, target }: GroupView, { nodesTotal, options, refuse, templates }: ScaleUpInput) {
  if (target >= group.maxSize) return maxSizeReached;
  if (nodesTotal >= options.maxNodesTotal) return maxNodesReached;
  return refuse(group.name) ?? (templates.has(group.name) ? undefined : "no node of the group is known");
}

function increasesFor(best: GroupOption, options: readonly GroupOption[], input: ScaleUpInput): readonly Increase[] {
  const alike = input.options.balanceSimilarGroups ? similarTo(best, options, input.options) : [best];
  const sizes = alike.flatMap(({ group }): GroupSize[] => {
    const view = input.views.find((candidate) => candidate.group.name === group);
    return view ? [{ group, size: view.target, max: view.group.maxSize }] : [];
  });
  const before = new Map(sizes.map(({ group, size }) => [group, size]));
  return shareOut(best.nodeCount, sizes).map(({ group, size, max }) => {
    return { group, from: before.get(group) ?? 0, to: size, max };
  });
}

/** The options whose nodes are like the best one's and would take all of its pods. */
function similarTo(best: GroupOption, options: readonly GroupOption[], { balancingIgnoreLabels }: ScaleUpOptions) {
  return options.filter(({ template, pods }) => {
    const taken = new Set(pods);
    return areSimilar(best.template, template, balancingIgnoreLabels) && best.pods.every((pod) => taken.has(pod));
  });
}

function reasonsFor(
  pod: PodInfo,
  { cluster, templates, views }: ScaleUpInput,
  refusals: ReadonlyMap<string, string | undefined>,
): ReadonlyMap<string, number> {
  const reasons = new Map<string, number>();
  for (const { group } of views) {
    const reason = refusals.get(group.name) ?? obstacleOnNew(pod, templates.get(group.name), cluster);
    if (reason !== undefined) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  return reasons;
}

/** Why the pod would not run even on a new and empty node. */
function obstacleOnNew(
  pod: PodInfo,
  template: TemplateNode | undefined,
  cluster: SimulatedCluster,
): string | undefined {
  if (!template) return undefined;
  const mark = cluster.mark;
  const node = cluster.addNode(instanceOf(template, "asked"), template.pods);
  const reason = cluster.judge(pod)(node);
  cluster.rollback(mark);
  return reason;
}
