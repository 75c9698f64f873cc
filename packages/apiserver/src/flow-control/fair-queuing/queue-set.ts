import { FairQueue } from "./fair-queue.ts";
import type { LevelObservations } from "./level-observations.ts";
import { TicketList } from "./ticket-list.ts";
import type { Ticket } from "./ticket.ts";
import { guessedSeconds, maxSeats, narrowed, totalWork } from "./work.ts";

/** What becomes of requests that find no free seats. */
export type Queuing =
  | { readonly kind: "exempt" }
  | { readonly kind: "reject" }
  | {
      readonly kind: "queue";
      readonly queues: number;
      readonly handSize: number;
      readonly queueLengthLimit: number;
    };

export type Arrival = "running" | "waiting" | "queue-full" | "concurrency-limit";

/** Bounds of virtual starts; discounted by what is thought to be under way. */
export interface NextStarts {
  readonly min: number;
  readonly max: number;
  readonly discountedMin: number;
  readonly discountedMax: number;
}

/** Queues that are empty are kept up to this number, so that a new request finds its queue made. */
const maxIdleQueues = 1024;

/**
 * The seats of one priority level and the queues before them: fair queuing for requests, as KEP-1040 has it. Each queue
 * that has something to do gets the same number of seats; a progress meter R runs with the seat-seconds that each of them
 * has been given, and the request goes first whose virtual end on that meter is first.
 */
export class QueueSet {
  readonly #observed: LevelObservations;
  readonly #queues = new Map<number, FairQueue>();
  /** The queues in which requests wait, in no order. */
  readonly #backlog: FairQueue[] = [];
  readonly #running = new TicketList();
  #queuing: Queuing = { kind: "reject" };
  #limit = 0;
  #activeQueues = 0;
  #r = 0;
  #syncedMs: number;
  #robin = 0;
  #arrivals = 0;
  #waiting = 0;
  #seatsWaiting = 0;
  #seatsInUse = 0;

  constructor(observed: LevelObservations, nowMs: number) {
    this.#observed = observed;
    this.#syncedMs = nowMs;
  }

  get limit(): number {
    return this.#limit;
  }
  get waiting(): number {
    return this.#waiting;
  }
  get executing(): number {
    return this.#running.size;
  }
  get seatsInUse(): number {
    return this.#seatsInUse;
  }
  get seatsWaiting(): number {
    return this.#seatsWaiting;
  }
  get idle(): boolean {
    return this.#waiting === 0 && this.#running.size === 0;
  }
  /** The reading of the progress meter, in seat-seconds. */
  get progress(): number {
    return this.#r;
  }
  /** Between which readings of the progress meter the next requests of queues would start; undefined if none waits. */
  get nextStarts(): NextStarts | undefined {
    if (this.#backlog.length === 0) return undefined;
    const starts = this.#backlog.map(({ nextR }) => nextR);
    const discounted = this.#backlog.map(({ nextR, seatsInUse }) => nextR - seatsInUse * guessedSeconds);
    return {
      min: Math.min(...starts),
      max: Math.max(...starts),
      discountedMin: Math.min(...discounted),
      discountedMax: Math.max(...discounted),
    };
  }
  /** Those that exist, by index; a queue that was never used does not. */
  get queues(): ReadonlyMap<number, FairQueue> {
    return this.#queues;
  }
  get runningTickets(): Iterable<Ticket> {
    return this.#running;
  }

  /** Takes effect at once; requests that wait or run stay, whatever their queues become. */
  configure(queuing: Queuing, limit: number, nowMs: number): void {
    this.#sync(nowMs);
    this.#queuing = queuing;
    this.#limit = limit;
    this.#dispatch(nowMs);
    this.#observe(nowMs);
  }

  /**
   * Starts the request, or lets it wait in one of the queues of its hand, or answers why it is refused. The hand counts
   * only where the level has queues.
   */
  arrive(ticket: Ticket, hand: readonly number[], nowMs: number): Arrival {
    this.#sync(nowMs);
    const arrival = this.#place(ticket, hand, nowMs);
    if (arrival === "running" || arrival === "waiting") this.#observe(nowMs);
    return arrival;
  }

  /** The request is answered. Final seats stay taken, in the state `lingering`, until `release`. */
  finish(ticket: Ticket, nowMs: number): void {
    this.#sync(nowMs);
    this.#running.remove(ticket);
    const { queue } = ticket;
    if (queue) {
      const tookSeconds = (nowMs - ticket.startedMs) / 1000;
      queue.nextR += ticket.work.initialSeats * (tookSeconds - guessedSeconds);
      queue.boundStart();
      queue.running -= 1;
      if (!queue.active) this.#activeQueues -= 1;
    }
    ticket.state = "lingering";
    ticket.flow.finished();
    if (ticket.work.finalMs > 0 && this.#queuing.kind !== "exempt") this.#observe(nowMs);
    else this.#release(ticket, nowMs);
  }

  /** Frees the seats of a lingering request. */
  release(ticket: Ticket, nowMs: number): void {
    this.#sync(nowMs);
    this.#release(ticket, nowMs);
  }

  /** Takes a waiting request out of its queue. */
  leave(ticket: Ticket, nowMs: number): void {
    this.#sync(nowMs);
    this.#takeOut(ticket);
    ticket.state = "done";
    ticket.queue?.boundStart();
    this.#forgetIdle(ticket.queue);
    // The others behind it may be narrower.
    this.#dispatch(nowMs);
    this.#observe(nowMs);
  }

  #place(ticket: Ticket, hand: readonly number[], nowMs: number): Arrival {
    const queuing = this.#queuing;
    if (queuing.kind !== "queue") {
      if (queuing.kind === "reject" && !this.#fits(ticket.seats)) return "concurrency-limit";
      this.#start(ticket, nowMs);
      return "running";
    }
    const queue = this.#pick(hand);
    ticket.queue = queue;
    ticket.arrivedR = this.#r;
    if (!queue.active) {
      queue.nextR = this.#r;
      this.#activeQueues += 1;
    }
    if (this.#waiting === 0 && this.#seatsInUse < this.#limit && this.#fits(ticket.seats)) {
      if (queue.nextR < this.#r) queue.nextR = this.#r;
      this.#robin = queue.index;
      this.#start(ticket, nowMs);
      return "running";
    }
    const isBlocked = this.#waiting > 0 || this.#seatsInUse >= this.#limit;
    if (isBlocked && queue.waiting.size >= queuing.queueLengthLimit) return "queue-full";
    this.#enqueue(ticket, queue);
    this.#dispatch(nowMs);
    return this.#isRunning(ticket) ? "running" : "waiting";
  }

  /** The state has changed under `#dispatch`, which the compiler cannot see. */
  #isRunning(ticket: Ticket): boolean {
    return ticket.state === "running";
  }

  /** The queue of the hand with the least work waiting; the hand is looked through from another place each time. */
  #pick(hand: readonly number[]): FairQueue {
    const offset = this.#arrivals % hand.length;
    this.#arrivals += 1;
    let best = this.#queue(hand[offset] ?? 0);
    if (this.#waiting === 0) return best;
    for (let step = 1; step < hand.length; step += 1) {
      const queue = this.#queue(hand[(offset + step) % hand.length] ?? 0);
      if (queue.waitingWork < best.waitingWork) best = queue;
    }
    return best;
  }

  #queue(index: number): FairQueue {
    const known = this.#queues.get(index);
    if (known) return known;
    const made = new FairQueue(index);
    this.#queues.set(index, made);
    return made;
  }

  #enqueue(ticket: Ticket, queue: FairQueue): void {
    if (queue.waiting.size === 0) this.#backlog.push(queue);
    queue.push(ticket);
    ticket.state = "waiting";
    this.#waiting += 1;
    this.#seatsWaiting += ticket.seats;
    ticket.flow.queued(ticket.seats, queue.waiting.size);
  }

  #takeOut(ticket: Ticket): void {
    const { queue } = ticket;
    if (!queue) return;
    queue.remove(ticket);
    if (queue.waiting.size === 0) {
      const last = this.#backlog.pop();
      if (last && last !== queue) this.#backlog[this.#backlog.indexOf(queue)] = last;
    }
    if (!queue.active) this.#activeQueues -= 1;
    this.#waiting -= 1;
    this.#seatsWaiting -= ticket.seats;
    ticket.flow.dequeued(ticket.seats);
  }

  /** Starts as many waiting requests as there are seats for. */
  #dispatch(nowMs: number): void {
    while (this.#waiting > 0 && (this.#seatsInUse < this.#limit || this.#queuing.kind === "exempt")) {
      const queue = this.#nextQueue();
      const ticket = queue?.waiting.first;
      if (!queue || !ticket) return;
      if (!this.#fits(ticket.seats)) {
        ticket.flow.notAccommodated();
        return;
      }
      this.#takeOut(ticket);
      if (!queue.active) this.#activeQueues += 1;
      this.#robin = queue.index;
      this.#start(ticket, nowMs);
      queue.boundStart();
      ticket.onStart?.();
    }
  }

  /** The queue whose first request ends first; among equals, that which comes first after the one served last. */
  #nextQueue(): FairQueue | undefined {
    const count = this.#queuing.kind === "queue" ? this.#queuing.queues : 0;
    let best: FairQueue | undefined;
    let bestEnd = Infinity;
    let bestTurn = Infinity;
    for (const queue of this.#backlog) {
      const { first } = queue.waiting;
      if (!first) continue;
      const end = queue.nextR + totalWork(first.work);
      if (end > bestEnd) continue;
      const turn = queue.index > this.#robin ? queue.index - this.#robin : queue.index - this.#robin + count;
      if (end === bestEnd && turn >= bestTurn) continue;
      best = queue;
      bestEnd = end;
      bestTurn = turn;
    }
    return best;
  }

  /** Whether there are seats. A request that is wider than the limit runs when nothing else does. */
  #fits(seats: number): boolean {
    if (this.#queuing.kind === "exempt") return true;
    if (seats > this.#limit) return this.#running.size === 0;
    return this.#seatsInUse + seats <= this.#limit;
  }

  #start(ticket: Ticket, nowMs: number): void {
    if (ticket.work.finalSeats > this.#limit && this.#queuing.kind !== "exempt") {
      ticket.work = narrowed(ticket.work, this.#limit);
      ticket.seats = maxSeats(ticket.work);
    }
    const { queue, seats } = ticket;
    ticket.state = "running";
    ticket.startedMs = nowMs;
    this.#running.push(ticket);
    this.#seatsInUse += seats;
    if (queue) {
      queue.running += 1;
      queue.seatsInUse += seats;
      this.#observed.dispatched(this.#r, queue.nextR);
      queue.nextR += totalWork(ticket.work);
    }
    ticket.flow.started(seats);
  }

  #release(ticket: Ticket, nowMs: number): void {
    const { queue, seats } = ticket;
    ticket.state = "done";
    this.#seatsInUse -= seats;
    ticket.flow.released(seats);
    if (queue) {
      queue.seatsInUse -= seats;
      this.#forgetIdle(queue);
    }
    if (this.#waiting > 0) this.#dispatch(nowMs);
    this.#observe(nowMs);
  }

  /** A queue that is empty would start at the present again, so nothing is lost with it. */
  #forgetIdle(queue: FairQueue | undefined): void {
    if (queue?.idle && this.#queues.size > maxIdleQueues) this.#queues.delete(queue.index);
  }

  /** Moves the progress meter on, for the time in which nothing has changed. */
  #sync(nowMs: number): void {
    const elapsedMs = nowMs - this.#syncedMs;
    this.#syncedMs = nowMs;
    if (elapsedMs <= 0 || this.#activeQueues === 0) return;
    const seats = Math.min(this.#seatsInUse + this.#seatsWaiting, this.#limit);
    this.#r += (seats / this.#activeQueues) * (elapsedMs / 1000);
  }

  #observe(nowMs: number): void {
    this.#observed.note(nowMs, this.#running.size, this.#waiting, this.#seatsInUse, this.#seatsWaiting);
  }
}
