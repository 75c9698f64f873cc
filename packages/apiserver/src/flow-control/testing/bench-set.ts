import { LevelObservations } from "../fair-queuing/level-observations.ts";
import { type Arrival, QueueSet, type Queuing } from "../fair-queuing/queue-set.ts";
import { Ticket } from "../fair-queuing/ticket.ts";
import { type Work, oneSeat } from "../fair-queuing/work.ts";
import { FlowStats } from "../metrics/flow-stats.ts";

const user = { name: "someone", uid: "", groups: [], extra: {} };
const info = { kind: "path", verb: "get", path: "/", query: new URLSearchParams() } as const;

/** A queue set under test, with a time of its own. */
export class BenchSet {
  readonly set: QueueSet;
  readonly stats = new FlowStats("level", "schema");
  nowMs = 0;

  constructor(queuing: Queuing, limit: number) {
    this.set = new QueueSet(new LevelObservations(0), 0);
    this.set.configure(queuing, limit, 0);
  }

  /** A request that comes now, dealt these queues. */
  arrive(hand: readonly number[] = [0], work: Work = oneSeat): { readonly ticket: Ticket; readonly arrival: Arrival } {
    const ticket = new Ticket(
      { finish: () => {} },
      { stats: this.stats, headers: {} },
      "",
      user,
      info,
      work,
      this.nowMs,
    );
    return { ticket, arrival: this.set.arrive(ticket, hand, this.nowMs) };
  }

  finish(ticket: Ticket): void {
    this.set.finish(ticket, this.nowMs);
  }

  leave(ticket: Ticket): void {
    this.set.leave(ticket, this.nowMs);
  }
}

export function wide(initialSeats: number): Work {
  return { initialSeats, finalSeats: 0, finalMs: 0 };
}
