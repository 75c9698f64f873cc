import type { Clock } from "@kube-ts/std/clock";
import { type IpFamily, formatIpAddress, parseIpAddress } from "@kube-ts/std/ip-address";
import { type Random, randomInt } from "@kube-ts/std/random";
import type { Revision, Store, StoredValue } from "../storage/store.ts";
import type { AddressRange } from "./address-range.ts";
import { addressInNoRange, addressNotInRange, alreadyAllocated, rangeIsFull } from "./allocation-error.ts";
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
  /** Where addresses are taken from until `use` says otherwise. */
  readonly range: AddressRange;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Gives out the addresses of one family. Each is a key of its own, an IPAddress object, which the store lets only one
 * writer create: so no address is given out twice, by however many servers.
 */
export class ClusterIpAllocator {
  readonly family: IpFamily;
  readonly #parts: ClusterIpParts;
  readonly #prefix: string;
  /** The ranges that addresses are taken from now, the preferred one first. */
  #ranges: readonly AddressRange[];

  constructor(parts: ClusterIpParts) {
    this.#parts = parts;
    this.family = parts.range.family;
    this.#ranges = [parts.range];
    this.#prefix = `${parts.storageRoot}/ipaddresses/`;
  }

  /** From now on addresses are taken from the range of the start and these, of the same family. */
  use(more: readonly AddressRange[]): void {
    const { range } = this.#parts;
    this.#ranges = [range, ...more.filter((each) => String(each) !== String(range))];
  }

  /** Whether services may have the address. */
  offers(address: string): boolean {
    return this.#ranges.some((range) => range.canonical(address) !== undefined);
  }

  /** Takes this very address; throws an AllocationError when it cannot be had. */
  async reserve(address: string, owner: ServiceName, signal: AbortSignal): Promise<TakenAddress> {
    const taken = await this.#take(this.#inRange(address), owner, signal);
    if (!taken) throw alreadyAllocated("IP");
    return taken;
  }

  /** Takes any free address; throws an AllocationError when there is none. */
  async reserveNext(owner: ServiceName, signal: AbortSignal): Promise<TakenAddress> {
    for (const range of this.#ranges) {
      for (let pick = 0; pick < randomPicks; pick += 1) {
        const taken = await this.#take(range.randomAddress(this.#parts.random), owner, signal);
        if (taken) return taken;
      }
      for await (const address of this.#freeAddresses(range, signal)) {
        const taken = await this.#take(address, owner, signal);
        if (taken) return taken;
      }
    }
    throw rangeIsFull();
  }

  /** As `reserve`, but takes nothing. */
  async check(address: string, signal: AbortSignal): Promise<void> {
    if (await this.#read(this.#inRange(address), signal)) throw alreadyAllocated("IP");
  }

  /** An address that `reserveNext` could take now. */
  async findFree(signal: AbortSignal): Promise<string> {
    for (const range of this.#ranges) {
      for (let pick = 0; pick < randomPicks; pick += 1) {
        const address = range.randomAddress(this.#parts.random);
        if (!(await this.#read(address, signal))) return address;
      }
      for await (const address of this.#freeAddresses(range, signal)) return address;
    }
    throw rangeIsFull();
  }

  /** Gives back what `reserve` took, unless it has changed since. */
  async giveBack({ address, revision }: TakenAddress, signal: AbortSignal): Promise<void> {
    await this.#parts.store.delete(this.#key(address), revision, signal);
  }

  /** Frees the service's address, if it is the service's; also one of a range that is no longer used. */
  async release(address: string, owner: ServiceName, signal: AbortSignal): Promise<void> {
    const parsed = parseIpAddress(address);
    const value = parsed ? await this.#read(formatIpAddress(parsed), signal) : undefined;
    if (!value) return;
    const record = decodeIpAddress(value.bytes);
    if (record.owner.name !== owner.name || record.owner.namespace !== owner.namespace) return;
    await this.#parts.store.delete(value.key, value.revision, signal);
  }

  /** Every address of the family that is taken. */
  async *taken(signal: AbortSignal): AsyncGenerator<{ readonly address: string; readonly value: StoredValue }> {
    let startKey = this.#prefix;
    for (;;) {
      const page = await this.#parts.store.list({ prefix: this.#prefix, startKey, limit: pageSize }, signal);
      for (const value of page.values) {
        const address = parseIpAddress(value.key.slice(this.#prefix.length));
        if (address?.family === this.family) yield { address: formatIpAddress(address), value };
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
    for (const range of this.#ranges) {
      const canonical = range.canonical(address);
      if (canonical !== undefined) return canonical;
    }
    const range = this.#ranges.find((each) => each.contains(address));
    throw range ? addressNotInRange(address, String(range)) : addressInNoRange();
  }

  async #take(address: string, owner: ServiceName, signal: AbortSignal): Promise<TakenAddress | undefined> {
    const outcome = await this.#parts.store.create(this.#key(address), this.#encode(address, owner), signal);
    return outcome.done ? { address, revision: outcome.revision } : undefined;
  }

  async #read(address: string, signal: AbortSignal): Promise<StoredValue | undefined> {
    return (await this.#parts.store.get(this.#key(address), signal)).value;
  }

  /** The free addresses from a random place on, those of the static band last. */
  async *#freeAddresses(range: AddressRange, signal: AbortSignal): AsyncGenerator<string> {
    const taken = new Set<string>();
    for await (const { address } of this.taken(signal)) taken.add(address);
    const { size, staticSize } = range;
    for (const [from, to] of [
      [staticSize, size],
      [0, Math.min(staticSize, size)],
    ] as const) {
      const length = to - from;
      if (length <= 0) continue;
      const start = randomInt(this.#parts.random, length);
      for (let step = 0; step < length; step += 1) {
        const address = range.at(from + ((start + step) % length));
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
