import { formatCidr, parseCidr } from "@kube-ts/std/ip-address";
import type { Cidr } from "@kube-ts/std/ip-address";

const maxSubnets = 1 << 16;

/** Splits a range into equal parts and hands them out, lowest first. */
export class CidrPool {
  readonly #range: Cidr;
  readonly #maskSize: number;
  readonly #size: number;
  readonly #taken = new Set<number>();
  readonly #excluded = new Set<number>();
  #next = 0;

  /** Throws an Error when the range cannot be split so. */
  constructor(range: string, maskSize: number) {
    const parsed = parseCidr(range);
    if (!parsed) throw new Error(`invalid CIDR address: ${range}`);
    const bits = maskSize - parsed.prefixLength;
    if (bits < 0) throw new Error(`node mask size ${maskSize} is wider than the cluster range ${range}`);
    this.#range = parsed;
    this.#maskSize = maskSize;
    this.#size = Math.min(2 ** bits, maxSubnets);
  }

  /** Marks a part as handed out; what is not a part of this range is left alone. */
  occupy(cidr: string): void {
    const index = this.#indexOf(cidr);
    if (index !== undefined) this.#taken.add(index);
  }

  /** Keeps every part that overlaps the range from being handed out, for good. Throws when it is no range. */
  exclude(range: string): void {
    const parsed = parseCidr(range);
    if (!parsed) throw new Error(`invalid CIDR address: ${range}`);
    if (parsed.family !== this.#range.family) return;
    const addresses = 1n << BigInt((parsed.family === "IPv4" ? 32 : 128) - parsed.prefixLength);
    const start = parsed.base - this.#range.base;
    const [first, last] = [start / this.#partSize, (start + addresses - 1n) / this.#partSize];
    if (start + addresses <= 0n) return;
    const end = last >= BigInt(this.#size) ? this.#size - 1 : Number(last);
    for (let index = first < 0n ? 0 : Number(first); index <= end; index += 1) this.#excluded.add(index);
  }

  release(cidr: string): void {
    const index = this.#indexOf(cidr);
    if (index !== undefined) this.#taken.delete(index);
  }

  /** A free part, or undefined when all are taken. */
  take(): string | undefined {
    for (let tried = 0; tried < this.#size; tried += 1) {
      const index = (this.#next + tried) % this.#size;
      if (this.#taken.has(index) || this.#excluded.has(index)) continue;
      this.#taken.add(index);
      this.#next = (index + 1) % this.#size;
      return this.#at(index);
    }
    return undefined;
  }

  #at(index: number): string {
    const base = this.#range.base + BigInt(index) * this.#partSize;
    return formatCidr({ family: this.#range.family, base, prefixLength: this.#maskSize });
  }

  #indexOf(cidr: string): number | undefined {
    const parsed = parseCidr(cidr);
    if (!parsed || parsed.family !== this.#range.family || parsed.prefixLength !== this.#maskSize) return undefined;
    const index = Number((parsed.base - this.#range.base) / this.#partSize);
    return index >= 0 && index < this.#size ? index : undefined;
  }

  get #partSize(): bigint {
    return 1n << BigInt((this.#range.family === "IPv4" ? 32 : 128) - this.#maskSize);
  }
}
