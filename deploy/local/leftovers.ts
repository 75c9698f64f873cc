import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { run, runWithInput, succeeds } from "./command.ts";

const podBridge = "cni0";
const cniState = "/var/lib/cni";

/** Chains of CNI plugins. */
const cniChains = /^CNI-/;

/** Removes the bridge of the pods, the address leases and the packet filter chains that CNI plugins made. */
export async function removePodNetwork(): Promise<void> {
  if (existsSync(`/sys/class/net/${podBridge}`)) await succeeds("ip", ["link", "delete", podBridge]);
  await removeChains(cniChains);
  for (const directory of ["networks/pod-network", "results", "cache/results"]) {
    rmSync(join(cniState, directory), { recursive: true, force: true });
  }
}

/** Deletes every chain with such a name, with the rules of other chains that lead to it, in both families. */
export async function removeChains(names: RegExp): Promise<void> {
  for (const tool of ["iptables", "ip6tables"]) await removeChainsOf(tool, names);
}

async function removeChainsOf(tool: string, names: RegExp): Promise<void> {
  const saved = await run(`${tool}-save`, []).catch(() => "");
  for (const [table, lines] of byTable(saved)) {
    const chains = lines.flatMap((line) => /^:(\S+)/.exec(line)?.[1] ?? []).filter((chain) => names.test(chain));
    if (chains.length === 0) continue;
    const leading = lines.filter((line) => {
      const [, chain = "", target = ""] = /^-A (\S+).* -[jg] (\S+)/.exec(line) ?? [];
      return names.test(target) && !names.test(chain);
    });
    const commands = [
      `*${table}`,
      ...leading.map((line) => line.replace(/^-A/, "-D")),
      ...chains.map((chain) => `-F ${chain}`),
      ...chains.map((chain) => `-X ${chain}`),
      "COMMIT",
      "",
    ];
    await runWithInput(`${tool}-restore`, ["--noflush", "-w", "10"], commands.join("\n"));
  }
}

function byTable(saved: string): Map<string, string[]> {
  const tables = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of saved.split("\n")) {
    if (line.startsWith("*")) tables.set(line.slice(1), (current = []));
    else current.push(line);
  }
  return tables;
}

/** Unmounts whatever is mounted below the directory, deepest first. */
export async function unmountBelow(directory: string): Promise<void> {
  const points = readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .map((line) => line.split(" ")[1] ?? "")
    .map((path) =>
      path.replaceAll(/\\(\d{3})/g, (_match, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
    )
    .filter((path) => path.startsWith(`${directory}/`));
  for (const point of points.toSorted((a, b) => b.length - a.length)) await succeeds("umount", ["--lazy", point]);
}

/** Removes the control groups of pods, innermost first. */
export function removeCgroups(): Promise<void> {
  const names = ["kubepods", "kubepods.slice"];
  const roots = ["/sys/fs/cgroup", ...hierarchies()].flatMap((root) => names.map((name) => join(root, name)));
  for (const root of roots) removeGroup(root);
  return Promise.resolve();
}

function hierarchies(): string[] {
  return readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .map((line) => line.split(" "))
    .filter(([, , type]) => type === "cgroup" || type === "cgroup2")
    .map(([, path = ""]) => path);
}

function removeGroup(path: string): void {
  if (!existsSync(path)) return;
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) removeGroup(join(path, entry.name));
  }
  try {
    rmdirSync(path);
  } catch {
    // A process still lives in it; the group goes with it.
  }
}
