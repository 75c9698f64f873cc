import type { Ticket } from "./ticket.ts";

/** Tickets in the order in which they came. A ticket is in one list at a time; adding and removing allocate nothing. */
export class TicketList {
  #first: Ticket | undefined;
  #last: Ticket | undefined;
  #size = 0;

  get first(): Ticket | undefined {
    return this.#first;
  }

  get size(): number {
    return this.#size;
  }

  push(ticket: Ticket): void {
    ticket.previous = this.#last;
    ticket.next = undefined;
    if (this.#last) this.#last.next = ticket;
    else this.#first = ticket;
    this.#last = ticket;
    this.#size += 1;
  }

  /** The ticket must be in this list. */
  remove(ticket: Ticket): void {
    const { previous, next } = ticket;
    if (previous) previous.next = next;
    else this.#first = next;
    if (next) next.previous = previous;
    else this.#last = previous;
    ticket.previous = undefined;
    ticket.next = undefined;
    this.#size -= 1;
  }

  *[Symbol.iterator](): IterableIterator<Ticket> {
    for (let ticket = this.#first; ticket; ticket = ticket.next) yield ticket;
  }
}
