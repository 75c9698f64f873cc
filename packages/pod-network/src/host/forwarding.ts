import type { IpFamily } from "@kube-ts/std/ip-address";
import { ensureSysctl } from "@kube-ts/std/sysctl";
import type { Sysctl } from "@kube-ts/std/sysctl";
import type { NetworkPlan } from "../plan/network-plan.ts";

/** Has the kernel forward packets of these families; answers the settings that it changed. */
export async function enableForwarding(
  sysctl: Sysctl,
  families: readonly IpFamily[],
  device: string,
): Promise<readonly string[]> {
  const wanted: [name: string, value: string][] = [];
  if (families.includes("IPv4")) wanted.push(["net/ipv4/ip_forward", "1"]);
  if (families.includes("IPv6")) {
    const advertisements = `net/ipv6/conf/${device}/accept_ra`;
    // A host that forwards ignores router advertisements, and with them its default route, unless told otherwise.
    if ((await sysctl.read(advertisements).catch(() => "")) === "1") wanted.push([advertisements, "2"]);
    wanted.push(["net/ipv6/conf/all/forwarding", "1"]);
  }
  return ensureAll(sysctl, wanted);
}

/** Lets the overlay device have IPv6 addresses where new devices do not. */
export async function enableOverlayIpv6(sysctl: Sysctl, { link }: NetworkPlan): Promise<readonly string[]> {
  if (!link?.addresses.some(({ family }) => family === "IPv6")) return [];
  return ensureAll(sysctl, [[`net/ipv6/conf/${link.name}/disable_ipv6`, "0"]]);
}

async function ensureAll(
  sysctl: Sysctl,
  wanted: readonly (readonly [name: string, value: string])[],
): Promise<readonly string[]> {
  const changed: string[] = [];
  for (const [name, value] of wanted) {
    if (await ensureSysctl(sysctl, name, value)) changed.push(name);
  }
  return changed;
}
