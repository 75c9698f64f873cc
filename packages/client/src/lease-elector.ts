import type { Lease, LeaseSpec } from "@kube-ts/api/coordination/v1";
import { leases } from "@kube-ts/api/resource-types";
import { formatMicroTime } from "@kube-ts/api/rfc3339";
import { isNotFound } from "@kube-ts/api/status-error";
import { withDeadline } from "@kube-ts/std/abort";
import type { Clock } from "@kube-ts/std/clock";
import type { Client, ResourceClient } from "./client.ts";

export interface LeaseElectorOptions {
  readonly client: Client;
  readonly namespace: string;
  readonly name: string;
  /** Unique among the candidates. */
  readonly identity: string;
  readonly leaseDurationMs: number;
  readonly clock: Clock;
}

/** How long an attempt may take. */
interface Limits {
  readonly signal: AbortSignal;
  /** For each of its requests. */
  readonly requestMs: number;
}

/** As clients have it by default. */
const defaultRequestMs = 60_000;

interface Observation {
  readonly lease: Lease;
  /** When the lease was seen to change, on this process's own clock: clocks of other machines are not trusted. */
  readonly atMs: number;
}

/** One candidate's view of a lease, and its attempts to take, keep and release it. */
export class LeaseElector {
  readonly #options: LeaseElectorOptions;
  readonly #leases: ResourceClient<Lease>;
  #observed: Observation | undefined;
  #renewedAtMs = -Infinity;

  constructor(options: LeaseElectorOptions) {
    this.#options = options;
    this.#leases = options.client.resource(leases);
  }

  /** The identity in the lease as last seen; empty when it is free. */
  get holder(): string {
    return this.#observed?.lease.spec.holderIdentity ?? "";
  }

  get isHolder(): boolean {
    return this.holder === this.#options.identity;
  }

  /** Until when the lease, as last seen, keeps other candidates away, on this process's own clock; -Infinity if free. */
  get validUntilMs(): number {
    return this.#observed && this.holder !== "" ? validUntilMs(this.#observed) : -Infinity;
  }

  /** When the last successful renewal began: no other candidate may take over before that plus the lease duration. */
  get renewedAtMs(): number {
    return this.#renewedAtMs;
  }

  /**
   * Takes the lease if it is free, or renews it. False when another candidate holds it; rejects when the server
   * refuses or does not answer: not to one of the requests in `requestMs`.
   */
  async tryAcquireOrRenew(signal: AbortSignal, requestMs = defaultRequestMs): Promise<boolean> {
    const limits = { signal, requestMs };
    const startMs = this.#options.clock.monotonicMs();
    const known = this.#observed;
    if (known && this.isHolder && validUntilMs(known) > startMs) {
      const renewed = await this.#write(this.#claim(known.lease), startMs, limits).catch(() => undefined);
      if (renewed) return true;
    }
    const current = await this.#read(limits);
    if (!current) return this.#create(startMs, limits);
    if (this.holder !== "" && !this.isHolder && this.validUntilMs > this.#options.clock.monotonicMs()) return false;
    return this.#write(this.#claim(current.lease), startMs, limits);
  }

  /** Frees the lease, so that another candidate need not wait for its end. */
  async release(signal: AbortSignal): Promise<void> {
    const limits = { signal, requestMs: defaultRequestMs };
    const known = this.#observed;
    if (!known || !this.isHolder) return;
    const now = formatMicroTime(this.#options.clock.now());
    const { holderIdentity: _holder, ...rest } = known.lease.spec;
    const spec = { ...rest, leaseDurationSeconds: 1, acquireTime: now, renewTime: now };
    await this.#ask(limits, (options) => this.#leases.update({ ...known.lease, spec }, options));
  }

  async #read(limits: Limits): Promise<Observation | undefined> {
    const { namespace, name } = this.#options;
    try {
      return await this.#ask(limits, (options) => this.#leases.get({ namespace, name }, options));
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  async #create(startMs: number, limits: Limits): Promise<boolean> {
    const { namespace, name } = this.#options;
    const now = formatMicroTime(this.#options.clock.now());
    const spec = { ...this.#spec(now), acquireTime: now, leaseTransitions: 0 };
    await this.#ask(limits, (options) => this.#leases.create({ metadata: { namespace, name }, spec }, options));
    this.#renewedAtMs = startMs;
    return true;
  }

  async #write(claim: Lease, startMs: number, limits: Limits): Promise<boolean> {
    await this.#ask(limits, (options) => this.#leases.update(claim, options));
    this.#renewedAtMs = startMs;
    return true;
  }

  /** The lease as it looks when it is ours. */
  #claim(lease: Lease): Lease {
    const now = formatMicroTime(this.#options.clock.now());
    const ours = lease.spec.holderIdentity === this.#options.identity;
    const acquired = ours ? {} : { acquireTime: now, leaseTransitions: (lease.spec.leaseTransitions ?? 0) + 1 };
    return { ...lease, spec: { ...lease.spec, ...this.#spec(now), ...acquired } };
  }

  #spec(now: string): LeaseSpec {
    const { identity, leaseDurationMs } = this.#options;
    return { holderIdentity: identity, leaseDurationSeconds: Math.floor(leaseDurationMs / 1_000), renewTime: now };
  }

  #observe(lease: Lease): Observation {
    const unchanged = this.#observed && JSON.stringify(this.#observed.lease.spec) === JSON.stringify(lease.spec);
    const atMs = unchanged && this.#observed ? this.#observed.atMs : this.#options.clock.monotonicMs();
    this.#observed = { lease, atMs };
    return this.#observed;
  }

  async #ask(
    { signal, requestMs }: Limits,
    request: (options: { readonly signal: AbortSignal }) => Promise<Lease>,
  ): Promise<Observation> {
    using deadline = withDeadline(this.#options.clock, signal, requestMs);
    return this.#observe(await request({ signal: deadline.signal }));
  }
}

function validUntilMs({ lease, atMs }: Observation): number {
  return atMs + (lease.spec.leaseDurationSeconds ?? 0) * 1_000;
}
