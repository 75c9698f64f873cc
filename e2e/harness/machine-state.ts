import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../deploy/local/command.ts";
import { repositoryRoot } from "../../deploy/local/layout.ts";

/** What a cluster may leave on a machine; two of these, taken before and after, have to be equal. */
export interface MachineState {
  readonly processes: readonly string[];
  readonly containers: readonly string[];
  readonly networkNamespaces: readonly string[];
  readonly links: readonly string[];
  readonly chains: readonly string[];
  readonly mounts: readonly string[];
  readonly cgroups: readonly string[];
  /** Logs of pods, leases of their addresses, configurations of their networks. */
  readonly files: readonly string[];
}

/** Looks at the machine. */
export async function machineState(): Promise<MachineState> {
  return {
    processes: clusterProcesses(),
    containers: await containers(),
    networkNamespaces: lines(await run("ip", ["netns", "list"])),
    links: lines(await run("ip", ["-brief", "link"]))
      .map((line) => line.split(/[\s@]/)[0] ?? "")
      .filter((name) => /^(cni|veth)/.test(name)),
    chains: [...(await chains("iptables-save")), ...(await chains("ip6tables-save"))],
    mounts: readFileSync("/proc/self/mounts", "utf8")
      .split("\n")
      .map((line) => line.split(" ")[1] ?? "")
      .filter((path) => path.includes(`${repositoryRoot}/.cluster`)),
    cgroups: podCgroups(),
    files: ["/var/log/pods", "/var/lib/kubelet", "/etc/cni/net.d", "/var/lib/cni/networks", "/var/lib/cni/results"]
      .flatMap((directory) => entries(directory).map((name) => join(directory, name)))
      .sort(),
  };
}

function podCgroups(): string[] {
  const roots = ["/sys/fs/cgroup", ...entries("/sys/fs/cgroup").map((name) => join("/sys/fs/cgroup", name))];
  return roots.filter((root) => existsSync(join(root, "kubepods"))).sort();
}

function entries(directory: string): string[] {
  return existsSync(directory) && statSync(directory).isDirectory() ? readdirSync(directory) : [];
}

function lines(text: string): string[] {
  return text.split("\n").filter(Boolean).sort();
}

/** Programs whose command line names this checkout's cluster, by what they are. */
function clusterProcesses(): string[] {
  const found: string[] = [];
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const command = readFileSync(`/proc/${entry}/cmdline`, "utf8").replaceAll("\0", " ").trim();
      if (command.includes(`${repositoryRoot}/.cluster`)) found.push(command.slice(0, 200));
    } catch {
      // It ended meanwhile.
    }
  }
  return found.sort();
}

/** Pods' containers; an engine that does not run has none. */
async function containers(): Promise<string[]> {
  const filter = "label=io.kubernetes.pod.uid";
  return lines(await run("docker", ["ps", "--all", "--quiet", "--filter", filter]).catch(() => ""));
}

async function chains(save: string): Promise<string[]> {
  const text = await run(save, []).catch(() => "");
  return lines(text).flatMap((line) => /^:((?:KUBE|CNI)-\S+)/.exec(line)?.[1] ?? []);
}
