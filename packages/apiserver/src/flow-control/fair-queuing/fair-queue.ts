import { TicketList } from "./ticket-list.ts";
import { totalWork } from "./work.ts";
import type { Ticket } from "./ticket.ts";

/** One queue of a level: the requests that wait in it, and the sums of those that came through it. */
export class FairQueue {
  readonly index: number;
  readonly waiting = new TicketList();
  /** What the waiting requests are thought to cost, in seat-seconds. */
  waitingWork = 0;
  waitingSeats = 0;
  waitingInitialSeats = 0;
  running = 0;
  /** Those of lingering requests included. */
  seatsInUse = 0;
  /** The reading of the progress meter at which the next request starts virtually. */
  nextR = 0;

  constructor(index: number) {
    this.index = index;
  }

  /** Whether a request waits or runs. */
  get active(): boolean {
    return this.waiting.size > 0 || this.running > 0;
  }

  get idle(): boolean {
    return this.waiting.size === 0 && this.seatsInUse === 0;
  }

  push(ticket: Ticket): void {
    this.waiting.push(ticket);
    this.#addWaiting(ticket, 1);
  }

  remove(ticket: Ticket): void {
    this.waiting.remove(ticket);
    this.#addWaiting(ticket, -1);
  }

  /** Keeps the first request from starting virtually before it came: capacity that was not used is not saved up. */
  boundStart(): void {
    const { first } = this.waiting;
    if (first && this.nextR < first.arrivedR) this.nextR = first.arrivedR;
  }

  #addWaiting({ work, seats }: Ticket, sign: 1 | -1): void {
    // A queue that is empty has no rounding errors left either.
    this.waitingWork = this.waiting.size === 0 ? 0 : this.waitingWork + sign * totalWork(work);
    this.waitingSeats += sign * seats;
    this.waitingInitialSeats += sign * work.initialSeats;
  }
}
