import { readFileSync } from "node:fs";

/** Who has a laboratory: a process, so that what a killed one left can be told from what is in use. */
export function ownIdentity(): string {
  return `${process.pid}-${startTime(process.pid)}`;
}

export function isOwnerAlive(identity: string): boolean {
  const [pid = "", started = ""] = identity.split("-");
  return started !== "" && startTime(Number(pid)) === started;
}

/** In clock ticks since the computer started; empty when there is no such process. */
function startTime(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

/** On every container, network and volume beside the laboratory's label. */
export const ownerLabel = "kube-ts.lab-owner";
