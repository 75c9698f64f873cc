import { formatYaml } from "@kube-ts/std/yaml";
import { formatTime } from "@kube-ts/api/rfc3339";
import { countNodes, type GroupView, type NodeCounts } from "./model/group-view.ts";

export interface GroupStatus {
  readonly view: GroupView;
  readonly isHealthy: boolean;
  /** Why the group rests; undefined when it does not. */
  readonly backoff: string | undefined;
  readonly candidates: number;
  readonly longUnregistered: number;
}

export interface StatusInput {
  readonly nowMs: number;
  readonly counts: NodeCounts;
  readonly isHealthy: boolean;
  readonly isScalingUp: boolean;
  readonly groups: readonly GroupStatus[];
  readonly unneeded: number;
}

type Activity = "Health" | "ScaleUp" | "ScaleDown";

/** Writes the status as upstream does, and remembers since when each part of it is as it is. */
export class StatusReport {
  #transitions = new Map<string, { readonly status: string; readonly sinceMs: number }>();

  format(input: StatusInput): string {
    const previous = this.#transitions;
    this.#transitions = new Map();
    const part = (where: string, activity: Activity, status: string) => {
      const key = `${where}/${activity}`;
      const known = previous.get(key);
      const transition = known?.status === status ? known : { status, sinceMs: input.nowMs };
      this.#transitions.set(key, transition);
      return {
        status,
        lastProbeTime: formatTime(input.nowMs),
        lastTransitionTime: formatTime(transition.sinceMs),
      };
    };
    return formatYaml({
      time: new Date(input.nowMs).toISOString(),
      autoscalerStatus: "Running",
      clusterWide: {
        health: {
          ...part("", "Health", input.isHealthy ? "Healthy" : "Unhealthy"),
          nodeCounts: nodeCounts(
            input.counts,
            sum(input.groups, ({ view }) => view.unregistered.length),
            sum(input.groups, ({ longUnregistered }) => longUnregistered),
          ),
        },
        scaleUp: part("", "ScaleUp", input.isScalingUp ? "InProgress" : "NoActivity"),
        scaleDown: {
          ...part("", "ScaleDown", input.unneeded > 0 ? "CandidatesPresent" : "NoCandidates"),
          candidates: input.unneeded,
        },
      },
      nodeGroups: input.groups.map((status) => groupStatus(status, part)),
    });
  }
}

function groupStatus(
  { view, isHealthy, backoff, candidates, longUnregistered }: GroupStatus,
  part: (where: string, activity: Activity, status: string) => object,
): object {
  const { group, target, nodes, unregistered } = view;
  const isGrowing = unregistered.length > longUnregistered;
  const scaleUp = backoff === undefined ? (isGrowing ? "InProgress" : "NoActivity") : "Backoff";
  return {
    name: group.name,
    health: {
      ...part(group.name, "Health", isHealthy ? "Healthy" : "Unhealthy"),
      nodeCounts: nodeCounts(
        countNodes(nodes.map(({ condition }) => condition)),
        unregistered.length,
        longUnregistered,
      ),
      cloudProviderTarget: target,
      minSize: group.minSize,
      maxSize: group.maxSize,
    },
    scaleUp: {
      ...part(group.name, "ScaleUp", scaleUp),
      ...(backoff !== undefined && { backoffInfo: { errorMessage: backoff } }),
    },
    scaleDown: {
      ...part(group.name, "ScaleDown", candidates > 0 ? "CandidatesPresent" : "NoCandidates"),
      candidates,
    },
  };
}

function nodeCounts(counts: NodeCounts, unregistered: number, longUnregistered: number): object {
  return {
    registered: {
      total: counts.total,
      ready: counts.ready,
      notStarted: counts.starting,
      beingDeleted: counts.beingDeleted,
      unready: { total: counts.unready, resourceUnready: 0 },
    },
    longUnregistered,
    unregistered: unregistered - longUnregistered,
  };
}

function sum<T>(items: readonly T[], amount: (item: T) => number): number {
  return items.reduce((total, item) => total + amount(item), 0);
}
