import { runProgram } from "@kube-ts/std/run-program";
import type { PlannedFile } from "./files/planned-file.ts";
import { publicFile } from "./files/planned-file.ts";

const modulesFile = "/etc/modules-load.d/kube-ts.conf";
const sysctlFile = "/etc/sysctl.d/90-kube-ts.conf";

const modules = ["overlay", "br_netfilter", "ip_tables", "ip6_tables", "nf_conntrack"];

/** What nodes need of the kernel; a minus lets a setting fail where the kernel has no such thing. */
function sysctls(hasIpv6: boolean): readonly string[] {
  return [
    "net.ipv4.ip_forward = 1",
    "-net.bridge.bridge-nf-call-iptables = 1",
    ...(hasIpv6 ? ["net.ipv6.conf.all.forwarding = 1", "-net.bridge.bridge-nf-call-ip6tables = 1"] : []),
    // Each container watches files, and a full node has hundreds.
    "-fs.inotify.max_user_instances = 8192",
    "-fs.inotify.max_user_watches = 524288",
  ];
}

/** Files that have the settings made at each boot. */
export function kernelFiles(hasIpv6: boolean): readonly PlannedFile[] {
  return [
    publicFile(modulesFile, `# What nodes of a cluster need.\n${modules.join("\n")}\n`),
    publicFile(sysctlFile, `# What nodes of a cluster need.\n${sysctls(hasIpv6).join("\n")}\n`),
  ];
}

/**
 * Makes the settings now. A module that cannot be loaded may be built in, or be the host's in a container: what counts is
 * what the preflight checks find afterwards.
 */
export async function applyKernelSettings(signal: AbortSignal): Promise<void> {
  for (const module of modules) {
    await runProgram({ command: ["modprobe", "--quiet", module], timeoutMs: 20_000 }, signal).catch(() => {
      signal.throwIfAborted();
    });
  }
  await runProgram({ command: ["sysctl", "--quiet", `--load=${sysctlFile}`], timeoutMs: 20_000 }, signal);
}

export const kernelFilePaths = [modulesFile, sysctlFile];
