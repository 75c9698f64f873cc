import type { Status } from "../framework/status.ts";

/** Why a pod found no node. */
export interface Diagnosis {
  readonly nodeCount: number;
  /** By node name; nodes that were not looked at are missing. */
  readonly statuses: ReadonlyMap<string, Status>;
  /** PreFilter turned the pod down for every node. */
  readonly preFilter: Status | undefined;
  /** What the attempt to make room came to. */
  readonly postFilterMessage: string;
  readonly rejectedBy: ReadonlySet<string>;
  readonly pendingFor: ReadonlySet<string>;
}

/** The text for events and conditions: `0/3 nodes are available: 1 node(s) were unschedulable, 2 Insufficient cpu.` */
export function diagnosisMessage({ nodeCount, statuses, preFilter, postFilterMessage }: Diagnosis): string {
  if (nodeCount === 0 && !preFilter) return "no nodes available to schedule pods";
  const causes = preFilter ? preFilter.message : countReasons(statuses.values());
  const parts = [`0/${nodeCount} nodes are available:`];
  if (causes !== "") parts.push(`${causes}.`);
  if (postFilterMessage !== "") parts.push(postFilterMessage);
  return parts.join(" ");
}

/** Each reason with the number of nodes that gave it, in the order of the texts. */
export function countReasons(statuses: Iterable<Status>): string {
  const counts = new Map<string, number>();
  for (const { reasons } of statuses) {
    for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .toSorted()
    .join(", ");
}
