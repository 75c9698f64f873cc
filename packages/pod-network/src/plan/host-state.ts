import type { IpFamily } from "@kube-ts/std/ip-address";

/** Marks routes and policy rules as ours: everything else on the host is somebody else's. */
export const routeProtocol = 107;
/** Our routes' rank: a route of somebody else for the same range is left in force and in place. */
export const routeMetric = 107;
/** Table of the routes by which pods reach other nodes' own addresses through the overlay. */
export const overlayTable = 107;
/** Rank of the policy rules that lead into that table: after the host's own addresses, before all else. */
export const rulePriority = 107;
export const mainTable = 254;

/** A vxlan device's fixed properties. */
export interface VxlanProperties {
  readonly id: number;
  readonly port: number;
  readonly local: string;
  /** The device that encapsulated packets leave by. */
  readonly device: string;
  readonly learning: boolean;
}

export interface HostLink {
  readonly name: string;
  readonly mtu: number;
  readonly mac: string;
  readonly up: boolean;
  /** Addresses with the length of their prefix, link-local ones left out. */
  readonly addresses: readonly HostAddress[];
  /** Present when the link is a vxlan device. */
  readonly vxlan?: VxlanProperties;
}

export interface HostAddress {
  readonly family: IpFamily;
  readonly address: string;
  readonly prefixLength: number;
}

/** A unicast route. */
export interface HostRoute {
  readonly family: IpFamily;
  readonly table: number;
  readonly protocol: number;
  readonly metric: number;
  /** A range, that of the default route `0.0.0.0/0` or `::/0`. */
  readonly destination: string;
  /** Absent when the destination is on the link itself. */
  readonly gateway?: string;
  /** Absent when there are several next hops, or one of the other family. */
  readonly device?: string;
  readonly onlink: boolean;
}

export interface PolicyRule {
  readonly family: IpFamily;
  readonly source: string;
  readonly table: number;
  readonly priority: number;
}

/** Who answers for an address on the overlay device. */
export interface Neighbour {
  readonly family: IpFamily;
  readonly address: string;
  readonly mac: string;
}

/** Which node the overlay device sends a frame to. */
export interface ForwardingEntry {
  readonly mac: string;
  readonly remote: string;
}

/** What the network agent sees and may change of this host. */
export interface HostState {
  readonly links: readonly HostLink[];
  /** Of all tables, ours and those of others. */
  readonly routes: readonly HostRoute[];
  /** Ours only. */
  readonly rules: readonly PolicyRule[];
  /** Permanent ones of overlay devices, by device. */
  readonly neighbours: ReadonlyMap<string, readonly Neighbour[]>;
  /** Of overlay devices, by device. */
  readonly forwarding: ReadonlyMap<string, readonly ForwardingEntry[]>;
}

const overlayPrefix = "podnet.";

/** Name of the overlay device of a virtual network. */
export function overlayName(id: number): string {
  return `${overlayPrefix}${id}`;
}

/** Whether a device is an overlay device of ours, of whatever virtual network. */
export function isOverlay(link: HostLink): boolean {
  return link.vxlan !== undefined && /^podnet\.\d+$/.test(link.name);
}
