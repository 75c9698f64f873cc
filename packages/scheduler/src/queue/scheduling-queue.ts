import type { Clock } from "@kube-ts/std/clock";
import { type ClusterEvent, eventLabel } from "../framework/cluster-event.ts";
import type { QueuedPodOrder } from "../framework/plugin.ts";
import type { PodInfo } from "@kube-ts/api/placement/pod-info";
import type { Outcome } from "../framework/status.ts";
import { EventRecord } from "./event-record.ts";
import { LazyHeap } from "./lazy-heap.ts";
import { type HeapTicket, newQueuedPod, type QueuedPod, type QueuePlace } from "./queued-pod.ts";
import type { RequeueRules } from "./requeue-rules.ts";

export interface SchedulingQueueOptions {
  readonly clock: Clock;
  less(a: QueuedPodOrder, b: QueuedPodOrder): boolean;
  preEnqueue(pod: PodInfo): Outcome;
  /** The hints of the pod's profile. */
  rulesFor(pod: PodInfo): RequeueRules;
  readonly initialBackoffMs: number;
  readonly maxBackoffMs: number;
  /** Counts what enters a queue, by queue and cause. */
  readonly onEnqueue?: (queue: "active" | "backoff" | "unschedulable" | "gated", event: string) => void;
}

/** Why a pod that was popped could not be scheduled. */
export interface Rejection {
  readonly plugins: ReadonlySet<string>;
  readonly pendingPlugins: ReadonlySet<string>;
  /** Something failed, as opposed to the pod having been turned down. */
  readonly isError: boolean;
}

const maxUnschedulableMs = 5 * 60_000;
const noPlugins: ReadonlySet<string> = new Set();

/**
 * The pods that wait for a node. Active pods are popped in order; those that failed wait out their back-off; those that
 * were turned down wait for an event that a plugin finds promising, or five minutes. A pod is in one place at a time.
 */
export class SchedulingQueue {
  readonly #options: SchedulingQueueOptions;
  readonly #clock: Clock;
  readonly #pods = new Map<string, QueuedPod>();
  readonly #active: LazyHeap<HeapTicket>;
  readonly #backoff: LazyHeap<HeapTicket>;
  readonly #counts: Record<QueuePlace, number> = { active: 0, backoff: 0, unschedulable: 0, gated: 0, inFlight: 0 };
  /** Pods that wait for an event, by profile and by the plugins that turned them down. */
  readonly #waiting = new Map<string, Set<QueuedPod>>();
  readonly #record = new EventRecord();
  #wake: PromiseWithResolvers<void> | undefined;

  constructor(options: SchedulingQueueOptions) {
    this.#options = options;
    this.#clock = options.clock;
    const { less } = options;
    this.#active = new LazyHeap(({ queued: a }, { queued: b }) => (less(a, b) ? -1 : less(b, a) ? 1 : 0));
    this.#backoff = new LazyHeap((a, b) => a.backoffUntilMs - b.backoffUntilMs);
  }

  /** How many pods are in each place. */
  counts(): Readonly<Record<QueuePlace, number>> {
    return this.#counts;
  }

  has(uid: string): boolean {
    return this.#pods.has(uid);
  }

  place(uid: string): QueuePlace | undefined {
    return this.#pods.get(uid)?.place;
  }

  /** A pending pod that was not known. */
  add(pod: PodInfo): void {
    if (this.#pods.has(pod.uid)) {
      this.update(undefined, pod);
      return;
    }
    const queued = newQueuedPod(pod, this.#clock.monotonicMs());
    this.#pods.set(pod.uid, queued);
    this.#counts.active += 1;
    this.#activate(queued, "PodAdd");
  }

  /** A pending pod has changed. `event` tells what of it, as far as it matters to plugins. */
  update(event: ClusterEvent | undefined, pod: PodInfo): void {
    const queued = this.#pods.get(pod.uid);
    if (!queued) {
      this.add(pod);
      return;
    }
    queued.pod = pod;
    if (!event) return;
    if (queued.place === "inFlight") this.#record.add(event);
    else if (queued.waitsWith) this.#reconsider(queued, event);
  }

  /** The pod is gone or has a node. */
  delete(uid: string): void {
    const queued = this.#pods.get(uid);
    if (!queued) return;
    if (queued.place === "inFlight") this.#record.release(queued.poppedAt);
    this.#pods.delete(uid);
    this.#counts[queued.place] -= 1;
    this.#leave(queued);
  }

  /** The first active pod, which is then in flight until `done`, `reject` or `delete`. */
  pop(): QueuedPod | undefined {
    const ticket = this.#active.pop();
    if (!ticket) return undefined;
    const { queued } = ticket;
    queued.ticket = undefined;
    queued.attempts += 1;
    queued.firstTriedAtMs ??= this.#clock.monotonicMs();
    queued.rejectedBy = noPlugins;
    queued.pendingFor = noPlugins;
    queued.poppedAt = this.#record.open();
    this.#move(queued, "inFlight");
    return queued;
  }

  /** The pod that was popped needs no more attempts. */
  done(queued: QueuedPod): void {
    if (this.#has(queued) && queued.place === "inFlight") this.delete(queued.pod.uid);
  }

  /** Gives a popped pod back. It waits for an event unless one that matters has come meanwhile. */
  reject(queued: QueuedPod, { plugins, pendingPlugins, isError }: Rejection): void {
    if (!this.#has(queued) || queued.place !== "inFlight") return;
    const missed = this.#record.since(queued.poppedAt);
    this.#record.release(queued.poppedAt);
    queued.rejectedBy = plugins;
    queued.pendingFor = pendingPlugins;
    queued.queuedAtMs = this.#clock.monotonicMs();
    if (isError || plugins.size + pendingPlugins.size === 0) queued.errors += 1;
    else {
      queued.rejections += 1;
      queued.errors = 0;
    }
    queued.backoffUntilMs = queued.queuedAtMs + this.#backoffMs(queued);
    if (isError || plugins.size + pendingPlugins.size === 0) {
      this.#enterBackoff(queued, "ScheduleAttemptFailure");
      return;
    }
    if (!missed.complete) {
      this.#requeue(queued, "backoff", "ScheduleAttemptFailure");
      return;
    }
    this.#wait(queued, "unschedulable", "ScheduleAttemptFailure");
    for (const event of missed.events) {
      this.#reconsider(queued, event);
      if (!queued.waitsWith) return;
    }
  }

  /** Something happened in the cluster: pods that it may help are tried again. */
  onEvent(event: ClusterEvent): void {
    this.#record.add(event);
    for (const group of Array.from(this.#waiting.values())) {
      const [sample] = group;
      if (!sample) continue;
      const plugins = [...sample.rejectedBy, ...sample.pendingFor];
      if (!this.#options.rulesFor(sample.pod).concerns(plugins, event)) continue;
      for (const queued of Array.from(group)) this.#reconsider(queued, event);
    }
  }

  /** Tries the pods again whatever turned them down. */
  activate(uids: Iterable<string>): void {
    for (const uid of uids) {
      const queued = this.#pods.get(uid);
      if (queued && queued.place !== "active" && queued.place !== "inFlight") this.#activate(queued, "ForceActivate");
    }
  }

  /** Moves pods whose back-off is over to the active queue. */
  flushBackoff(): void {
    const nowMs = this.#clock.monotonicMs();
    for (;;) {
      const ticket = this.#backoff.peek();
      if (!ticket || ticket.backoffUntilMs > nowMs) return;
      this.#activate(ticket.queued, "BackoffComplete");
    }
  }

  /** Tries pods again that have waited for an event for too long: a hint may be wrong. */
  flushUnschedulable(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const queued of [...this.#waiting.values()].flatMap((group) => [...group])) {
      if (queued.place !== "unschedulable" || nowMs - queued.queuedAtMs <= maxUnschedulableMs) continue;
      this.#requeue(queued, "backoff", "UnschedulableTimeout");
    }
  }

  /** When the next back-off ends, on the monotonic clock. */
  nextBackoffAtMs(): number | undefined {
    return this.#backoff.peek()?.backoffUntilMs;
  }

  /** Resolves when a pod may be there to pop, or at an interruption. */
  waitForPod(): Promise<void> {
    if (this.#active.peek()) return Promise.resolve();
    this.#wake ??= Promise.withResolvers<void>();
    return this.#wake.promise;
  }

  /** Ends the wait of `waitForPod` although there is no pod. */
  interrupt(): void {
    this.#wake?.resolve();
    this.#wake = undefined;
  }

  #reconsider(queued: QueuedPod, event: ClusterEvent): void {
    const decision = this.#options.rulesFor(queued.pod).decide(queued, event);
    if (decision !== "skip") this.#requeue(queued, decision, eventLabel(event));
  }

  /** `now` ignores the back-off. */
  #requeue(queued: QueuedPod, how: "now" | "backoff", event: string): void {
    if (how === "backoff" && queued.backoffUntilMs > this.#clock.monotonicMs()) this.#enterBackoff(queued, event);
    else this.#activate(queued, event);
  }

  #activate(queued: QueuedPod, event: string): void {
    const gate = this.#options.preEnqueue(queued.pod);
    if (gate) {
      queued.rejectedBy = new Set([gate.plugin]);
      queued.pendingFor = noPlugins;
      this.#wait(queued, "gated", event);
      return;
    }
    this.#move(queued, "active");
    this.#active.push(newTicket(queued));
    this.#options.onEnqueue?.("active", event);
    this.interrupt();
  }

  #enterBackoff(queued: QueuedPod, event: string): void {
    this.#move(queued, "backoff");
    this.#backoff.push(newTicket(queued));
    this.#options.onEnqueue?.("backoff", event);
  }

  #wait(queued: QueuedPod, place: "unschedulable" | "gated", event: string): void {
    const known = queued.place === place && queued.waitsWith !== undefined;
    this.#move(queued, place);
    const key = [queued.pod.pod.spec.schedulerName ?? "", ...queued.rejectedBy, "", ...queued.pendingFor].join("\n");
    let group = this.#waiting.get(key);
    if (!group) this.#waiting.set(key, (group = new Set()));
    group.add(queued);
    queued.waitsWith = group;
    queued.waitKey = key;
    if (!known) this.#options.onEnqueue?.(place, event);
  }

  #move(queued: QueuedPod, place: QueuePlace): void {
    this.#leave(queued);
    this.#counts[queued.place] -= 1;
    this.#counts[place] += 1;
    queued.place = place;
  }

  #leave(queued: QueuedPod): void {
    if (queued.ticket) {
      queued.ticket.live = false;
      queued.ticket = undefined;
      (queued.place === "active" ? this.#active : this.#backoff).countDead();
    }
    const group = queued.waitsWith;
    if (!group) return;
    queued.waitsWith = undefined;
    group.delete(queued);
    if (group.size === 0 && this.#waiting.get(queued.waitKey) === group) this.#waiting.delete(queued.waitKey);
  }

  #has(queued: QueuedPod): boolean {
    return this.#pods.get(queued.pod.uid) === queued;
  }

  /** Doubles with each failure in a row. */
  #backoffMs(queued: QueuedPod): number {
    const { initialBackoffMs, maxBackoffMs } = this.#options;
    const failures = queued.errors > 0 ? queued.errors : queued.rejections;
    return failures === 0 ? 0 : Math.min(maxBackoffMs, initialBackoffMs * 2 ** Math.min(failures - 1, 30));
  }
}

function newTicket(queued: QueuedPod): HeapTicket {
  queued.ticket = { queued, backoffUntilMs: queued.backoffUntilMs, live: true };
  return queued.ticket;
}
