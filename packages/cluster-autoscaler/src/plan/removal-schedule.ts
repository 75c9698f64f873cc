import type { ScaleDownOptions } from "../config/autoscaler-config.ts";
import type { GroupView } from "../model/group-view.ts";
import type { UnneededNode } from "./plan-scale-down.ts";

/** Since when nodes are unneeded without a break, each for as long as it has been ready or not. */
export class UnneededSince {
  #since = new Map<string, { readonly sinceMs: number; readonly isReady: boolean }>();

  get names(): ReadonlySet<string> {
    return new Set(this.#since.keys());
  }

  /** Takes note of the nodes that are unneeded now; all others start afresh when they are again. */
  update(unneeded: readonly UnneededNode[], nowMs: number): void {
    this.#since = new Map(
      unneeded.map(({ managed: { name, condition } }) => {
        const isReady = condition === "ready";
        const known = this.#since.get(name);
        return [name, known?.isReady === isReady ? known : { sinceMs: nowMs, isReady }];
      }),
    );
  }

  clear(): void {
    this.#since.clear();
  }

  ageMs(name: string, nowMs: number): number {
    const known = this.#since.get(name);
    return known ? nowMs - known.sinceMs : 0;
  }
}

export interface RemovalInput {
  readonly unneeded: readonly UnneededNode[];
  readonly ages: (name: string) => number;
  readonly views: readonly GroupView[];
  readonly options: ScaleDownOptions;
  /** Nodes that are being removed, by name, and whether they had pods. */
  readonly underWay: ReadonlyMap<string, { readonly isEmpty: boolean }>;
}

export type KeptReason = "NotUnneededLongEnough" | "NotUnreadyLongEnough" | "NodeGroupMinSizeReached";

export interface RemovalPlan {
  readonly start: readonly UnneededNode[];
  readonly kept: readonly { readonly name: string; readonly reason: KeptReason }[];
}

/** Which of the unneeded nodes are to be removed now, within the bounds of groups and of work at a time. */
export function planRemovals({ unneeded, ages, views, options, underWay }: RemovalInput): RemovalPlan {
  const start: UnneededNode[] = [];
  const kept: { name: string; reason: KeptReason }[] = [];
  const sizes = new Map(views.map((view) => [view.group.name, sizeWithout(view, underWay)]));
  let atOnce = underWay.size;
  let drained = [...underWay.values()].filter(({ isEmpty }) => !isEmpty).length;
  let empty = atOnce - drained;
  // Empty nodes cost nobody anything.
  for (const node of unneeded.toSorted((a, b) => Number(b.isEmpty) - Number(a.isEmpty))) {
    const { name, group, condition } = node.managed;
    const isUnready = condition === "unready";
    if (ages(name) < (isUnready ? options.unreadyMs : options.unneededMs)) {
      kept.push({ name, reason: isUnready ? "NotUnreadyLongEnough" : "NotUnneededLongEnough" });
      continue;
    }
    const size = sizes.get(group.name) ?? 0;
    if (size <= group.minSize) {
      kept.push({ name, reason: "NodeGroupMinSizeReached" });
      continue;
    }
    const isFull = node.isEmpty ? empty >= options.maxEmptyAtOnce : drained >= options.maxDrainedAtOnce;
    if (isFull || atOnce >= options.maxAtOnce) continue;
    sizes.set(group.name, size - 1);
    atOnce += 1;
    if (node.isEmpty) empty += 1;
    else drained += 1;
    start.push(node);
  }
  return { start, kept };
}

/** The group's size when everything that is under way is done. */
function sizeWithout({ nodes, target }: GroupView, underWay: RemovalInput["underWay"]): number {
  return target - nodes.filter(({ name, machine }) => underWay.has(name) && machine.state !== "Deleting").length;
}

/** When the cluster last changed; milliseconds of the monotonic clock, undefined for never. */
export interface LastChanges {
  readonly addMs: number | undefined;
  readonly deleteMs: number | undefined;
  readonly failureMs: number | undefined;
}

/** Whether it is too early for the next removal. */
export function isCoolingDown({ addMs, deleteMs, failureMs }: LastChanges, options: ScaleDownOptions, nowMs: number) {
  const within = (atMs: number | undefined, delayMs: number) => atMs !== undefined && nowMs - atMs < delayMs;
  return (
    within(addMs, options.delayAfterAddMs) ||
    within(deleteMs, options.delayAfterDeleteMs) ||
    within(failureMs, options.delayAfterFailureMs)
  );
}
