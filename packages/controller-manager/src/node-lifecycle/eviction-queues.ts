import { TokenBucket } from "@kube-ts/client/token-bucket";
import type { Clock } from "@kube-ts/std/clock";

interface ZoneQueue {
  readonly nodes: Set<string>;
  rate: number;
  bucket: TokenBucket | undefined;
}

/** Nodes whose pods are to leave, each zone with a rate of its own. Bounded by the number of nodes. */
export class EvictionQueues {
  readonly #clock: Clock;
  readonly #zones = new Map<string, ZoneQueue>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Nodes a second of the zone; 0 lets none through. A new rate starts with one node at once. */
  setRate(zone: string, rate: number): void {
    const queue = this.#zone(zone);
    if (queue.rate === rate) return;
    queue.rate = rate;
    queue.bucket = rate > 0 ? new TokenBucket(this.#clock, rate, 1) : undefined;
  }

  add(zone: string, node: string): void {
    this.remove(node, zone);
    this.#zone(zone).nodes.add(node);
  }

  /** Takes the node out of every zone except the one given. */
  remove(node: string, except?: string): void {
    for (const [zone, { nodes }] of this.#zones) if (zone !== except) nodes.delete(node);
  }

  clear(): void {
    for (const { nodes } of this.#zones.values()) nodes.clear();
  }

  /** The nodes whose turn it is now, at most one of each zone. */
  take(): string[] {
    const due: string[] = [];
    for (const { nodes, bucket } of this.#zones.values()) {
      const [first] = nodes;
      if (first === undefined || !bucket?.tryTake()) continue;
      nodes.delete(first);
      due.push(first);
    }
    return due;
  }

  #zone(name: string): ZoneQueue {
    let queue = this.#zones.get(name);
    if (!queue) {
      queue = { nodes: new Set(), rate: 0, bucket: undefined };
      this.#zones.set(name, queue);
    }
    return queue;
  }
}
