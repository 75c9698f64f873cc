import type { Clock } from "@kube-ts/std/clock";
import { LevelObservations } from "./fair-queuing/level-observations.ts";
import { QueueSet, type Queuing } from "./fair-queuing/queue-set.ts";
import type { Ticket, TicketOwner } from "./fair-queuing/ticket.ts";
import { type DemandTrend, noDemand } from "./limits/borrowing.ts";
import type { LevelLimits, SharedSpec } from "./limits/level-limits.ts";
import { RetryAfter } from "./limits/retry-after.ts";
import { FlowStats, type RejectReason } from "./metrics/flow-stats.ts";
import type { Traffic } from "./metrics/traffic.ts";
import { Overload } from "./overload.ts";

/** What the configuration says of a level. */
export interface LevelSettings {
  readonly name: string;
  readonly uid: string;
  readonly queuing: Queuing;
  readonly shared: SharedSpec;
}

const noLimits: LevelLimits = { nominal: 0, min: 0, max: 0, requestSeats: 1 };

/** One priority level at work: its queues and seats, and who waits for them. */
export class Level implements TicketOwner {
  settings: LevelSettings;
  readonly observed: LevelObservations;
  readonly queues: QueueSet;
  readonly retryAfter = new RetryAfter();
  /** By schema. */
  readonly stats = new Map<string, FlowStats>();
  limits = noLimits;
  trend: DemandTrend = noDemand;
  /** What the last division aimed at. */
  targetSeats = 0;
  /** Its configuration is gone, but requests wait or run still. */
  quiescing = false;
  rejected = 0;
  timedOut = 0;
  cancelled = 0;
  readonly #clock: Clock;
  readonly #traffic: Traffic;
  readonly #onIdle: (level: Level) => void;

  constructor(settings: LevelSettings, clock: Clock, traffic: Traffic, onIdle: (level: Level) => void) {
    const nowMs = clock.monotonicMs();
    this.settings = settings;
    this.observed = new LevelObservations(nowMs);
    this.queues = new QueueSet(this.observed, nowMs);
    this.#clock = clock;
    this.#traffic = traffic;
    this.#onIdle = onIdle;
  }

  get name(): string {
    return this.settings.name;
  }

  get exempt(): boolean {
    return this.settings.queuing.kind === "exempt";
  }

  get dispatched(): number {
    let sum = 0;
    for (const { dispatched } of this.stats.values()) sum += dispatched;
    return sum;
  }

  /** How many requests can wait. */
  get queueCapacity(): number {
    const { queuing } = this.settings;
    return queuing.kind === "queue" ? queuing.queues * queuing.queueLengthLimit : 1;
  }

  statsOf(schema: string): FlowStats {
    const known = this.stats.get(schema);
    if (known) return known;
    const made = new FlowStats(this.name, schema);
    this.stats.set(schema, made);
    return made;
  }

  /** From now on the level has so many seats; `denominator` is what its use is measured by. */
  setSeats(seats: number, denominator: number): void {
    const nowMs = this.#clock.monotonicMs();
    this.observed.setLimits(denominator, this.queueCapacity, nowMs);
    this.queues.configure(this.settings.queuing, seats, nowMs);
  }

  /**
   * Lets the request in, now or when there are seats for it. Throws or rejects with an Overload when it is refused, and with
   * the signal's reason when it has waited and nobody wants it any more.
   */
  admit(
    ticket: Ticket,
    hand: readonly number[],
    signal: AbortSignal,
    waitLimitMs: number,
    nowMs: number,
  ): Ticket | Promise<Ticket> {
    const arrival = this.queues.arrive(ticket, hand, nowMs);
    if (arrival === "running") {
      if (!this.exempt) ticket.flow.waitedAndRan.observe(0);
      this.#traffic.started(ticket.info.verb, nowMs);
      return ticket;
    }
    if (arrival === "waiting") return this.#wait(ticket, signal, waitLimitMs);
    throw this.#refuse(ticket, arrival, nowMs);
  }

  finish(ticket: Ticket): void {
    const nowMs = this.#clock.monotonicMs();
    const seconds = (nowMs - ticket.startedMs) / 1000;
    const { flow, info } = ticket;
    if (info.verb === "watch") flow.watchSeconds.observe(seconds);
    else flow.regularSeconds.observe(seconds);
    this.#traffic.finished(info.verb, nowMs);
    this.queues.finish(ticket, nowMs);
    if (ticket.state === "lingering") {
      this.#clock.setTimer(ticket.work.finalMs, () => {
        this.queues.release(ticket, this.#clock.monotonicMs());
        this.#checkIdle();
      });
    } else if (this.quiescing) this.#checkIdle();
  }

  async #wait(ticket: Ticket, signal: AbortSignal, waitLimitMs: number): Promise<Ticket> {
    const { verb } = ticket.info;
    const { promise, resolve, reject } = Promise.withResolvers<Ticket>();
    const onAbort = () => {
      this.#giveUp(ticket, "cancelled");
      reject(signal.reason as Error);
    };
    ticket.onStart = () => {
      const nowMs = this.#clock.monotonicMs();
      ticket.flow.waitedAndRan.observe((nowMs - ticket.arrivedMs) / 1000);
      this.#traffic.started(verb, nowMs);
      // Not on the same turn: requests that let each other in would keep everybody else from being heard.
      setImmediate(() => resolve(ticket));
    };
    this.#traffic.queued(verb, 1, ticket.arrivedMs);
    const timer = this.#clock.setTimer(waitLimitMs, () => reject(this.#giveUp(ticket, "time-out")));
    signal.addEventListener("abort", onAbort);
    if (signal.aborted) onAbort();
    try {
      return await promise;
    } finally {
      timer[Symbol.dispose]();
      signal.removeEventListener("abort", onAbort);
      this.#traffic.queued(verb, -1, this.#clock.monotonicMs());
    }
  }

  /** Takes a waiting request out; of no effect on one that has started. */
  #giveUp(ticket: Ticket, reason: "time-out" | "cancelled"): Overload | undefined {
    if (ticket.state !== "waiting") return undefined;
    const nowMs = this.#clock.monotonicMs();
    this.queues.leave(ticket, nowMs);
    const refusal = this.#refuse(ticket, reason, nowMs);
    if (this.quiescing) this.#checkIdle();
    return refusal;
  }

  #refuse(ticket: Ticket, reason: RejectReason, nowMs: number): Overload {
    ticket.state = "done";
    this.rejected += 1;
    if (reason === "time-out") this.timedOut += 1;
    if (reason === "cancelled") this.cancelled += 1;
    ticket.flow.rejected(reason);
    ticket.flow.waitedInVain.observe((nowMs - ticket.arrivedMs) / 1000);
    this.#traffic.refused(ticket.info.verb);
    const seconds = this.retryAfter.refuse(nowMs);
    return new Overload(seconds, ticket.headers, this.retryAfter.isFlood);
  }

  #checkIdle(): void {
    if (this.quiescing && this.queues.idle) this.#onIdle(this);
  }
}
