import { readFile } from "node:fs/promises";
import { type NetworkInterfaceInfo, networkInterfaces } from "node:os";
import type { NodeAddress } from "@kube-ts/api/core/v1";
import { ipFamilyOf } from "@kube-ts/std/ip-address";

/**
 * The node's own addresses, one of each family at most, the primary first: those that are configured, or else those of
 * the interface that leads to the default gateway.
 */
export async function nodeIps(configured: readonly string[]): Promise<readonly string[]> {
  if (configured.length > 0) return configured;
  const routes = await readFile("/proc/net/route", "utf8").catch(() => "");
  return chooseIps(networkInterfaces(), defaultInterface(routes));
}

/** The interface of the default route, from the text of /proc/net/route. */
export function defaultInterface(routes: string): string | undefined {
  for (const line of routes.split("\n").slice(1)) {
    const [name, destination] = line.split("\t");
    if (name && destination === "00000000") return name;
  }
  return undefined;
}

export function chooseIps(
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>,
  preferred: string | undefined,
): readonly string[] {
  const usable = ({ internal, address }: NetworkInterfaceInfo) => !internal && !address.startsWith("fe80:");
  const ofPreferred = (preferred ? (interfaces[preferred] ?? []) : []).filter(usable);
  const all = Object.values(interfaces)
    .flatMap((addresses) => addresses ?? [])
    .filter(usable);
  const candidates = ofPreferred.length > 0 ? ofPreferred : all;
  const first = (family: "IPv4" | "IPv6") => candidates.find((address) => address.family === family)?.address;
  return [first("IPv4"), first("IPv6")].filter((address) => address !== undefined).slice(0, 1);
}

export function nodeAddresses(ips: readonly string[], hostname: string): readonly NodeAddress[] {
  return [
    ...ips.filter((ip) => ipFamilyOf(ip) !== undefined).map((address) => ({ type: "InternalIP" as const, address })),
    { type: "Hostname", address: hostname },
  ];
}
