import type { Event, ObjectReference } from "@kube-ts/api/core/v1";
import { formatTime } from "@kube-ts/api/rfc3339";
import type { Clock } from "@kube-ts/std/clock";
import type { Random } from "@kube-ts/std/random";
import { LruMap } from "./lru-map.ts";
import { TokenBucket } from "./token-bucket.ts";

/** Something that a component reports. */
export interface EventReport {
  readonly subject: ObjectReference;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly action: string;
  readonly related: ObjectReference | undefined;
  /** Wall-clock milliseconds. */
  readonly atMs: number;
}

export type EventVerdict =
  /** One object reports too much: not sent. */
  | { readonly kind: "drop" }
  | { readonly kind: "create"; readonly event: Event; readonly key: string }
  /** The event is known: only what has changed is sent; `event` is for when the server has forgotten it. */
  | { readonly kind: "count"; readonly event: Event; readonly patch: Partial<Event>; readonly key: string };

interface KnownEvent {
  readonly name: string;
  readonly count: number;
  readonly firstTimestamp: string;
}

interface SimilarEvents {
  readonly messages: Set<string>;
  lastMs: number;
}

const cacheSize = 4096;

/** One object of one source: 25 events at once, then one in five minutes. */
const spamBurst = 25;
const spamQps = 1 / 300;

const nanosPerMs = 1_000_000n;

/** From this many messages within the window on, events that differ in their message only are reported as one. */
const maxSimilarMessages = 10;
const similarWindowMs = 600_000;

/**
 * Decides what becomes of each report, as upstream does: too many about one object are dropped, many that differ in
 * their message are combined, and a repeated one raises the count of the event that exists.
 */
export class EventCorrelator {
  readonly #component: string;
  readonly #host: string;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #buckets = new LruMap<string, TokenBucket>(cacheSize);
  readonly #similar = new LruMap<string, SimilarEvents>(cacheSize);
  readonly #known = new LruMap<string, KnownEvent>(cacheSize);
  #lastNanos = 0n;

  constructor(component: string, host: string, clock: Clock, random: Random) {
    this.#component = component;
    this.#host = host;
    this.#clock = clock;
    this.#random = random;
  }

  decide(report: EventReport): EventVerdict {
    if (!this.#allowed(report.subject)) return { kind: "drop" };
    const { key, message } = this.#combine(report);
    const known = this.#known.get(key);
    const event = this.#eventOf(report, message, known);
    const { count = 1 } = event;
    this.#known.set(key, { name: event.metadata.name ?? "", count, firstTimestamp: event.firstTimestamp ?? "" });
    if (!known) return { kind: "create", event, key };
    const { lastTimestamp = "" } = event;
    return { kind: "count", event, key, patch: { count, lastTimestamp, message } };
  }

  /** The same event under another name: somebody else's has that one. */
  renamed(event: Event, key: string): Event {
    const name = this.#newName(event.involvedObject, this.#clock.now());
    const known = this.#known.get(key);
    if (known) this.#known.set(key, { ...known, name });
    return { ...event, metadata: { ...event.metadata, name } };
  }

  /** The event could not be written: the next like it is a new one. */
  forget(key: string): void {
    this.#known.delete(key);
  }

  #allowed(subject: ObjectReference): boolean {
    const { kind, namespace, name, uid, apiVersion } = subject;
    const key = JSON.stringify([kind, namespace, name, uid, apiVersion]);
    let bucket = this.#buckets.get(key);
    if (!bucket) {
      bucket = new TokenBucket(this.#clock, spamQps, spamBurst);
      this.#buckets.set(key, bucket);
    }
    return bucket.tryTake();
  }

  #combine(report: EventReport): { readonly key: string; readonly message: string } {
    const { subject, type, reason, message } = report;
    const { kind, namespace, name, uid, apiVersion, fieldPath } = subject;
    const groupKey = JSON.stringify([kind, namespace, name, uid, apiVersion, type, reason]);
    const nowMs = this.#clock.monotonicMs();
    const found = this.#similar.get(groupKey);
    const group =
      found && nowMs - found.lastMs <= similarWindowMs ? found : { messages: new Set<string>(), lastMs: nowMs };
    group.lastMs = nowMs;
    group.messages.add(message);
    this.#similar.set(groupKey, group);
    if (group.messages.size < maxSimilarMessages)
      return { key: JSON.stringify([groupKey, fieldPath, message]), message };
    const [oldest = ""] = group.messages;
    group.messages.delete(oldest);
    return { key: groupKey, message: `(combined from similar events): ${message}` };
  }

  #eventOf(report: EventReport, message: string, known: KnownEvent | undefined): Event {
    const { subject, type, reason, action, related, atMs } = report;
    const timestamp = formatTime(atMs);
    const source = { component: this.#component, ...(this.#host !== "" && { host: this.#host }) };
    return {
      metadata: { name: known?.name ?? this.#newName(subject, atMs), namespace: subject.namespace || "default" },
      involvedObject: subject,
      reason,
      message,
      source,
      firstTimestamp: known?.firstTimestamp ?? timestamp,
      lastTimestamp: timestamp,
      count: (known?.count ?? 0) + 1,
      type,
      ...(action !== "" && { action }),
      ...(related && { related }),
      reportingComponent: this.#component,
      reportingInstance: this.#host,
    };
  }

  /**
   * `<object>.<hexadecimal nanoseconds>`, never twice. What is finer than the clock is made up, so that two components
   * that report of one object within a millisecond do not choose the same name.
   */
  #newName(subject: ObjectReference, atMs: number): string {
    const nowNanos =
      BigInt(Math.floor(atMs)) * nanosPerMs + BigInt(Math.floor(this.#random.next() * Number(nanosPerMs)));
    this.#lastNanos = nowNanos > this.#lastNanos ? nowNanos : this.#lastNanos + 1n;
    return `${subject.name}.${this.#lastNanos.toString(16)}`;
  }
}
