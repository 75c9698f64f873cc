import type { InterfaceStats } from "./stats.ts";

/** Reads a `/proc/<pid>/net/dev`, without loopback. */
export function networkCounters(procNetDev: string): InterfaceStats[] {
  const interfaces: InterfaceStats[] = [];
  for (const line of procNetDev.split("\n")) {
    const match = /^\s*([^:\s]+):\s*(.*)$/.exec(line);
    const name = match?.[1];
    if (!name || name === "lo") continue;
    const fields = (match[2] ?? "").trim().split(/\s+/).map(Number);
    const at = (index: number) => fields[index] ?? 0;
    interfaces.push({
      name,
      rxBytes: at(0),
      rxPackets: at(1),
      rxErrors: at(2),
      rxDropped: at(3),
      txBytes: at(8),
      txPackets: at(9),
      txErrors: at(10),
      txDropped: at(11),
    });
  }
  return interfaces;
}
