import type { Snapshot } from "../cache/snapshot.ts";
import type { NominatedPods } from "../queue/nominated-pods.ts";
import type { RequeueRules } from "../queue/requeue-rules.ts";
import type { CycleState } from "./cycle-state.ts";
import type { PointTimer } from "./point-timer.ts";
import type { NodeInfo } from "@kube-ts/api/placement/node-info";
import { type NodeMemo, NodeMemos } from "./node-memo.ts";
import type { PodInfo } from "@kube-ts/api/placement/pod-info";
import type {
  BindPlugin,
  FilterPlugin,
  FilterRunner,
  NodeStatuses,
  PermitPlugin,
  PermitWait,
  PostBindPlugin,
  PostFilterPlugin,
  PostFilterResult,
  PreBindPlugin,
  PreEnqueuePlugin,
  PreFilterExtensions,
  PreFilterPlugin,
  PreScorePlugin,
  QueueSortPlugin,
  ReservePlugin,
  ScoreExtensions,
  ScorePlugin,
} from "./plugin.ts";
import { maxNodeScore } from "./plugin.ts";
import { failed, type Outcome, Status, unresolvable } from "./status.ts";

export interface WeightedScorePlugin {
  readonly plugin: ScorePlugin & Partial<ScoreExtensions>;
  readonly weight: number;
}

/** The enabled plugins of a profile in the order in which they are asked. */
export interface ProfilePlugins {
  readonly queueSort: QueueSortPlugin;
  readonly preEnqueue: readonly PreEnqueuePlugin[];
  readonly preFilter: readonly (PreFilterPlugin & Partial<PreFilterExtensions>)[];
  readonly filter: readonly FilterPlugin[];
  readonly postFilter: readonly PostFilterPlugin[];
  readonly preScore: readonly PreScorePlugin[];
  readonly score: readonly WeightedScorePlugin[];
  readonly reserve: readonly ReservePlugin[];
  readonly permit: readonly PermitPlugin[];
  readonly preBind: readonly PreBindPlugin[];
  readonly bind: readonly BindPlugin[];
  readonly postBind: readonly PostBindPlugin[];
}

export interface FrameworkOptions {
  readonly schedulerName: string;
  readonly plugins: ProfilePlugins;
  readonly rules: RequeueRules;
  readonly percentageOfNodesToScore: number | undefined;
  readonly snapshot: Snapshot;
  readonly nominated: NominatedPods;
  readonly timer: PointTimer;
}

/** What PreFilter leaves: the nodes that are left, or why there are none. */
export type PreFilterVerdict =
  | { readonly kind: "nodes"; readonly nodeNames: ReadonlySet<string> | undefined; readonly narrowedBy: Set<string> }
  | { readonly kind: "rejected"; readonly status: Status };

/** Scores of one plugin for the feasible nodes, normalized, before the weight is applied. */
export interface PluginScores {
  readonly plugin: string;
  readonly weight: number;
  readonly scores: readonly number[];
}

/** One profile: runs its plugins at each extension point. */
export class Framework implements FilterRunner {
  readonly schedulerName: string;
  readonly plugins: ProfilePlugins;
  readonly rules: RequeueRules;
  readonly percentageOfNodesToScore: number | undefined;
  readonly timer: PointTimer;
  readonly #snapshot: Snapshot;
  readonly #nominated: NominatedPods;
  readonly #localFilters: readonly FilterPlugin[];
  readonly #otherFilters: readonly FilterPlugin[];
  readonly #memos = new NodeMemos();

  constructor(options: FrameworkOptions) {
    this.schedulerName = options.schedulerName;
    this.plugins = options.plugins;
    this.rules = options.rules;
    this.percentageOfNodesToScore = options.percentageOfNodesToScore;
    this.timer = options.timer;
    this.#snapshot = options.snapshot;
    this.#nominated = options.nominated;
    this.#localFilters = options.plugins.filter.filter((plugin) => plugin.nodeLocal === true);
    this.#otherFilters = options.plugins.filter.filter((plugin) => plugin.nodeLocal !== true);
  }

  preEnqueue(pod: PodInfo): Outcome {
    for (const plugin of this.plugins.preEnqueue) {
      const outcome = plugin.preEnqueue(pod);
      if (outcome) return outcome;
    }
    return undefined;
  }

  /** What identical pods share in this cycle. */
  memoFor(signature: string): NodeMemo {
    return this.#memos.of(signature, this.#snapshot.epoch);
  }

  preFilter(state: CycleState, pod: PodInfo): PreFilterVerdict {
    const narrowedBy = new Set<string>();
    let nodeNames: ReadonlySet<string> | undefined;
    for (const plugin of this.plugins.preFilter) {
      const result = guarded(plugin.name, () => plugin.preFilter(state, pod, this.#snapshot.nodes));
      if (result instanceof Status) {
        if (result.code !== "Skip") return { kind: "rejected", status: result };
        state.skipFilter.add(plugin.name);
      } else if (result?.nodeNames) {
        narrowedBy.add(plugin.name);
        nodeNames = nodeNames ? nodeNames.intersection(result.nodeNames) : result.nodeNames;
        if (nodeNames.size === 0) return { kind: "rejected", status: narrowedToNothing(narrowedBy) };
      }
    }
    return { kind: "nodes", nodeNames, narrowedBy };
  }

  preFilterAddPod(state: CycleState, pod: PodInfo, added: PodInfo, node: NodeInfo): void {
    for (const plugin of this.plugins.preFilter) {
      if (!state.skipFilter.has(plugin.name)) plugin.addPod?.(state, pod, added, node);
    }
  }

  preFilterRemovePod(state: CycleState, pod: PodInfo, removed: PodInfo, node: NodeInfo): void {
    for (const plugin of this.plugins.preFilter) {
      if (!state.skipFilter.has(plugin.name)) plugin.removePod?.(state, pod, removed, node);
    }
  }

  /** Asks the filters in order; the first that objects decides. */
  filter(state: CycleState, pod: PodInfo, node: NodeInfo): Outcome {
    return run(this.#localFilters, state, pod, node) ?? run(this.#otherFilters, state, pod, node);
  }

  /** As `filterWithNominated`, taking what identical pods have found out about this node from the memo. */
  filterShared(state: CycleState, pod: PodInfo, node: NodeInfo, memo: NodeMemo): Outcome {
    if (this.#nominated.has(node.name)) return this.filterWithNominated(state, pod, node);
    const { slot, generation } = node;
    let outcome: Outcome;
    if (memo.filteredAt[slot] === generation) outcome = memo.outcomes[slot];
    else {
      outcome = run(this.#localFilters, state, pod, node);
      memo.filteredAt[slot] = generation;
      memo.outcomes[slot] = outcome;
    }
    return outcome ?? run(this.#otherFilters, state, pod, node);
  }

  /** The pod must fit both when the nominated pods of its priority or higher have come, and when they have not. */
  filterWithNominated(state: CycleState, pod: PodInfo, node: NodeInfo): Outcome {
    const nominated = this.#nominated.on(node.name).filter((other) => counts(other, pod, node));
    if (nominated.length > 0) {
      const trialState = state.clone();
      const trialNode = node.clone();
      for (const other of nominated) {
        trialNode.addPod(other);
        this.preFilterAddPod(trialState, pod, other, trialNode);
      }
      const outcome = this.filter(trialState, pod, trialNode);
      if (outcome) return outcome;
    }
    return this.filter(state, pod, node);
  }

  postFilter(state: CycleState, pod: PodInfo, statuses: NodeStatuses): PostFilterResult | undefined {
    let rejected: PostFilterResult | undefined;
    for (const plugin of this.plugins.postFilter) {
      const result = plugin.postFilter(state, pod, statuses);
      if (result.kind === "nominated") return result;
      rejected ??= result;
    }
    return rejected;
  }

  preScore(state: CycleState, pod: PodInfo, nodes: readonly NodeInfo[]): Outcome {
    for (const plugin of this.plugins.preScore) {
      const outcome = guarded(plugin.name, () => plugin.preScore(state, pod, nodes));
      if (!outcome) continue;
      if (outcome.code !== "Skip") return outcome;
      state.skipScore.add(plugin.name);
    }
    return undefined;
  }

  /** The scores of each plugin that has an opinion, for the given nodes in their order. */
  score(state: CycleState, pod: PodInfo, nodes: readonly NodeInfo[], memo: NodeMemo): PluginScores[] {
    const results: PluginScores[] = [];
    for (const [index, { plugin, weight }] of this.plugins.score.entries()) {
      if (state.skipScore.has(plugin.name)) continue;
      const scores = plugin.nodeLocal
        ? sharedScores(plugin, state, pod, nodes, (memo.scoredAt[index] ??= []), (memo.scores[index] ??= []))
        : nodes.map((node) => plugin.score(state, pod, node));
      plugin.normalizeScore?.(state, pod, scores, nodes);
      checkRange(plugin.name, scores);
      results.push({ plugin: plugin.name, weight, scores });
    }
    return results;
  }

  reserve(state: CycleState, pod: PodInfo, nodeName: string): Outcome {
    for (const plugin of this.plugins.reserve) {
      const outcome = guarded(plugin.name, () => plugin.reserve(state, pod, nodeName));
      if (outcome) return outcome;
    }
    return undefined;
  }

  /** In reverse order of `reserve`. */
  unreserve(state: CycleState, pod: PodInfo, nodeName: string): void {
    for (const plugin of this.plugins.reserve.toReversed()) plugin.unreserve(state, pod, nodeName);
  }

  /** The waits that the binding has to sit out, or why there will be no binding. */
  permit(state: CycleState, pod: PodInfo, nodeName: string): Status | readonly PermitWait[] {
    const waits: PermitWait[] = [];
    for (const plugin of this.plugins.permit) {
      const outcome = plugin.permit(state, pod, nodeName);
      if (outcome instanceof Status) return outcome;
      if (outcome) waits.push(outcome);
    }
    return waits;
  }

  async preBind(state: CycleState, pod: PodInfo, nodeName: string, signal: AbortSignal): Promise<Outcome> {
    for (const plugin of this.plugins.preBind) {
      const outcome = await plugin.preBind(state, pod, nodeName, signal);
      if (outcome && outcome.code !== "Skip") return outcome;
    }
    return undefined;
  }

  async bind(state: CycleState, pod: PodInfo, nodeName: string, signal: AbortSignal): Promise<Outcome> {
    for (const plugin of this.plugins.bind) {
      const outcome = await plugin.bind(state, pod, nodeName, signal);
      if (outcome?.code !== "Skip") return outcome;
    }
    return failed("", new Error("no bind plugin took the pod"));
  }

  postBind(state: CycleState, pod: PodInfo, nodeName: string): void {
    for (const plugin of this.plugins.postBind) plugin.postBind(state, pod, nodeName);
  }
}

function run(filters: readonly FilterPlugin[], state: CycleState, pod: PodInfo, node: NodeInfo): Outcome {
  for (const plugin of filters) {
    if (state.skipFilter.has(plugin.name)) continue;
    const outcome = plugin.filter(state, pod, node);
    if (outcome) return outcome;
  }
  return undefined;
}

function counts(nominated: PodInfo, pod: PodInfo, node: NodeInfo): boolean {
  return nominated.uid !== pod.uid && nominated.priority >= pod.priority && !node.pods.has(nominated.uid);
}

function sharedScores(
  plugin: ScorePlugin,
  state: CycleState,
  pod: PodInfo,
  nodes: readonly NodeInfo[],
  scoredAt: number[],
  remembered: number[],
): number[] {
  return nodes.map((node) => {
    const { slot, generation } = node;
    const known = remembered[slot];
    if (scoredAt[slot] === generation && known !== undefined) return known;
    const score = plugin.score(state, pod, node);
    scoredAt[slot] = generation;
    remembered[slot] = score;
    return score;
  });
}

function checkRange(plugin: string, scores: readonly number[]): void {
  for (const score of scores) {
    if (score >= 0 && score <= maxNodeScore) continue;
    throw new Error(`plugin ${plugin} returns an invalid score ${score}, it should in the range of [0, 100]`);
  }
}

function narrowedToNothing(plugins: ReadonlySet<string>): Status {
  const names = [...plugins].toSorted();
  const reason =
    names.length === 1
      ? `node(s) didn't satisfy plugin ${names[0]}`
      : `node(s) didn't satisfy plugin(s) ${JSON.stringify(names)} simultaneously`;
  return unresolvable(names[0] ?? "", reason);
}

/** A plugin that throws turns the attempt into an error of that plugin. */
function guarded<R>(plugin: string, call: () => R): R | Status {
  try {
    return call();
  } catch (error) {
    return failed(plugin, error);
  }
}
