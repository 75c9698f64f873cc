import type { ResourceQuota } from "@kube-ts/api/core/v1";
import { nameOf, namespaceOf } from "@kube-ts/api/object";
import { resourceQuotas } from "@kube-ts/api/resource-types";
import type { ResourceAmounts } from "@kube-ts/api/resource-amounts";
import { internal, isNotFound } from "@kube-ts/api/status-error";
import type { ObjectWriter } from "../../registry/object-source.ts";
import type { AdmissionAttributes } from "../admission.ts";
import { type Charge, type Usage, charge, refund, usedMore } from "./quota-charge.ts";

const writeTimeoutMs = 10_000;

/** What became of a charge. */
export type Booking =
  | { readonly kind: "none" }
  | { readonly kind: "refused"; readonly problem: string }
  | { readonly kind: "booked"; readonly amounts: ResourceAmounts };

interface PendingBooking {
  /** Applies the booking to the state of the quota; answers the new state, or undefined for no change. */
  apply(quota: ResourceQuota): { readonly booking: Booking; readonly quota?: ResourceQuota };
  resolve(booking: Booking): void;
  reject(error: unknown): void;
}

/**
 * Books usage on quotas. A quota is only written on top of the state that the booking was checked against, so that
 * no two writes use the same room, on however many servers. Bookings that come in while one quota is being
 * written are written together.
 */
export class QuotaLedger {
  readonly #writer: ObjectWriter;
  readonly #queues = new Map<string, PendingBooking[]>();

  constructor(writer: ObjectWriter) {
    this.#writer = writer;
  }

  /** Checks the write against the latest state of the quota and books it there. A quota that is gone limits nothing. */
  book(quota: ResourceQuota, attributes: AdmissionAttributes, usage: Usage): Promise<Booking> {
    return this.#enqueue(quota, (current) => {
      const result = charge(current, attributes, usage);
      return { booking: bookingOf(result, current), ...(result.kind === "charged" && { quota: result.quota }) };
    });
  }

  /** Takes back what `book` has booked. */
  async takeBack(quota: ResourceQuota, amounts: ResourceAmounts): Promise<void> {
    await this.#enqueue(quota, (current) => ({ booking: { kind: "none" }, quota: refund(current, amounts) }));
  }

  #enqueue(quota: ResourceQuota, apply: PendingBooking["apply"]): Promise<Booking> {
    const [namespace, name] = [namespaceOf(quota), nameOf(quota)];
    const key = `${namespace}/${name}`;
    return new Promise((resolve, reject) => {
      const queue = this.#queues.get(key);
      const pending: PendingBooking = { apply, resolve, reject };
      if (queue) {
        queue.push(pending);
        return;
      }
      const started = [pending];
      this.#queues.set(key, started);
      void this.#work(key, namespace, name, started);
    });
  }

  /** Writes what is queued for the quota until nothing is. Never rejects: each booking gets its own outcome. */
  async #work(key: string, namespace: string, name: string, queue: PendingBooking[]): Promise<void> {
    while (queue.length > 0) {
      const batch = queue.splice(0);
      try {
        const bookings = await this.#write(namespace, name, batch);
        for (const [index, pending] of batch.entries()) pending.resolve(bookings[index] ?? { kind: "none" });
      } catch (error) {
        for (const pending of batch) pending.reject(error);
      }
    }
    this.#queues.delete(key);
  }

  async #write(namespace: string, name: string, batch: readonly PendingBooking[]): Promise<Booking[]> {
    let bookings: Booking[] = [];
    const change = (current: ResourceQuota) => {
      let state = current;
      bookings = batch.map((pending) => {
        const { booking, quota } = pending.apply(state);
        if (quota) state = quota;
        return booking;
      });
      return state === current ? undefined : state;
    };
    try {
      const signal = AbortSignal.timeout(writeTimeoutMs);
      await this.#writer.update(resourceQuotas, namespace, name, change, signal, "status");
      return bookings;
    } catch (error) {
      if (isNotFound(error)) return batch.map(() => ({ kind: "none" }));
      if (error instanceof Error && error.name === "TimeoutError") {
        throw internal(new Error("resource quota evaluation timed out", { cause: error }));
      }
      throw error;
    }
  }
}

function bookingOf(result: Charge, before: ResourceQuota): Booking {
  return result.kind === "charged" ? { kind: "booked", amounts: usedMore(before, result.quota) } : result;
}
