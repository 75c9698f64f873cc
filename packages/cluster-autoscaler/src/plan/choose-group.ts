import { detachedNodeInfo } from "@kube-ts/api/placement/node-info";
import { type Random, randomInt } from "@kube-ts/std/random";
import type { ExpanderName } from "../config/autoscaler-config.ts";
import type { GroupOption } from "./estimate.ts";
import type { GroupPriorities } from "./group-priorities.ts";

/** What the ways to choose may look at. */
export interface ChoiceContext {
  readonly random: Random;
  readonly priorities: GroupPriorities;
}

type Filter = (options: readonly GroupOption[], context: ChoiceContext) => readonly GroupOption[];

const filters: Readonly<Record<ExpanderName, Filter>> = {
  random: (options, { random }) =>
    [options[randomInt(random, options.length)]].filter((option) => option !== undefined),
  "most-pods": (options) => lowest(options, ({ pods }) => -pods.length),
  "least-waste": (options) => lowest(options, waste),
  "least-nodes": (options) => lowest(options, ({ nodeCount }) => nodeCount),
  priority: (options, { priorities }) => {
    const best = lowest(options, ({ group }) => -(priorities.of(group) ?? -Infinity));
    return best.every(({ group }) => priorities.of(group) === undefined) ? options : best;
  },
};

/** Narrows the options down by each way in turn; what is left then is left to chance. */
export function chooseGroup(
  options: readonly GroupOption[],
  expanders: readonly ExpanderName[],
  context: ChoiceContext,
): GroupOption | undefined {
  let left = options;
  for (const expander of expanders) if (left.length > 1) left = filters[expander](left, context);
  return left[randomInt(context.random, left.length)];
}

/** How much of the cpu and memory of the new nodes would go unused, as the sum of both parts. */
function waste({ template, nodeCount, pods }: GroupOption): number {
  const { milliCpu, memory } = detachedNodeInfo(template.node).allocatable;
  const wanted = pods.reduce((sum, { requests }) => sum + requests.milliCpu, 0);
  const wantedMemory = pods.reduce((sum, { requests }) => sum + requests.memory, 0);
  return wastedPart(milliCpu * nodeCount, wanted) + wastedPart(memory * nodeCount, wantedMemory);
}

function wastedPart(available: number, wanted: number): number {
  return available > 0 ? (available - wanted) / available : 0;
}

function lowest(options: readonly GroupOption[], cost: (option: GroupOption) => number): readonly GroupOption[] {
  const costs = options.map(cost);
  const least = Math.min(...costs);
  return options.filter((_option, index) => costs[index] === least);
}
