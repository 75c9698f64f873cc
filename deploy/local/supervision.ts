import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { waitUntil } from "./command.ts";
import { requireFreePorts } from "./free-ports.ts";
import type { LocalCluster } from "./layout.ts";
import { repositoryRoot } from "./layout.ts";

/** A program of the cluster that runs until it is stopped. */
export interface Daemon {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The TCP ports on which it listens. */
  readonly ports?: readonly number[];
}

/**
 * Starts the daemon under its supervisor unless that runs already; answers whether it was started. Throws when another
 * program has one of its ports.
 */
export async function startDaemon(cluster: LocalCluster, daemon: Daemon): Promise<boolean> {
  if (supervisorPid(cluster, daemon.name) !== undefined) return false;
  await requireFreePorts(daemon.name, daemon.ports ?? []);
  for (const directory of ["run", "logs"]) mkdirSync(join(cluster.directory, directory), { recursive: true });
  const supervise = join(repositoryRoot, "deploy", "bin", "supervise");
  const child = spawn(supervise, [cluster.directory, daemon.name, daemon.command, ...daemon.args], {
    detached: true,
    stdio: "ignore",
    cwd: cluster.directory,
  });
  child.unref();
  await waitUntil(`${daemon.name} starts`, 10_000, () => Promise.resolve(existsSync(pidFile(cluster, daemon.name))));
  return true;
}

/** Ends the daemon and its supervisor, and waits until both are gone. */
export async function stopDaemon(cluster: LocalCluster, name: string): Promise<boolean> {
  const supervisor = supervisorPid(cluster, name);
  const child = runningPid(pidFile(cluster, name));
  if (supervisor === undefined && child === undefined) return false;
  for (const pid of [supervisor, child]) if (pid !== undefined) signal(pid, "SIGTERM");
  const gone = () => Promise.resolve([supervisor, child].every((pid) => pid === undefined || !isAlive(pid)));
  await waitUntil(`${name} ends`, 20_000, gone).catch(() => {
    for (const pid of [supervisor, child]) if (pid !== undefined) signal(pid, "SIGKILL");
  });
  return true;
}

/** The process id of a daemon that runs, for tests and for people. */
export function daemonPid(cluster: LocalCluster, name: string): number | undefined {
  return runningPid(pidFile(cluster, name));
}

function supervisorPid(cluster: LocalCluster, name: string): number | undefined {
  return runningPid(join(cluster.directory, "run", `${name}.supervisor.pid`));
}

function pidFile(cluster: LocalCluster, name: string): string {
  return join(cluster.directory, "run", `${name}.pid`);
}

function runningPid(file: string): number | undefined {
  if (!existsSync(file)) return undefined;
  const pid = Number(readFileSync(file, "utf8").trim());
  return Number.isInteger(pid) && pid > 1 && isAlive(pid) ? pid : undefined;
}

/** Whether the process runs; a zombie does not. */
function isAlive(pid: number): boolean {
  try {
    const state = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1) ?? "";
    return !state.startsWith("Z");
  } catch {
    return false;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended meanwhile.
  }
}
