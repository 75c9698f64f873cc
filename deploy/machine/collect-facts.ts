import { existsSync } from "node:fs";
import { readFile, statfs } from "node:fs/promises";
import { hostname, networkInterfaces } from "node:os";
import { delimiter, join } from "node:path";
import { runProgram } from "@kube-ts/std/run-program";
import { ofPod } from "./machine-facts.ts";
import type { MachineFacts } from "./machine-facts.ts";

const askMs = 20_000;
const programPath = process.env["PATH"] ?? "/usr/sbin:/usr/bin:/sbin:/bin";
const wantedPrograms = ["dockerd", "iptables-restore", "conntrack", "ip"];
const wantedSysctls = ["net.bridge.bridge-nf-call-iptables", "net.ipv4.ip_forward", "net.ipv6.conf.all.disable_ipv6"];

/** Looks at this machine, and changes nothing. */
export async function collectFacts(signal: AbortSignal): Promise<MachineFacts> {
  const output = (...command: string[]) =>
    runProgram({ command, timeoutMs: askMs }, signal).then(
      ({ stdout }) => stdout,
      () => {
        signal.throwIfAborted();
        return undefined;
      },
    );
  const listening = await output("ss", "--listening", "--tcp", "--numeric", "--processes", "--no-header");
  const packages = await output(
    "dpkg-query",
    "--show",
    "--showformat=${db:Status-Status} ${Package} ${Version}\\n",
    "kube-ts-*",
  );
  const disk = await statfs("/var/lib").catch(() => undefined);
  return {
    isRoot: process.getuid?.() === 0,
    hasSystemd: existsSync("/run/systemd/system"),
    hostName: hostname().trim().toLowerCase(),
    addresses: Object.values(networkInterfaces()).flatMap((list) => list?.map(({ address }) => address) ?? []),
    packages: installedPackages(packages ?? ""),
    listeners: await listeners(listening ?? ""),
    hasSwap: (await text("/proc/swaps")).trim().split("\n").length > 1,
    sysctls: await sysctls(),
    hasOverlay: /\boverlay$/m.test(await text("/proc/filesystems")),
    hasPacketFilter: (await output("iptables-save")) !== undefined,
    clockIsSynchronized: await clockIsSynchronized(output),
    programs: new Set(wantedPrograms.filter(isOnPath)),
    freeBytes: disk && disk.bavail * disk.bsize,
  };
}

function isOnPath(program: string): boolean {
  const directories = [...programPath.split(delimiter), "/usr/sbin", "/sbin"];
  return directories.some((directory) => existsSync(join(directory, program)));
}

function installedPackages(listing: string): ReadonlyMap<string, string> {
  return new Map(
    listing.split("\n").flatMap((line): [string, string][] => {
      const [status, name, version] = line.split(" ");
      return status === "installed" && name !== undefined && version !== undefined ? [[name, version]] : [];
    }),
  );
}

/** Reads `ss`: the port of each line's local address, and the unit of the process it names. */
async function listeners(listing: string): Promise<ReadonlyMap<number, string | undefined>> {
  const found = new Map<number, string | undefined>();
  for (const line of listing.split("\n")) {
    const port = Number(/^\S+\s+\d+\s+\d+\s+\S+:(\d+)\s/.exec(line)?.[1]);
    if (!Number.isInteger(port) || port === 0) continue;
    const pid = /pid=(\d+)/.exec(line)?.[1];
    found.set(port, found.get(port) ?? (pid === undefined ? undefined : await unitOf(pid)));
  }
  return found;
}

/** The unit whose control group a process is in, or that it is a pod's. */
async function unitOf(pid: string): Promise<string | undefined> {
  const groups = await text(`/proc/${pid}/cgroup`);
  return /\/kubepods[./]/.test(groups) ? ofPod : /\/([^/\n]+\.service)(?:\/|$)/m.exec(groups)?.[1];
}

async function sysctls(): Promise<ReadonlyMap<string, string>> {
  const values = new Map<string, string>();
  for (const name of wantedSysctls) {
    const value = await text(`/proc/sys/${name.replaceAll(".", "/")}`);
    if (value !== "") values.set(name, value.trim());
  }
  return values;
}

/** Undefined where nobody is asked: containers have their host's clock. */
async function clockIsSynchronized(
  output: (...command: string[]) => Promise<string | undefined>,
): Promise<boolean | undefined> {
  if ((await output("systemd-detect-virt", "--container"))?.trim()) return undefined;
  const answer = await output("timedatectl", "show", "--property=NTPSynchronized", "--value");
  return answer === undefined ? undefined : answer.trim() === "yes";
}

function text(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
}
