import type { Clock } from "@kube-ts/std/clock";
import { type Random, randomInt } from "@kube-ts/std/random";
import type { Revision, Store, StoredValue } from "../storage/store.ts";
import type { AddressRange } from "./address-range.ts";
import { alreadyAllocated, notInRange, rangeIsFull } from "./allocation-error.ts";
import { type ServiceName, decodeIpAddress, encodeIpAddress } from "./ip-address-object.ts";

/** So many random picks may be taken before all addresses are looked at. */
const randomPicks = 16;
const pageSize = 1000;

/** An address that was taken, with the revision of its key. */
export interface TakenAddress {
  readonly address: string;
  readonly revision: Revision;
}

export interface ClusterIpParts {
  readonly store: Store;
  /** What all keys begin with, such as `/registry`. */
  readonly storageRoot: string;
  readonly range: AddressRange;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Gives out the addresses of one range. Each is a key of its own, an IPAddress object, which the store lets only one
 * writer create: so no address is given out twice, by however many servers.
 */
export class ClusterIpAllocator {
  readonly range: AddressRange;
  readonly #parts: ClusterIpParts;
  readonly #prefix: string;

  constructor(parts: ClusterIpParts) {
    this.#parts = parts;
    this.range = parts.range;
    this.#prefix = `${parts.storageRoot}/ipaddresses/`;
  }

  /** Takes this very address; throws an AllocationError when it cannot be had. */
  async reserve(address: string, owner: ServiceName, signal: AbortSignal): Promise<TakenAddress> {
    const taken = await this.#take(this.#inRange(address), owner, signal);
    if (!taken) throw alreadyAllocated("IP");
    return taken;
  }

  /** Takes any free address; throws an AllocationError when there is none. */
  async reserveNext(owner: ServiceName, signal: AbortSignal): Promise<TakenAddress> {
    for (let pick = 0; pick < randomPicks; pick += 1) {
      const taken = await this.#take(this.range.randomAddress(this.#parts.random), owner, signal);
      if (taken) return taken;
    }
    for await (const address of this.#freeAddresses(signal)) {
      const taken = await this.#take(address, owner, signal);
      if (taken) return taken;
    }
    throw rangeIsFull();
  }

  /** As `reserve`, but takes nothing. */
  async check(address: string, signal: AbortSignal): Promise<void> {
    if (await this.#read(this.#inRange(address), signal)) throw alreadyAllocated("IP");
  }

  /** An address that `reserveNext` could take now. */
  async findFree(signal: AbortSignal): Promise<string> {
    for (let pick = 0; pick < randomPicks; pick += 1) {
      const address = this.range.randomAddress(this.#parts.random);
      if (!(await this.#read(address, signal))) return address;
    }
    for await (const address of this.#freeAddresses(signal)) return address;
    throw rangeIsFull();
  }

  /** Gives back what `reserve` took, unless it has changed since. */
  async giveBack({ address, revision }: TakenAddress, signal: AbortSignal): Promise<void> {
    await this.#parts.store.delete(this.#key(address), revision, signal);
  }

  /** Frees the service's address, if it is the service's. */
  async release(address: string, owner: ServiceName, signal: AbortSignal): Promise<void> {
    const canonical = this.range.canonical(address);
    const value = canonical === undefined ? undefined : await this.#read(canonical, signal);
    if (!value) return;
    const record = decodeIpAddress(value.bytes);
    if (record.owner.name !== owner.name || record.owner.namespace !== owner.namespace) return;
    await this.#parts.store.delete(value.key, value.revision, signal);
  }

  /** Every address of the range that is taken. */
  async *taken(signal: AbortSignal): AsyncGenerator<{ readonly address: string; readonly value: StoredValue }> {
    let startKey = this.#prefix;
    for (;;) {
      const page = await this.#parts.store.list({ prefix: this.#prefix, startKey, limit: pageSize }, signal);
      for (const value of page.values) {
        const address = this.range.canonical(value.key.slice(this.#prefix.length));
        if (address !== undefined) yield { address, value };
      }
      const last = page.values.at(-1);
      if (page.remaining === 0 || !last) return;
      startKey = `${last.key}\0`;
    }
  }

  /** Removes the key if it has not changed; used by the repair. */
  async remove(value: StoredValue, signal: AbortSignal): Promise<void> {
    await this.#parts.store.delete(value.key, value.revision, signal);
  }

  /** Writes down another owner; used by the repair. */
  async setOwner(address: string, value: StoredValue, owner: ServiceName, signal: AbortSignal): Promise<void> {
    await this.#parts.store.update(value.key, this.#encode(address, owner), value.revision, signal);
  }

  #inRange(address: string): string {
    const canonical = this.range.canonical(address);
    if (canonical === undefined) throw notInRange("IP", String(this.range));
    return canonical;
  }

  async #take(address: string, owner: ServiceName, signal: AbortSignal): Promise<TakenAddress | undefined> {
    const outcome = await this.#parts.store.create(this.#key(address), this.#encode(address, owner), signal);
    return outcome.done ? { address, revision: outcome.revision } : undefined;
  }

  async #read(address: string, signal: AbortSignal): Promise<StoredValue | undefined> {
    return (await this.#parts.store.get(this.#key(address), signal)).value;
  }

  /** The free addresses from a random place on, those of the static band last. */
  async *#freeAddresses(signal: AbortSignal): AsyncGenerator<string> {
    const taken = new Set<string>();
    for await (const { address } of this.taken(signal)) taken.add(address);
    const { size, staticSize } = this.range;
    for (const [from, to] of [
      [staticSize, size],
      [0, Math.min(staticSize, size)],
    ] as const) {
      const length = to - from;
      if (length <= 0) continue;
      const start = randomInt(this.#parts.random, length);
      for (let step = 0; step < length; step += 1) {
        const address = this.range.at(from + ((start + step) % length));
        if (!taken.has(address)) yield address;
      }
    }
  }

  #key(address: string): string {
    return this.#prefix + address;
  }

  #encode(address: string, owner: ServiceName): Buffer {
    const { random, clock } = this.#parts;
    return encodeIpAddress(address, owner, random.uuid(), clock.now());
  }
}
