import { readFile } from "node:fs/promises";
import { type NetworkInterfaceInfo, networkInterfaces } from "node:os";
import type { NodeAddress } from "@kube-ts/api/core/v1";
import { ipFamilyOf, parseIpAddress } from "@kube-ts/std/ip-address";
import type { IpFamily } from "@kube-ts/std/ip-address";

/**
 * The node's own addresses, the primary first: those that are configured, or else the one of the interface that leads
 * to the default gateway. IPv4 is preferred unless `::` is configured; 0.0.0.0 and `::` stand for an address of their
 * family.
 */
export async function nodeIps(configured: readonly string[]): Promise<readonly string[]> {
  const [only] = configured;
  const isUnspecified = only !== undefined && parseIpAddress(only)?.value === 0n;
  if (only !== undefined && !isUnspecified) return configured;
  const preferred = {
    IPv4: defaultInterface(await readFile("/proc/net/route", "utf8").catch(() => "")),
    IPv6: defaultIpv6Interface(await readFile("/proc/net/ipv6_route", "utf8").catch(() => "")),
  };
  return chooseIps(networkInterfaces(), preferred, only === undefined ? "IPv4" : ipFamilyOf(only));
}

/** The interface of the default route, from the text of /proc/net/route. */
export function defaultInterface(routes: string): string | undefined {
  for (const line of routes.split("\n").slice(1)) {
    const [name, destination] = line.split("\t");
    if (name && destination === "00000000") return name;
  }
  return undefined;
}

/** The same for IPv6, from the text of /proc/net/ipv6_route. */
export function defaultIpv6Interface(routes: string): string | undefined {
  for (const line of routes.split("\n")) {
    const [destination = "", length, , , gateway = "", , , , , name] = line.trim().split(/\s+/);
    const isDefault = /^0+$/.test(destination) && length === "00";
    if (isDefault && name && name !== "lo" && !/^0+$/.test(gateway)) return name;
  }
  return undefined;
}

/** One address, of the first family if there is one. */
export function chooseIps(
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>,
  preferred: Readonly<Partial<Record<IpFamily, string | undefined>>>,
  first: IpFamily = "IPv4",
): readonly string[] {
  const families: readonly IpFamily[] = first === "IPv4" ? ["IPv4", "IPv6"] : ["IPv6", "IPv4"];
  const byDefaultRoute = families.map((family) => addressOf(interfaces[preferred[family] ?? ""] ?? [], family));
  const all = Object.values(interfaces).flatMap((addresses) => addresses ?? []);
  const any = families.map((family) => addressOf(all, family));
  return [...byDefaultRoute, ...any].filter((address) => address !== undefined).slice(0, 1);
}

function addressOf(addresses: readonly NetworkInterfaceInfo[], family: IpFamily): string | undefined {
  const usable = ({ internal, address }: NetworkInterfaceInfo) => !internal && !address.startsWith("fe80:");
  return addresses.filter(usable).find((address) => address.family === family)?.address;
}

export function nodeAddresses(ips: readonly string[], hostname: string): readonly NodeAddress[] {
  return [
    ...ips.filter((ip) => ipFamilyOf(ip) !== undefined).map((address) => ({ type: "InternalIP" as const, address })),
    { type: "Hostname", address: hostname },
  ];
}
