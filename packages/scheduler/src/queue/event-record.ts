import type { ClusterEvent } from "../framework/cluster-event.ts";

const maxEvents = 10_000;

/**
 * The events that came while pods were being scheduled: a pod that is turned down may have missed what makes it
 * schedulable. Bounded: a pod for which events were dropped is told so, and is to be tried again.
 */
export class EventRecord {
  #events: ClusterEvent[] = [];
  /** Position of the first event kept. */
  #first = 0;
  readonly #readers = new Map<number, number>();

  /** The position after the last event; events from here on are kept until `release`. */
  open(): number {
    const position = this.#first + this.#events.length;
    this.#readers.set(position, (this.#readers.get(position) ?? 0) + 1);
    return position;
  }

  add(event: ClusterEvent): void {
    if (this.#readers.size === 0) return;
    this.#events.push(event);
    if (this.#events.length <= maxEvents) return;
    const dropped = this.#events.length >> 1;
    this.#events = this.#events.slice(dropped);
    this.#first += dropped;
  }

  /** What came since the position; `complete` is false when some of it was dropped. */
  since(position: number): { readonly events: readonly ClusterEvent[]; readonly complete: boolean } {
    if (position < this.#first) return { events: [], complete: false };
    return { events: this.#events.slice(position - this.#first), complete: true };
  }

  /** The reader of this position needs its events no more. */
  release(position: number): void {
    const readers = this.#readers.get(position) ?? 0;
    if (readers > 1) {
      this.#readers.set(position, readers - 1);
      return;
    }
    this.#readers.delete(position);
    let oldest = this.#first + this.#events.length;
    // Positions are inserted in rising order, so the first is the oldest.
    for (const open of this.#readers.keys()) {
      oldest = open;
      break;
    }
    if (oldest <= this.#first) return;
    this.#events.splice(0, oldest - this.#first);
    this.#first = oldest;
  }

  get size(): number {
    return this.#events.length;
  }
}
