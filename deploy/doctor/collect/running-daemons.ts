import { readlinkSync } from "node:fs";
import type { DaemonName } from "../../units/unit-files.ts";
import type { RunningProgram } from "../cluster-view.ts";
import type { DaemonFacts, PortFacts } from "../machine-view.ts";
import type { Subject } from "../subject.ts";
import { readNames, readText } from "./read-file.ts";

/** The programs of the cluster that run, with their command lines. */
export async function runningPrograms({ daemons }: Subject): Promise<ReadonlyMap<DaemonName, RunningProgram>> {
  const programs = new Map<DaemonName, RunningProgram>();
  for (const [name, daemon] of daemons) {
    const pid = await daemon.pid();
    const commandLine = pid === undefined ? undefined : readText(`/proc/${pid}/cmdline`);
    if (pid === undefined || commandLine === undefined) continue;
    const uid = /^Uid:\s+(\d+)/m.exec(readText(`/proc/${pid}/status`) ?? "")?.[1];
    programs.set(name, { pid, uid: Number(uid), args: programArgs(commandLine.split("\0")) });
  }
  return programs;
}

/** The arguments of the program itself: what follows the script, where a Node.js runs one. */
export function programArgs(commandLine: readonly string[]): readonly string[] {
  const given = (commandLine.at(-1) === "" ? commandLine.slice(0, -1) : commandLine).slice(1);
  if (!/(^|\/)node$/.test(commandLine[0] ?? "")) return given;
  const script = given.findIndex((arg) => !arg.startsWith("-"));
  return script < 0 ? [] : given.slice(script + 1);
}

/** Whether the daemons run, and who has their ports. */
export function daemonFacts(
  { daemons }: Subject,
  programs: ReadonlyMap<DaemonName, RunningProgram>,
): ReadonlyMap<DaemonName, DaemonFacts> {
  const listeners = listeningSockets();
  return new Map(
    [...daemons].map(([name, { ports }]): [DaemonName, DaemonFacts] => {
      const pid = programs.get(name)?.pid;
      const own = pid === undefined ? new Set<string>() : socketsOf(pid);
      const listener = (port: number): PortFacts["listener"] => {
        const inodes = listeners.get(port);
        if (!inodes) return "nobody";
        return inodes.some((inode) => own.has(inode)) ? "this daemon" : "another program";
      };
      return [
        name,
        {
          isRunning: pid !== undefined,
          ports: ports.map((port) => ({ port, listener: listener(port) })),
          openFilesLimit: pid === undefined ? undefined : openFilesLimit(pid),
        },
      ];
    }),
  );
}

const listening = "0A";

/** Inodes of listening TCP sockets by port, whatever the address. */
function listeningSockets(): ReadonlyMap<number, readonly string[]> {
  const byPort = new Map<number, string[]>();
  for (const file of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    for (const line of (readText(file) ?? "").split("\n").slice(1)) {
      const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/);
      if (state !== listening) continue;
      const port = Number.parseInt(local.split(":").at(-1) ?? "", 16);
      byPort.set(port, [...(byPort.get(port) ?? []), inode]);
    }
  }
  return byPort;
}

/** Inodes of the sockets of a process and its children. */
function socketsOf(pid: number): ReadonlySet<string> {
  const children = (readText(`/proc/${pid}/task/${pid}/children`) ?? "").split(" ").filter(Boolean);
  return new Set(
    [String(pid), ...children].flatMap((one) =>
      readNames(`/proc/${one}/fd`).flatMap((descriptor) => socketInode(`/proc/${one}/fd/${descriptor}`) ?? []),
    ),
  );
}

function socketInode(link: string): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(link))?.[1];
  } catch {
    return undefined;
  }
}

function openFilesLimit(pid: number): number | undefined {
  const soft = /^Max open files\s+(\S+)/m.exec(readText(`/proc/${pid}/limits`) ?? "")?.[1];
  if (soft === undefined) return undefined;
  return soft === "unlimited" ? Number.POSITIVE_INFINITY : Number(soft);
}
