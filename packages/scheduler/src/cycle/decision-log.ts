import { LruMap } from "@kube-ts/client/lru-map";
import { countReasons } from "./diagnosis.ts";
import type { Decision } from "./schedule-pod.ts";

interface Entry {
  readonly atMs: number;
  readonly profile: string;
  readonly attempt: number;
  readonly decision: Decision;
  readonly message: string;
}

const maxPods = 256;
const maxNodesShown = 50;

/** The last decision about each of the pods that were looked at last, for whoever asks why. */
export class DecisionLog {
  readonly #byPod = new LruMap<string, Entry>(maxPods);

  /** `message` is what users are told. */
  record(key: string, entry: Entry): void {
    this.#byPod.set(key, entry);
  }

  /** The decision as JSON; undefined when it is not known (any more). */
  explain(key: string): unknown {
    const entry = this.#byPod.get(key);
    if (!entry) return undefined;
    const { atMs, profile, attempt, decision, message } = entry;
    const head = { pod: key, at: new Date(atMs).toISOString(), profile, attempt, message };
    switch (decision.kind) {
      case "error":
        return { ...head, result: "error", plugin: decision.status.plugin };
      case "none":
        return { ...head, result: "unschedulable", ...rejections(decision.diagnosis.statuses) };
      case "node":
        return { ...head, result: "scheduled", node: decision.nodeName, ...ranking(decision) };
    }
  }
}

function rejections(statuses: ReadonlyMap<string, { plugin: string; code: string; reasons: readonly string[] }>) {
  const shown = [...statuses].slice(0, maxNodesShown);
  return {
    rejectedNodes: shown.map(([node, { plugin, code, reasons }]) => ({ node, plugin, code, reasons })),
    rejectedNodesNotShown: statuses.size - shown.length,
  };
}

function ranking({ feasible, scores, statuses, nodeName }: Extract<Decision, { kind: "node" }>) {
  const ranked = feasible
    .map((node, index) => {
      const byPlugin = Object.fromEntries(scores.map((each) => [each.plugin, each.scores[index] ?? 0]));
      const total = scores.reduce((sum, each) => sum + each.weight * (each.scores[index] ?? 0), 0);
      return { node: node.name, total, scores: byPlugin };
    })
    .sort((a, b) => b.total - a.total || Number(b.node === nodeName) - Number(a.node === nodeName));
  return {
    weights: Object.fromEntries(scores.map(({ plugin, weight }) => [plugin, weight])),
    feasibleNodes: ranked.slice(0, maxNodesShown),
    feasibleNodesNotShown: Math.max(0, ranked.length - maxNodesShown),
    rejectedSummary: countReasons(statuses.values()),
    ...rejections(statuses),
  };
}
