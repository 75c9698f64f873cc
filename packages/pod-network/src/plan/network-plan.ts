import { createHash } from "node:crypto";
import type { IpFamily } from "@kube-ts/std/ip-address";
import { baseAddress, ofFamily } from "./cluster-node.ts";
import type { ClusterNode, FamilyText } from "./cluster-node.ts";
import { mainTable, overlayName, overlayTable, rulePriority } from "./host-state.ts";
import type { ForwardingEntry, HostLink, HostState, Neighbour, PolicyRule } from "./host-state.ts";
import { segmentLookup } from "./segment.ts";
import type { SegmentLookup } from "./segment.ts";

/**
 * How packets get from node to node: by plain routes, for which nodes must share a segment; through a vxlan overlay;
 * or by routes where a segment is shared and through the overlay elsewhere.
 */
export type NetworkMode = "routes" | "vxlan" | "auto";

export interface NetworkSettings {
  readonly mode: NetworkMode;
  /** Largest packet of pods, in bytes; 0 to find it out. */
  readonly mtu: number;
  /** The device that carries traffic between nodes; empty for the one with the node's address. */
  readonly interface: string;
  readonly vxlan: { readonly id: number; readonly port: number };
}

/** A route of ours. */
export interface PodRoute {
  readonly family: IpFamily;
  readonly table: number;
  readonly destination: string;
  readonly gateway: string;
  readonly device: string;
  /** Take the gateway to be on the device's link, whatever addresses the device has. */
  readonly onlink: boolean;
}

export interface OverlayLink {
  readonly name: string;
  readonly id: number;
  readonly port: number;
  /** This node's address, from which encapsulated packets leave. */
  readonly local: string;
  readonly device: string;
  readonly mac: string;
  readonly mtu: number;
  /** One of each family that pods have: the first of the node's range. */
  readonly addresses: readonly FamilyText[];
}

/** Why pods of a node cannot be reached. */
export type UnreachableReason = "OffSegment" | "NoAddress" | "RangeConflict";

export interface UnreachableNode {
  readonly node: string;
  readonly family: IpFamily;
  readonly reason: UnreachableReason;
}

/** What is to be on this host. */
export interface NetworkPlan {
  readonly kind: "plan";
  /** The device that carries traffic between nodes. */
  readonly device: string;
  /** Largest packet of pods, in bytes. */
  readonly podMtu: number;
  readonly link: OverlayLink | undefined;
  readonly routes: readonly PodRoute[];
  readonly rules: readonly PolicyRule[];
  readonly neighbours: readonly Neighbour[];
  readonly forwarding: readonly ForwardingEntry[];
  readonly unreachable: readonly UnreachableNode[];
}

/** Why there is nothing to plan yet. */
export interface Waiting {
  readonly kind: "waiting";
  readonly reason: string;
}

/** Bytes that encapsulation adds to each packet: outer headers, UDP, vxlan and the inner Ethernet header. */
const overheadBytes: Readonly<Record<IpFamily, number>> = { IPv4: 50, IPv6: 70 };

/** Decides what has to be on this node so that its pods and those of the other nodes reach each other. Pure. */
export function planNetwork(
  settings: NetworkSettings,
  own: ClusterNode | undefined,
  others: readonly ClusterNode[],
  host: Pick<HostState, "links" | "routes">,
): NetworkPlan | Waiting {
  if (!own) return { kind: "waiting", reason: "the Node does not exist" };
  if (own.podCidrs.length === 0) return { kind: "waiting", reason: "the Node has no range of pod addresses" };
  // The same choice on every node: an overlay device speaks one family.
  const underlay = own.addresses.find(({ family }) => family === "IPv4") ?? own.addresses[0];
  if (!underlay) return { kind: "waiting", reason: "the Node has no InternalIP" };
  const device = underlayDevice(settings, underlay, host.links);
  if (!device) return { kind: "waiting", reason: missingDevice(settings, underlay) };
  const overhead = settings.mode === "routes" ? 0 : overheadBytes[underlay.family];
  const podMtu = settings.mtu > 0 ? settings.mtu : device.mtu - overhead;
  const link = settings.mode === "routes" ? undefined : overlayLink(settings, own, underlay, device, podMtu);
  const peers = others.filter(({ podCidrs }) => podCidrs.length > 0).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const parts = new PlanParts(own, underlay.family, settings.mode, link, segmentLookup(host.routes));
  for (const peer of peers) parts.add(peer);
  return { kind: "plan", device: device.name, podMtu, link, ...parts.result() };
}

function underlayDevice(
  settings: NetworkSettings,
  underlay: FamilyText,
  links: readonly HostLink[],
): HostLink | undefined {
  if (settings.interface !== "") return links.find(({ name }) => name === settings.interface);
  return links.find(({ addresses }) => addresses.some(({ address }) => address === underlay.text));
}

function missingDevice(settings: NetworkSettings, underlay: FamilyText): string {
  return settings.interface === ""
    ? `no interface has the Node's address ${underlay.text}`
    : `there is no interface ${settings.interface}`;
}

function overlayLink(
  { vxlan }: NetworkSettings,
  own: ClusterNode,
  underlay: FamilyText,
  device: HostLink,
  mtu: number,
): OverlayLink {
  return {
    name: overlayName(vxlan.id),
    id: vxlan.id,
    port: vxlan.port,
    local: underlay.text,
    device: device.name,
    mac: overlayMac(own),
    mtu,
    addresses: own.podCidrs.map(({ family, text }) => ({ family, text: baseAddress(text) })),
  };
}

/**
 * The hardware address of a node's overlay device. It follows from the node's range, which no other node has, so
 * that nodes know each other's without telling it, and a device that is made anew has the same.
 */
export function overlayMac(node: ClusterNode): string {
  const octets = createHash("sha256")
    .update(node.podCidrs[0]?.text ?? "")
    .digest()
    .subarray(0, 6);
  // Locally administered, and of one device.
  const first = ((octets[0] ?? 0) & 0xfc) | 0x02;
  return [first, ...octets.subarray(1)].map((octet) => octet.toString(16).padStart(2, "0")).join(":");
}

/** Grows node by node. */
class PlanParts {
  readonly #own: ClusterNode;
  readonly #underlay: IpFamily;
  readonly #mode: NetworkMode;
  readonly #link: OverlayLink | undefined;
  readonly #segment: SegmentLookup;
  readonly #routes: PodRoute[] = [];
  readonly #neighbours: Neighbour[] = [];
  readonly #forwarding: ForwardingEntry[] = [];
  readonly #unreachable: UnreachableNode[] = [];
  /** Destinations that have a route, or need none. */
  readonly #taken: Set<string>;

  constructor(
    own: ClusterNode,
    underlay: IpFamily,
    mode: NetworkMode,
    link: OverlayLink | undefined,
    segment: SegmentLookup,
  ) {
    this.#own = own;
    this.#underlay = underlay;
    this.#mode = mode;
    this.#link = link;
    this.#segment = segment;
    this.#taken = new Set(own.podCidrs.map(({ text }) => text));
  }

  add(peer: ClusterNode): void {
    const ranges = peer.podCidrs.filter(({ family, text }) => {
      // Without pods of a family there is nothing here that would ask for it.
      if (ofFamily(this.#own.podCidrs, family) === undefined) return false;
      const conflict = this.#taken.has(text);
      if (conflict) this.#unreachable.push({ node: peer.name, family, reason: "RangeConflict" });
      this.#taken.add(text);
      return !conflict;
    });
    const overlaid = ranges.filter(({ family, text }) => !this.#addDirect(peer, family, text));
    if (overlaid.length > 0 && this.#link) this.#addOverlay(peer, overlaid, this.#link);
  }

  result() {
    // Without a route in it, the table would only be passed through.
    const overlaid = new Set(this.#routes.filter(({ table }) => table === overlayTable).map(({ family }) => family));
    const rules = this.#own.podCidrs
      .filter(({ family }) => overlaid.has(family))
      .map(({ family, text }) => ({ family, source: text, table: overlayTable, priority: rulePriority }));
    return {
      routes: this.#routes,
      rules,
      neighbours: this.#neighbours,
      forwarding: this.#forwarding,
      unreachable: this.#unreachable,
    };
  }

  /** Whether the range needs no overlay: it has a plain route, or cannot have any. */
  #addDirect(peer: ClusterNode, family: IpFamily, destination: string): boolean {
    if (this.#mode === "vxlan") return false;
    const gateway = ofFamily(peer.addresses, family);
    const device = gateway === undefined ? undefined : this.#segment(gateway);
    if (gateway !== undefined && device !== undefined) {
      this.#routes.push({ family, table: mainTable, destination, gateway, device, onlink: false });
      return true;
    }
    if (this.#mode === "auto") return false;
    this.#unreachable.push({ node: peer.name, family, reason: gateway === undefined ? "NoAddress" : "OffSegment" });
    return true;
  }

  #addOverlay(peer: ClusterNode, ranges: readonly FamilyText[], link: OverlayLink): void {
    const remote = ofFamily(peer.addresses, this.#underlay);
    if (remote === undefined) {
      for (const { family } of ranges) this.#unreachable.push({ node: peer.name, family, reason: "NoAddress" });
      return;
    }
    const mac = overlayMac(peer);
    this.#forwarding.push({ mac, remote });
    for (const { family, text } of ranges) {
      const gateway = baseAddress(text);
      const common = { family, gateway, device: link.name, onlink: true };
      this.#neighbours.push({ family, address: gateway, mac });
      this.#routes.push({ ...common, table: mainTable, destination: text });
      const address = ofFamily(peer.addresses, family);
      // Pods reach the node itself this way too, so that routers in between need not know the ranges of pods.
      if (address !== undefined) {
        this.#routes.push({ ...common, table: overlayTable, destination: hostRange(family, address) });
      }
    }
  }
}

function hostRange(family: IpFamily, address: string): string {
  return `${address}/${family === "IPv4" ? 32 : 128}`;
}
