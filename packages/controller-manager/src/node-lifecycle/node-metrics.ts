import { Counter, exponentialBuckets, Gauge, Histogram } from "@kube-ts/std/metrics";
import type { Registry } from "@kube-ts/std/metrics";
import type { ZoneHealth } from "./zone-health.ts";

/** Upstream's metrics of the nodes and their zones. */
export class NodeMetrics {
  readonly #size: Gauge<"zone">;
  readonly #health: Gauge<"zone">;
  readonly #unhealthy: Gauge<"zone">;
  readonly #evictions: Counter<"zone">;
  readonly #nodeDuration: Histogram;
  readonly #allNodesDuration: Histogram;
  #zones: ReadonlySet<string> = new Set();

  constructor(registry: Registry) {
    const registers = [registry];
    const byZone = { labelNames: ["zone"] as const, registers };
    this.#size = new Gauge({ ...byZone, name: "node_collector_zone_size", help: "How many nodes a zone has." });
    this.#health = new Gauge({
      ...byZone,
      name: "node_collector_zone_health",
      help: "How many of a hundred nodes of a zone are ready.",
    });
    this.#unhealthy = new Gauge({
      ...byZone,
      name: "node_collector_unhealthy_nodes_in_zone",
      help: "How many nodes of a zone are not ready.",
    });
    this.#evictions = new Counter({
      ...byZone,
      name: "node_collector_evictions_total",
      help: "How many nodes of a zone had their pods evicted since the start.",
    });
    this.#nodeDuration = new Histogram({
      name: "node_collector_update_node_health_duration_seconds",
      help: "How long it took to bring the health of one node up to date.",
      buckets: exponentialBuckets(0.001, 4, 8),
      registers,
    });
    this.#allNodesDuration = new Histogram({
      name: "node_collector_update_all_nodes_health_duration_seconds",
      help: "How long it took to bring the health of all nodes up to date.",
      buckets: exponentialBuckets(0.01, 4, 8),
      registers,
    });
  }

  /** What the zones are like now. Those that are gone count as empty and well. */
  zonesSeen(zones: ReadonlyMap<string, ZoneHealth>): void {
    const seen = new Set<string>();
    for (const [zone, { size, failed }] of zones) {
      if (size === 0) continue;
      seen.add(zone);
      this.#set(zone, size, failed);
      this.#evictions.inc({ zone }, 0);
    }
    for (const zone of this.#zones) if (!seen.has(zone)) this.#set(zone, 0, 0);
    this.#zones = seen;
  }

  #set(zone: string, size: number, failed: number): void {
    this.#size.set({ zone }, size);
    this.#unhealthy.set({ zone }, failed);
    this.#health.set({ zone }, size === 0 ? 100 : (100 * (size - failed)) / size);
  }

  evicted(zone: string): void {
    this.#evictions.inc({ zone });
  }

  nodeChecked(seconds: number): void {
    this.#nodeDuration.observe(seconds);
  }

  allNodesChecked(seconds: number): void {
    this.#allNodesDuration.observe(seconds);
  }
}
