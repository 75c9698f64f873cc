import { canonicalAddress, canonicalCidr } from "../plan/cluster-node.ts";
import type { ClusterNode } from "../plan/cluster-node.ts";
import type { HostRoute, HostState } from "../plan/host-state.ts";
import type { NetworkSettings } from "../plan/network-plan.ts";

export function makeSettings(changes: Partial<NetworkSettings> = {}): NetworkSettings {
  return { mode: "routes", mtu: 0, interface: "", vxlan: { id: 1, port: 8472 }, ...changes };
}

export function makeNode(name: string, podCidrs: readonly string[], addresses: readonly string[]): ClusterNode {
  return { name, podCidrs: podCidrs.flatMap(canonicalCidr), addresses: addresses.flatMap(canonicalAddress) };
}

export function makeRoute(changes: Partial<HostRoute> & Pick<HostRoute, "destination">): HostRoute {
  const family = changes.destination.includes(":") ? "IPv6" : "IPv4";
  return { family, table: 254, protocol: 2, metric: 0, onlink: false, ...changes };
}

/** A host with the addresses 192.0.2.1/24 and 2001:db8::1/64 on eth0, of 1500 bytes, and routers behind both. */
export function makeHost(changes: Partial<HostState> = {}): HostState {
  return {
    links: [
      {
        name: "eth0",
        mtu: 1500,
        mac: "02:00:00:00:00:01",
        up: true,
        addresses: [
          { family: "IPv4", address: "192.0.2.1", prefixLength: 24 },
          { family: "IPv6", address: "2001:db8::1", prefixLength: 64 },
        ],
      },
    ],
    routes: [
      makeRoute({ destination: "0.0.0.0/0", gateway: "192.0.2.254", device: "eth0" }),
      makeRoute({ destination: "192.0.2.0/24", device: "eth0" }),
      makeRoute({ destination: "::/0", gateway: "2001:db8::ff", device: "eth0", metric: 1024 }),
      makeRoute({ destination: "2001:db8::/64", device: "eth0", metric: 256 }),
    ],
    rules: [],
    neighbours: new Map(),
    forwarding: new Map(),
    ...changes,
  };
}

/** The node of `makeHost`, and two more: one on its segment and one behind the router. */
export const ownNode = makeNode("a", ["10.244.1.0/24", "fd00:1::/64"], ["192.0.2.1", "2001:db8::1"]);
export const nearNode = makeNode("b", ["10.244.2.0/24", "fd00:2::/64"], ["192.0.2.2", "2001:db8::2"]);
export const farNode = makeNode("c", ["10.244.3.0/24", "fd00:3::/64"], ["198.51.100.3", "2001:db8:1::3"]);
