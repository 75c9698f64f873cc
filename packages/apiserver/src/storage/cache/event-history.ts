import type { Revision } from "../store.ts";
import type { ObjectEvent } from "./cache-event.ts";

export interface HistoryLimits {
  /** Events kept whatever their age. */
  readonly minEvents: number;
  readonly maxEvents: number;
  /** Events are kept this long, within the other bounds. */
  readonly maxAgeMs: number;
  /** Bound of the objects that the events keep in memory. */
  readonly maxBytes: number;
}

/** Bounds of the count and the age as upstream has them. */
export const defaultHistoryLimits: HistoryLimits = {
  minEvents: 100,
  maxEvents: 102_400,
  maxAgeMs: 75_000,
  maxBytes: 96 * 1024 * 1024,
};

/**
 * How many of the latest events keep their frames for watchers that are about to take them. Whoever is later has them made
 * again, which costs little; frames kept for long outlive the collections that are cheap.
 */
const framedEvents = 8;

/** The latest events of a cache, oldest first, addressed by a sequence number that only grows. */
export class EventHistory {
  readonly #limits: HistoryLimits;
  #events: ObjectEvent[] = [];
  /** Index in the array of the oldest event. */
  #head = 0;
  /** Sequence number of the oldest event. */
  #first = 0;
  #bytes = 0;
  #floor: Revision = 0n;

  constructor(limits: HistoryLimits) {
    this.#limits = limits;
  }

  /** Every event after this revision is here. */
  get floor(): Revision {
    return this.#floor;
  }

  get size(): number {
    return this.#events.length - this.#head;
  }

  /** Sequence number of the oldest event here. */
  get first(): number {
    return this.#first;
  }

  /** Sequence number that the next event gets. */
  get next(): number {
    return this.#first + this.size;
  }

  /** Forgets everything; the history begins anew after the revision. */
  reset(floor: Revision): void {
    this.#first = this.next;
    this.#events = [];
    this.#head = 0;
    this.#bytes = 0;
    this.#floor = floor;
  }

  push(event: ObjectEvent): void {
    this.#events.push(event);
    this.#bytes += event.sizeBytes;
    this.at(this.next - 1 - framedEvents)?.dropFrames();
    this.expire(event.atMs);
  }

  /** Forgets what is too old, or too much. */
  expire(nowMs: number): void {
    while (this.#overfull(nowMs)) this.#shift();
    if (this.#head > 1024 && this.#head * 2 > this.#events.length) {
      this.#events = this.#events.slice(this.#head);
      this.#head = 0;
    }
  }

  at(sequence: number): ObjectEvent | undefined {
    return sequence < this.#first ? undefined : this.#events[this.#head + sequence - this.#first];
  }

  /** Sequence number of the first event after the revision. */
  after(revision: Revision): number {
    let low = this.#first;
    let high = this.next;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.at(middle) as ObjectEvent).revision > revision) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #overfull(nowMs: number): boolean {
    const { minEvents, maxEvents, maxAgeMs, maxBytes } = this.#limits;
    if (this.size <= 1) return false;
    if (this.size > maxEvents || this.#bytes > maxBytes) return true;
    return this.size > minEvents && nowMs - (this.at(this.#first) as ObjectEvent).atMs > maxAgeMs;
  }

  #shift(): void {
    const oldest = this.#events[this.#head] as ObjectEvent;
    this.#events[this.#head] = undefined as unknown as ObjectEvent;
    this.#head += 1;
    this.#first += 1;
    this.#bytes -= oldest.sizeBytes;
    this.#floor = oldest.revision;
  }
}
