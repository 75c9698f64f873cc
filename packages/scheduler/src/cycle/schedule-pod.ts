import { type Random, randomInt } from "@kube-ts/std/random";
import type { Snapshot } from "../cache/snapshot.ts";
import type { CycleState } from "../framework/cycle-state.ts";
import type { Framework, PluginScores } from "../framework/framework.ts";
import type { NodeInfo } from "@kube-ts/api/placement/node-info";
import type { NodeMemo } from "../framework/node-memo.ts";
import type { PodInfo } from "@kube-ts/api/placement/pod-info";
import { schedulingSignature } from "../framework/signature.ts";
import { type Status, unresolvable } from "../framework/status.ts";
import { extenderName } from "../extenders/extender.ts";
import type { Diagnosis } from "./diagnosis.ts";
import { nodesToFind } from "./nodes-to-find.ts";

export type Decision =
  | {
      readonly kind: "node";
      readonly nodeName: string;
      readonly evaluated: number;
      /** The nodes that passed, and what the plugins thought of them; no scores when only one passed. */
      readonly feasible: readonly NodeInfo[];
      readonly scores: readonly PluginScores[];
      readonly statuses: ReadonlyMap<string, Status>;
    }
  | { readonly kind: "none"; readonly diagnosis: Diagnosis }
  | { readonly kind: "error"; readonly status: Status };

/** Where the next search begins, so that all nodes get their turn. */
export interface SearchCursor {
  next: number;
}

/** What extenders left of an earlier search for the same pod. */
export interface Preselection {
  readonly nodeNames: ReadonlySet<string>;
  /** Why it is not the others, by their names. */
  readonly statuses: ReadonlyMap<string, Status>;
  /** What to add to the plugins' scores. */
  readonly scores: ReadonlyMap<string, number>;
}

/** Chooses a node. Pure but for the cursor, the memo and the choice among equals; runs without a pause. */
export function schedulePod(
  framework: Framework,
  snapshot: Snapshot,
  state: CycleState,
  pod: PodInfo,
  nominatedNode: string,
  cursor: SearchCursor,
  random: Random,
  preselection?: Preselection,
): Decision {
  const { timer } = framework;
  const nodeCount = snapshot.nodes.length;
  const noStatuses = new Map<string, Status>();
  if (nodeCount === 0) return { kind: "none", diagnosis: emptyCluster };
  let startedMs = timer.start();
  const preFilter = framework.preFilter(state, pod);
  timer.stop("PreFilter", preFilter.kind === "nodes" ? "Success" : preFilter.status.code, startedMs);
  if (preFilter.kind === "rejected") {
    const { status } = preFilter;
    if (!status.rejected) return { kind: "error", status };
    return { kind: "none", diagnosis: diagnose(nodeCount, noStatuses, status) };
  }
  const memo = framework.memoFor(schedulingSignature(pod));
  const search = new NodeSearch(framework, state, pod, memo, preselection?.statuses);
  startedMs = timer.start();
  if (preselection) {
    const names = preFilter.nodeNames?.intersection(preselection.nodeNames) ?? preselection.nodeNames;
    searchNodes(search, snapshot, names, framework, cursor);
  } else {
    const favourite = nominatedNode === "" ? undefined : snapshot.byName.get(nominatedNode);
    if (favourite && (preFilter.nodeNames?.has(nominatedNode) ?? true)) search.evaluate(favourite);
    if (search.feasible.length === 0) searchNodes(search, snapshot, preFilter.nodeNames, framework, cursor);
  }
  timer.stop("Filter", search.error?.code ?? (search.feasible.length > 0 ? "Success" : "Unschedulable"), startedMs);
  if (search.error) return { kind: "error", status: search.error };
  const { feasible, statuses } = search;
  if (feasible.length === 0) {
    if (preFilter.nodeNames) addAbsent(statuses, snapshot, preFilter.nodeNames, preFilter.narrowedBy);
    return { kind: "none", diagnosis: diagnose(nodeCount, statuses, undefined) };
  }
  return choose(framework, state, pod, search, memo, random, preselection?.scores);
}

class NodeSearch {
  readonly feasible: NodeInfo[] = [];
  readonly statuses: Map<string, Status>;
  error: Status | undefined;
  readonly #framework: Framework;
  readonly #state: CycleState;
  readonly #pod: PodInfo;
  readonly #memo: NodeMemo;

  constructor(
    framework: Framework,
    state: CycleState,
    pod: PodInfo,
    memo: NodeMemo,
    known: ReadonlyMap<string, Status> = new Map(),
  ) {
    this.statuses = new Map(known);
    this.#framework = framework;
    this.#state = state;
    this.#pod = pod;
    this.#memo = memo;
  }

  evaluate(node: NodeInfo): void {
    const outcome = this.#framework.filterShared(this.#state, this.#pod, node, this.#memo);
    if (!outcome) this.feasible.push(node);
    else if (outcome.rejected) this.statuses.set(node.name, outcome);
    else this.error = outcome;
  }
}

function searchNodes(
  search: NodeSearch,
  { nodes, byName }: Snapshot,
  names: ReadonlySet<string> | undefined,
  framework: Framework,
  cursor: SearchCursor,
): void {
  if (names) {
    for (const name of names) {
      const node = byName.get(name);
      if (node && !search.error) search.evaluate(node);
    }
    return;
  }
  const count = nodes.length;
  const wanted = framework.plugins.score.length === 0 ? 1 : nodesToFind(count, framework.percentageOfNodesToScore);
  const start = cursor.next % count;
  let looked = 0;
  while (looked < count && search.feasible.length < wanted && !search.error) {
    const node = nodes[(start + looked) % count];
    if (node) search.evaluate(node);
    looked += 1;
  }
  cursor.next = (start + looked) % count;
}

function choose(
  framework: Framework,
  state: CycleState,
  pod: PodInfo,
  { feasible, statuses }: NodeSearch,
  memo: NodeMemo,
  random: Random,
  added: ReadonlyMap<string, number> | undefined,
): Decision {
  const evaluated = feasible.length + statuses.size;
  const [only] = feasible;
  if (only && feasible.length === 1) {
    return { kind: "node", nodeName: only.name, evaluated, feasible, scores: [], statuses };
  }
  const { timer } = framework;
  let startedMs = timer.start();
  const preScore = framework.preScore(state, pod, feasible);
  timer.stop("PreScore", preScore?.code ?? "Success", startedMs);
  if (preScore) return { kind: "error", status: preScore };
  startedMs = timer.start();
  const scores = framework.score(state, pod, feasible, memo);
  timer.stop("Score", "Success", startedMs);
  if (added) {
    scores.push({ plugin: extenderName, weight: 1, scores: feasible.map(({ name }) => added.get(name) ?? 0) });
  }
  const best = feasible[indexOfBest(feasible.length, scores, random)];
  if (!best) throw new Error("a feasible node must have been chosen");
  return { kind: "node", nodeName: best.name, evaluated, feasible, scores, statuses };
}

/** The index with the highest weighted sum; among equals each is as likely as the other. */
function indexOfBest(count: number, scores: readonly PluginScores[], random: Random): number {
  let best = 0;
  let bestTotal = -1;
  let equals = 0;
  for (let index = 0; index < count; index += 1) {
    let total = 0;
    for (const { weight, scores: values } of scores) total += weight * (values[index] ?? 0);
    if (total > bestTotal) {
      best = index;
      bestTotal = total;
      equals = 1;
    } else if (total === bestTotal) {
      equals += 1;
      if (randomInt(random, equals) === 0) best = index;
    }
  }
  return best;
}

function addAbsent(
  statuses: Map<string, Status>,
  snapshot: Snapshot,
  names: ReadonlySet<string>,
  plugins: ReadonlySet<string>,
): void {
  const sorted = [...plugins].toSorted();
  const status = unresolvable(sorted[0] ?? "", `node(s) didn't satisfy plugin(s) [${sorted.join(" ")}]`);
  for (const { name } of snapshot.nodes) if (!names.has(name)) statuses.set(name, status);
}

const emptyCluster: Diagnosis = {
  nodeCount: 0,
  statuses: new Map(),
  preFilter: undefined,
  postFilterMessage: "",
  // Any plugin's interest in new nodes would do; this one has it.
  rejectedBy: new Set(["NodeName", "NodeResourcesFit"]),
  pendingFor: new Set(),
};

function diagnose(nodeCount: number, statuses: ReadonlyMap<string, Status>, preFilter: Status | undefined): Diagnosis {
  const rejectedBy = new Set<string>();
  const pendingFor = new Set<string>();
  for (const { plugin, code } of preFilter ? [preFilter] : statuses.values()) {
    (code === "Pending" ? pendingFor : rejectedBy).add(plugin);
  }
  return { nodeCount, statuses, preFilter, postFilterMessage: "", rejectedBy, pendingFor };
}
