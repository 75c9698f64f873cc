import { type Random, randomInt } from "@kube-ts/std/random";
import type { Revision, Store, StoredValue } from "../storage/store.ts";
import { alreadyAllocated, portNotInRange, rangeIsFull } from "./allocation-error.ts";
import { staticBandSize } from "./band.ts";
import { Bitmap } from "./bitmap.ts";

/** `--service-node-port-range`, both ends included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

export interface PortAllocatorParts {
  readonly store: Store;
  /** What all keys begin with, such as `/registry`. */
  readonly storageRoot: string;
  readonly range: PortRange;
  readonly random: Random;
}

/** The stored object: upstream's RangeAllocation of v1. */
interface RangeAllocation {
  readonly kind: "RangeAllocation";
  readonly apiVersion: "v1";
  readonly metadata: Record<string, never>;
  readonly range: string;
  readonly data: string;
}

/** Changes the set of allocated offsets; what it throws is the failure of this change alone. */
type Change = (ports: Bitmap) => number | undefined;

interface PendingChange {
  readonly change: Change;
  readonly signal: AbortSignal;
  resolve(result: number | undefined): void;
  reject(error: unknown): void;
}

type Outcome = { readonly pending: PendingChange } & (
  | { readonly result: number | undefined }
  | { readonly error: unknown }
);

const maxAttempts = 64;
const batchTimeoutMs = 10_000;

/**
 * Gives out the node ports. All of them are one key, which is only ever written on top of the state it was read in:
 * so no port is given out twice, by however many servers. Changes that come in while a write is under way are
 * written together.
 */
export class PortAllocator {
  readonly #parts: PortAllocatorParts;
  readonly #key: string;
  readonly #size: number;
  readonly #staticSize: number;
  readonly #queue: PendingChange[] = [];
  /** The state that was last seen, to save a read; a stale one only costs another attempt. */
  #lastSeen: StoredValue | undefined;
  #working = false;

  constructor(parts: PortAllocatorParts) {
    this.#parts = parts;
    this.#key = `${parts.storageRoot}/ranges/servicenodeports`;
    this.#size = parts.range.last - parts.range.first + 1;
    this.#staticSize = staticBandSize(this.#size, 32, 16, 128);
  }

  /** The range as messages and the stored object show it. */
  get rangeText(): string {
    return `${this.#parts.range.first}-${this.#parts.range.last}`;
  }

  contains(port: number): boolean {
    return port >= this.#parts.range.first && port <= this.#parts.range.last;
  }

  /** Takes this very port; throws an AllocationError when it cannot be had. */
  async reserve(port: number, signal: AbortSignal): Promise<void> {
    const offset = this.#offsetOf(port);
    await this.#change((ports) => {
      if (ports.has(offset)) throw alreadyAllocated("port");
      ports.add(offset);
      return undefined;
    }, signal);
  }

  /** Takes any free port but those given; throws an AllocationError when there is none. */
  async reserveNext(except: ReadonlySet<number>, signal: AbortSignal): Promise<number> {
    const offset = await this.#change((ports) => {
      const picked = this.#pick(ports, except);
      ports.add(picked);
      return picked;
    }, signal);
    return this.#parts.range.first + (offset ?? 0);
  }

  /** As `reserve`, but takes nothing. */
  async check(port: number, signal: AbortSignal): Promise<void> {
    const offset = this.#offsetOf(port);
    if ((await this.#read(signal)).ports.has(offset)) throw alreadyAllocated("port");
  }

  /** A port that `reserveNext` could take now. */
  async findFree(except: ReadonlySet<number>, signal: AbortSignal): Promise<number> {
    return this.#parts.range.first + this.#pick((await this.#read(signal)).ports, except);
  }

  /** Frees ports; those that are free or not of the range are left out. */
  async release(ports: readonly number[], signal: AbortSignal): Promise<void> {
    const offsets = ports.filter((port) => this.contains(port)).map((port) => this.#offsetOf(port));
    if (offsets.length === 0) return;
    await this.#change((allocated) => {
      for (const offset of offsets) allocated.delete(offset);
      return undefined;
    }, signal);
  }

  /** Marks ports as taken that are in use whatever the store says. */
  async adopt(ports: readonly number[], signal: AbortSignal): Promise<void> {
    const offsets = ports.filter((port) => this.contains(port)).map((port) => this.#offsetOf(port));
    if (offsets.length === 0) return;
    await this.#change((allocated) => {
      for (const offset of offsets) allocated.add(offset);
      return undefined;
    }, signal);
  }

  /** Every port that is taken. */
  async taken(signal: AbortSignal): Promise<number[]> {
    const { ports } = await this.#read(signal);
    const free = new Set(ports.missing(0, this.#size));
    return Array.from({ length: this.#size }, (_, offset) => offset)
      .filter((offset) => !free.has(offset))
      .map((offset) => this.#parts.range.first + offset);
  }

  #offsetOf(port: number): number {
    if (!this.contains(port)) throw portNotInRange(this.rangeText);
    return port - this.#parts.range.first;
  }

  #pick(ports: Bitmap, except: ReadonlySet<number>): number {
    for (const [from, to] of [
      [this.#staticSize, this.#size],
      [0, this.#staticSize],
    ] as const) {
      const free = ports.missing(from, to).filter((offset) => !except.has(this.#parts.range.first + offset));
      const picked = free[randomInt(this.#parts.random, free.length)];
      if (picked !== undefined) return picked;
    }
    throw rangeIsFull();
  }

  #change(change: Change, signal: AbortSignal): Promise<number | undefined> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      this.#queue.push({ change, signal, resolve, reject });
      if (!this.#working) void this.#work();
    });
  }

  /** Writes what is queued until nothing is. Never rejects: each change gets its own outcome. */
  async #work(): Promise<void> {
    this.#working = true;
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0).filter((pending) => !rejectAborted(pending));
      if (batch.length === 0) continue;
      try {
        for (const outcome of await this.#write(batch, AbortSignal.timeout(batchTimeoutMs))) settle(outcome);
      } catch (error) {
        this.#lastSeen = undefined;
        for (const pending of batch) pending.reject(error);
      }
    }
    this.#working = false;
  }

  async #write(batch: readonly PendingChange[], signal: AbortSignal): Promise<Outcome[]> {
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      const { ports, value } = this.#lastSeen ? this.#decode(this.#lastSeen) : await this.#read(signal);
      const before = ports.encode();
      const outcomes = batch.map((pending) => apply(pending, ports));
      const unchanged = value !== undefined && before.equals(ports.encode());
      // Only a write proves that the state it started from is current: what needs none has to be read anew.
      const isGuess = this.#lastSeen !== undefined && (unchanged || outcomes.some((outcome) => "error" in outcome));
      if (unchanged && !isGuess) return outcomes;
      const bytes = this.#encode(ports);
      const written = isGuess ? undefined : await this.#put(bytes, value?.revision, signal);
      if (written?.done) {
        this.#lastSeen = { key: this.#key, bytes, revision: written.revision };
        return outcomes;
      }
      this.#lastSeen = undefined;
    }
    throw new Error("the allocated node ports were changed by others too often");
  }

  #put(bytes: Buffer, expected: Revision | undefined, signal: AbortSignal) {
    const { store } = this.#parts;
    return expected === undefined
      ? store.create(this.#key, bytes, signal)
      : store.update(this.#key, bytes, expected, signal);
  }

  async #read(signal: AbortSignal): Promise<{ ports: Bitmap; value: StoredValue | undefined }> {
    const { value } = await this.#parts.store.get(this.#key, signal);
    return value ? this.#decode(value) : { ports: Bitmap.empty(this.#size), value: undefined };
  }

  /** What was stored for another range is of no use: the repair fills in what services have. */
  #decode(value: StoredValue): { ports: Bitmap; value: StoredValue } {
    const stored = JSON.parse(value.bytes.toString("utf8")) as Partial<RangeAllocation>;
    const ports =
      stored.range === this.rangeText
        ? Bitmap.decode(this.#size, Buffer.from(stored.data ?? "", "base64"))
        : Bitmap.empty(this.#size);
    return { ports, value };
  }

  #encode(ports: Bitmap): Buffer {
    const allocation: RangeAllocation = {
      kind: "RangeAllocation",
      apiVersion: "v1",
      metadata: {},
      range: this.rangeText,
      data: ports.encode().toString("base64"),
    };
    return Buffer.from(JSON.stringify(allocation));
  }
}

/** Applies a change to the set; a change that fails leaves the set as it was. */
function apply(pending: PendingChange, ports: Bitmap): Outcome {
  try {
    return { pending, result: pending.change(ports) };
  } catch (error) {
    return { pending, error };
  }
}

function settle(outcome: Outcome): void {
  if ("error" in outcome) outcome.pending.reject(outcome.error);
  else outcome.pending.resolve(outcome.result);
}

/** A change whose request is gone is not made. */
function rejectAborted({ signal, reject }: PendingChange): boolean {
  if (!signal.aborted) return false;
  reject(signal.reason);
  return true;
}
