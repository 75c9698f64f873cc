import type { Machine } from "../machines/machine.ts";

/** What daemons of a machine have in memory, in MB (10⁶ bytes), by unit. */
export async function residentMb(machine: Machine, daemons: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const script = daemons
    .map(
      (name) =>
        `echo ${name} $(awk '/^VmRSS/ {print $2}' /proc/$(systemctl show -P MainPID ${name}.service)/status 2>/dev/null)`,
    )
    .join("\n");
  const text = await machine.run(script);
  const found = [...text.matchAll(/^(\S+) (\d+)$/gm)];
  if (found.length !== daemons.length)
    throw new Error(`${machine.name}: not all of ${daemons.join(", ")} run: ${text}`);
  return new Map(found.map(([, name = "", kib]) => [name, (Number(kib) * 1024) / 1e6]));
}

export function total(megabytes: ReadonlyMap<string, number>): number {
  return [...megabytes.values()].reduce((sum, each) => sum + each, 0);
}

export function describeMb(megabytes: ReadonlyMap<string, number>): string {
  const parts = [...megabytes].map(([name, each]) => `${name} ${each.toFixed(0)} MB`);
  return `${parts.join(", ")}: ${total(megabytes).toFixed(0)} MB`;
}
