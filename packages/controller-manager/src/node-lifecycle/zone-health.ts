import type { Node } from "@kube-ts/api/core/v1";
import { findCondition } from "@kube-ts/api/conditions";
import { regionLabel, zoneLabel } from "@kube-ts/api/well-known-labels";

/** How well a zone is: so many failures at once mean that the network failed rather than the nodes. */
export type ZoneState = "normal" | "partialDisruption" | "fullDisruption";

export interface EvictionLimits {
  /** Nodes a second whose pods may be evicted, in a healthy zone. */
  readonly rate: number;
  /** The same in a zone with many failures. */
  readonly secondaryRate: number;
  /** The part of failed nodes from which on a zone counts as disrupted. */
  readonly unhealthyZoneThreshold: number;
  /** Zones of at most this size stop evicting when they are disrupted. */
  readonly largeClusterSize: number;
}

export interface ZoneHealth {
  readonly state: ZoneState;
  /** Nodes that count. */
  readonly size: number;
  /** Of these, those that are not ready. */
  readonly failed: number;
}

const excludeFromDisruptionLabel = "node.kubernetes.io/exclude-disruption";
/** So few failures never make a zone disrupted unless all its nodes failed. */
const toleratedFailures = 2;

/** Names the failure domain of a node; empty when it has none. */
export function zoneOf({ metadata }: Node): string {
  const region = metadata.labels?.[regionLabel] ?? "";
  const zone = metadata.labels?.[zoneLabel] ?? "";
  return region === "" && zone === "" ? "" : `${region}:\u0000:${zone}`;
}

/** The health of each zone that has nodes. */
export function zonesOf(nodes: readonly Node[], threshold: number): Map<string, ZoneHealth> {
  const counts = new Map<string, { ready: number; failed: number }>();
  for (const node of nodes) {
    const count = counts.get(zoneOf(node)) ?? { ready: 0, failed: 0 };
    counts.set(zoneOf(node), count);
    const ready = findCondition(node.status?.conditions, "Ready");
    if (!ready || node.metadata.labels?.[excludeFromDisruptionLabel] !== undefined) continue;
    if (ready.status === "True") count.ready += 1;
    else count.failed += 1;
  }
  return new Map(
    [...counts].map(([zone, { ready, failed }]) => {
      return [zone, { state: stateOf(ready, failed, threshold), size: ready + failed, failed }] as const;
    }),
  );
}

function stateOf(ready: number, failed: number, threshold: number): ZoneState {
  if (failed > 0 && ready === 0) return "fullDisruption";
  const isPartial = failed > toleratedFailures && failed / (failed + ready) >= threshold;
  return isPartial ? "partialDisruption" : "normal";
}

/** Whether no zone works: then the fault is more likely ours, and nothing is evicted. */
export function isEverythingDisrupted(zones: ReadonlyMap<string, ZoneHealth>): boolean {
  return zones.size > 0 && [...zones.values()].every(({ state }) => state === "fullDisruption");
}

/** Nodes a second whose pods may be evicted in the zone while other zones work. */
export function evictionRate({ state, size }: ZoneHealth, limits: EvictionLimits): number {
  if (state !== "partialDisruption") return limits.rate;
  return size > limits.largeClusterSize ? limits.secondaryRate : 0;
}
