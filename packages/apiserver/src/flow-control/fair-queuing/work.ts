/** What a request takes: seats while it is answered, and seats for a while after, for the events that it causes. */
export interface Work {
  /** At least 1. */
  readonly initialSeats: number;
  readonly finalSeats: number;
  /** How long the final seats are held after the answer; 0 for not at all. */
  readonly finalMs: number;
}

export const oneSeat: Work = { initialSeats: 1, finalSeats: 0, finalMs: 0 };

/** How long a request is thought to run until it has, in seconds. */
export const guessedSeconds = 0.003;

/** The seats that a request holds from its start to its end. */
export function maxSeats({ initialSeats, finalSeats }: Work): number {
  return initialSeats > finalSeats ? initialSeats : finalSeats;
}

/** What the request is thought to cost its flow, in seat-seconds. */
export function totalWork({ initialSeats, finalSeats, finalMs }: Work): number {
  return initialSeats * guessedSeconds + (finalSeats * finalMs) / 1000;
}

/** The work with final seats that a limit has room for, and the same product of seats and time. */
export function narrowed(work: Work, limit: number): Work {
  if (work.finalSeats <= limit || limit <= 0) return work;
  return { ...work, finalSeats: limit, finalMs: (work.finalSeats * work.finalMs) / limit };
}
