import {
  type Cidr,
  type IpFamily,
  cidrContains,
  formatCidr,
  formatIpAddress,
  parseCidr,
  parseIpAddress,
} from "@kube-ts/std/ip-address";
import { type Random } from "@kube-ts/std/random";
import { staticBandSize } from "./band.ts";

/** What a range of `--service-cluster-ip-range` has to hold at least. */
const minimumSize = 8n;
/** Below this there is no address left beside those of the network and of broadcasts. */
const smallestUseful = 4n;

/** The largest count of addresses that automatic choices are made among; ranges of IPv6 may be far larger. */
const largestCount = BigInt(Number.MAX_SAFE_INTEGER);

/** The addresses of one family that services may have. */
export class AddressRange {
  readonly #cidr: Cidr;
  readonly #first: bigint;
  /** How many addresses there are to choose from. */
  readonly size: number;
  /** How many at the start are chosen last. */
  readonly staticSize: number;

  /** Reads one range of `--service-cluster-ip-range`, or of a ServiceCIDR; throws an Error that shows the text. */
  constructor(text: string, isFlag = true) {
    const cidr = parseCidr(text);
    if (!cidr) throw new Error(`invalid CIDR address: ${text}`);
    const total = 1n << BigInt((cidr.family === "IPv4" ? 32 : 128) - cidr.prefixLength);
    const least = isFlag ? minimumSize : smallestUseful;
    if (total < least) throw new Error(`the service cluster IP range ${text} must hold at least ${least} addresses`);
    this.#cidr = cidr;
    this.#first = cidr.base + 1n;
    // The network address is no service's, nor is the broadcast address, which IPv6 does not have.
    const usable = total - (cidr.family === "IPv4" ? 2n : 1n);
    this.size = Number(usable < largestCount ? usable : largestCount);
    this.staticSize = staticBandSize(Number(total < largestCount ? total : largestCount), 16, 16, 256);
  }

  get family(): IpFamily {
    return this.#cidr.family;
  }

  /** The first address: that of the `kubernetes` service. */
  get firstAddress(): string {
    return this.at(0);
  }

  toString(): string {
    return formatCidr(this.#cidr);
  }

  at(offset: number): string {
    return formatIpAddress({ family: this.family, value: this.#first + BigInt(offset) });
  }

  /** Whether the address is in the range, be it one that services may have or not. */
  contains(text: string): boolean {
    const address = parseIpAddress(text);
    return address !== undefined && cidrContains(this.#cidr, address);
  }

  /** The canonical text of an address that services may have; undefined when it is not one of the range. */
  canonical(text: string): string | undefined {
    const address = parseIpAddress(text);
    if (!address || !cidrContains(this.#cidr, address)) return undefined;
    const offset = address.value - this.#first;
    return offset >= 0n && offset < BigInt(this.size) ? formatIpAddress(address) : undefined;
  }

  /** An address outside of the static band, or in it for ranges that are nothing else. */
  randomAddress(random: Random): string {
    const from = this.staticSize < this.size ? this.staticSize : 0;
    return this.at(from + Math.floor(random.next() * (this.size - from)));
  }
}
