import {
  cidrContains,
  formatIpAddress,
  parseCidr,
  parseIpAddress,
  singleAddressCidr,
  type Cidr,
  type IpFamily,
} from "@kube-ts/std/ip-address";

/** Which of the node's addresses accept node ports, in one family. */
export type NodePortAddresses =
  /** Every local address, loopback ones only if `loopback`. */
  | { readonly kind: "all"; readonly loopback: boolean }
  | { readonly kind: "some"; readonly addresses: readonly string[] };

export interface NodePortSettings {
  /** Ranges, or the word `primary` alone for the node's own address; empty for all addresses. */
  readonly ranges: readonly string[];
  /** Whether node ports answer on 127.0.0.0/8 where the ranges hold it. There is no such thing in IPv6. */
  readonly localhost: boolean;
}

const loopback: Readonly<Record<IpFamily, string>> = { IPv4: "127.0.0.0/8", IPv6: "::1/128" };

/** `interfaceAddresses` are the addresses of this host, `nodeIp` its own in the family as far as it is known. */
export function nodePortAddresses(
  settings: NodePortSettings,
  family: IpFamily,
  interfaceAddresses: readonly string[],
  nodeIp: string | undefined,
): NodePortAddresses {
  const withLoopback = settings.localhost && family === "IPv4";
  const ranges = rangesOf(settings.ranges, family, nodeIp);
  if (settings.ranges.length === 0 || ranges.some((range) => range.prefixLength === 0)) {
    return { kind: "all", loopback: withLoopback };
  }
  const addresses = new Set<string>();
  for (const text of interfaceAddresses) {
    const address = parseIpAddress(text);
    if (!address || !ranges.some((range) => cidrContains(range, address))) continue;
    if (withLoopback || !isLoopback(text)) addresses.add(formatIpAddress(address));
  }
  return { kind: "some", addresses: [...addresses].sort() };
}

/** Whether packets from this host to its loopback addresses must be routable to endpoints. */
export function acceptsLoopback(addresses: NodePortAddresses): boolean {
  return addresses.kind === "all" ? addresses.loopback : addresses.addresses.some(isLoopback);
}

export function isLoopback(text: string): boolean {
  const address = parseIpAddress(text);
  if (!address) return false;
  const range = parseCidr(loopback[address.family]);
  return range !== undefined && cidrContains(range, address);
}

/** What is wrong with the setting, undefined when it is valid. */
export function nodePortAddressProblem(settings: readonly string[]): string | undefined {
  if (settings.length === 1 && settings[0] === "primary") return undefined;
  const bad = settings.find((text) => parseCidr(text) === undefined);
  if (bad === "primary") return "the word primary cannot be combined with ranges";
  return bad === undefined ? undefined : `must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64): ${bad}`;
}

function rangesOf(settings: readonly string[], family: IpFamily, nodeIp: string | undefined): readonly Cidr[] {
  return settings.flatMap((text) => {
    const address = text === "primary" ? parseIpAddress(nodeIp ?? "") : undefined;
    const range = address ? singleAddressCidr(address) : parseCidr(text);
    return range?.family === family ? [range] : [];
  });
}
