import type { GroupView } from "../model/group-view.ts";
import type { Machine } from "../provider/node-group-provider.ts";

/** Since when each machine is there without being a node; milliseconds of the monotonic clock. */
export class UnregisteredSince {
  #since = new Map<string, number>();

  update(views: readonly GroupView[], nowMs: number): void {
    const ids = views.flatMap(({ unregistered }) => unregistered.map(({ id }) => id));
    this.#since = new Map(ids.map((id) => [id, this.#since.get(id) ?? nowMs]));
  }

  ageMs(id: string, nowMs: number): number {
    return nowMs - (this.#since.get(id) ?? nowMs);
  }
}

/** Machines of one group that are to go because they are of no use. */
export interface UselessMachines {
  readonly group: string;
  readonly machines: readonly Machine[];
  readonly why: "failed" | "timedOut";
}

/** Machines that could not be made, and those that had their time to become nodes. */
export function planMachineUpkeep(
  views: readonly GroupView[],
  ageMs: (id: string) => number,
  maxProvisionMs: number,
): readonly UselessMachines[] {
  return views.flatMap(({ group, failed, unregistered }) => {
    const late = unregistered.filter(({ id }) => ageMs(id) >= maxProvisionMs);
    return [
      ...(failed.length > 0 ? [{ group: group.name, machines: failed, why: "failed" as const }] : []),
      ...(late.length > 0 ? [{ group: group.name, machines: late, why: "timedOut" as const }] : []),
    ];
  });
}
