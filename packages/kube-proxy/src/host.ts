import { availableParallelism, hostname, networkInterfaces } from "node:os";
import { writeFile } from "node:fs/promises";
import { createIptables } from "@kube-ts/iptables/iptables";
import type { Iptables } from "@kube-ts/iptables/iptables";
import type { IpFamily } from "@kube-ts/std/ip-address";
import { errorFields } from "@kube-ts/std/log";
import type { Logger } from "@kube-ts/std/log";
import { ensureSysctl, type Sysctl } from "@kube-ts/std/sysctl";
import type { ConntrackSettings } from "./config/proxy-config.ts";
import { conntrackSysctls } from "./writer/conntrack-settings.ts";

/** The Node's name: the host's, in lower case, unless another is given. */
export function nodeNameOf(hostnameOverride: string): string {
  return hostnameOverride === "" ? hostname().trim().toLowerCase() : hostnameOverride;
}

/** Addresses of this host's interfaces, those of loopback among them. */
export function hostAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => address));
}

/** The packet filters that work on this host. Throws the first reason when none does. */
export async function findIptables(log: Logger, signal: AbortSignal): Promise<readonly Iptables[]> {
  const found: Iptables[] = [];
  const failures: unknown[] = [];
  for (const family of ["IPv4", "IPv6"] satisfies IpFamily[]) {
    const iptables = createIptables({ family });
    try {
      const { version, backend } = await iptables.version(signal);
      await iptables.save(signal);
      log.info("found iptables", { family, version, backend });
      found.push(iptables);
    } catch (error) {
      signal.throwIfAborted();
      log.info("no iptables for an address family", { family, error: errorFields(error) });
      failures.push(error);
    }
  }
  if (found.length === 0) throw failures[0];
  return found;
}

/** Applies the settings of connection tracking; what the kernel refuses, as it may in a container, is logged. */
export async function applyConntrackSettings(settings: ConntrackSettings, sysctl: Sysctl, log: Logger): Promise<void> {
  for (const { name, value } of conntrackSysctls(settings, availableParallelism())) {
    try {
      if (await ensureSysctl(sysctl, name, value)) log.info("set a kernel setting", { sysctl: name, value });
    } catch (error) {
      log.warn("a kernel setting could not be set", { sysctl: name, value, error: errorFields(error) });
    }
  }
}

/** Ranks this process for the kernel's choice of what to kill when memory is short; a refusal is logged. */
export async function applyOomScore(score: number | undefined, log: Logger): Promise<void> {
  if (score === undefined) return;
  try {
    await writeFile("/proc/self/oom_score_adj", String(score));
  } catch (error) {
    log.warn("the out-of-memory score could not be set", { score, error: errorFields(error) });
  }
}

/** Warns when packets between pods on one bridge pass by the rules: answers would come from the wrong address. */
export async function checkBridgeFiltering(sysctl: Sysctl, log: Logger): Promise<void> {
  const name = "net/bridge/bridge-nf-call-iptables";
  const value = await sysctl.read(name).catch(() => undefined);
  if (value === "1") return;
  const reason = value === undefined ? "the kernel module br_netfilter is not loaded" : "the setting is off";
  log.warn("bridged packets are not filtered: services may not answer to pods on this node", { sysctl: name, reason });
}
