import type { UserInfo } from "../../auth/user.ts";
import type { RequestInfo } from "../../endpoints/request-info.ts";
import type { Place } from "../request-gate.ts";
import type { FlowStats } from "../metrics/flow-stats.ts";
import type { FairQueue } from "./fair-queue.ts";
import { type Work, maxSeats } from "./work.ts";

/** `lingering`: answered, but its final seats are still taken. */
export type TicketState = "new" | "waiting" | "running" | "lingering" | "done";

/** Who is told when a request has been answered. */
export interface TicketOwner {
  finish(ticket: Ticket): void;
}

/** Where a request was sent by its schema. */
export interface TicketTarget {
  readonly stats: FlowStats;
  /** Headers of the answer that say how the request was classified. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * One request's place in its priority level. Whoever was let in disposes of it when the request is answered; that may be
 * done several times.
 */
export class Ticket implements Place {
  readonly flow: FlowStats;
  readonly headers: Readonly<Record<string, string>>;
  readonly distinguisher: string;
  readonly user: UserInfo;
  readonly info: RequestInfo;
  readonly arrivedMs: number;
  readonly #owner: TicketOwner;
  /** Changes only when the request starts. */
  work: Work;
  /** The seats it holds from its start to its end. */
  seats: number;
  state: TicketState = "new";
  startedMs = 0;
  /** The reading of the progress meter at its arrival. */
  arrivedR = 0;
  /** Undefined where its level has no queues. */
  queue: FairQueue | undefined = undefined;
  previous: Ticket | undefined = undefined;
  next: Ticket | undefined = undefined;
  /** Called once when a request that had to wait starts. */
  onStart: (() => void) | undefined = undefined;

  constructor(
    owner: TicketOwner,
    { stats, headers }: TicketTarget,
    distinguisher: string,
    user: UserInfo,
    info: RequestInfo,
    work: Work,
    nowMs: number,
  ) {
    this.#owner = owner;
    this.flow = stats;
    this.headers = headers;
    this.distinguisher = distinguisher;
    this.user = user;
    this.info = info;
    this.work = work;
    this.seats = maxSeats(work);
    this.arrivedMs = nowMs;
  }

  begun(): void {
    this[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    if (this.state === "running") this.#owner.finish(this);
  }
}
