import type { Clock } from "@kube-ts/std/clock";

/** Writes that may share a lease; a lease that holds many keys is costly to expire. */
const maxKeysPerLease = 1000;
/** A lease is shared for this part of its time to live, within the pool's bound. */
const shareFraction = 0.05;
const defaultMaxShareSeconds = 60;

interface SharedLease {
  readonly id: Promise<bigint>;
  readonly untilMs: number;
  keys: number;
}

/**
 * Shares leases among keys written shortly after each other, so that a stream of expiring objects does not create
 * a lease each. A key lives at least as long as asked for, and at most 5 % (or the pool's bound) longer.
 */
export class LeasePool {
  readonly #grant: (ttlSeconds: number) => Promise<bigint>;
  readonly #clock: Clock;
  readonly #maxShareSeconds: number;
  readonly #leases = new Map<number, SharedLease>();

  constructor(
    grant: (ttlSeconds: number) => Promise<bigint>,
    clock: Clock,
    maxShareSeconds: number = defaultMaxShareSeconds,
  ) {
    this.#grant = grant;
    this.#clock = clock;
    this.#maxShareSeconds = maxShareSeconds;
  }

  /** A lease that lives for `ttlSeconds` at least. */
  lease(ttlSeconds: number): Promise<bigint> {
    const shared = this.#leases.get(ttlSeconds);
    if (shared && shared.keys < maxKeysPerLease && this.#clock.monotonicMs() < shared.untilMs) {
      shared.keys += 1;
      return shared.id;
    }
    return this.#create(ttlSeconds).id;
  }

  /** Stops sharing the lease: it is gone. */
  drop(ttlSeconds: number): void {
    this.#leases.delete(ttlSeconds);
  }

  #create(ttlSeconds: number): SharedLease {
    const shareSeconds = Math.min(this.#maxShareSeconds, Math.floor(ttlSeconds * shareFraction));
    const lease: SharedLease = {
      id: this.#grant(ttlSeconds + shareSeconds),
      untilMs: this.#clock.monotonicMs() + shareSeconds * 1000,
      keys: 1,
    };
    this.#leases.set(ttlSeconds, lease);
    lease.id.catch(() => {
      if (this.#leases.get(ttlSeconds) === lease) this.#leases.delete(ttlSeconds);
    });
    return lease;
  }
}
