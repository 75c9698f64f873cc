import { cidrContains, parseCidr, parseIpAddress } from "@kube-ts/std/ip-address";
import type { Cidr } from "@kube-ts/std/ip-address";
import { mainTable, routeProtocol } from "./host-state.ts";
import type { HostRoute } from "./host-state.ts";

/** Tells by which device an address is reached without a router in between; undefined when there is one. */
export type SegmentLookup = (address: string) => string | undefined;

/**
 * Looks addresses up among the routes of the main table that are not ours, as the kernel does: the longest prefix
 * counts, of equal ones the least metric.
 */
export function segmentLookup(routes: readonly HostRoute[]): SegmentLookup {
  const candidates = routes
    .filter(({ table, protocol }) => table === mainTable && protocol !== routeProtocol)
    .flatMap((route) => {
      const range = parseCidr(route.destination);
      return range ? [{ route, range }] : [];
    })
    .sort((left, right) => rank(left.range, right.range) || left.route.metric - right.route.metric);
  return (text) => {
    const address = parseIpAddress(text);
    if (!address) return undefined;
    const found = candidates.find(({ range }) => cidrContains(range, address))?.route;
    return found && found.gateway === undefined ? found.device : undefined;
  };
}

function rank(left: Cidr, right: Cidr): number {
  return right.prefixLength - left.prefixLength;
}
