import {
  formatCidr,
  formatIpAddress,
  ipFamilyOf,
  parseIpAddress,
  parseCidr as parseRange,
} from "@kube-ts/std/ip-address";
import { goQuote } from "./go-quote.ts";

// The functions that name errors return upstream's texts of what is wrong with a value, none when it is right.

/** An address that all parsers read alike. */
export function ipAddressErrors(value: string): string[] {
  if (!isIpAddress(value)) {
    const isReadable = isIpAddress(withoutLeadingZeros(value));
    const text = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
    return [isReadable ? "must not have leading 0s" : text];
  }
  return isMapped(value) ? ["must not be an IPv4-mapped IPv6 address"] : [];
}

/** A CIDR such as `10.9.8.0/24` that all parsers read alike. */
export function cidrErrors(value: string): string[] {
  const range = parseRange(value);
  if (!range) {
    const isReadable = parseRange(withoutLeadingZeros(value)) !== undefined;
    const text = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";
    return [isReadable ? "must not have leading 0s in IP or prefix length" : text];
  }
  const address = value.slice(0, value.indexOf("/"));
  if (isMapped(address)) return ["must not have an IPv4-mapped IPv6 address"];
  const hasHostBits = parseIpAddress(address)?.value !== range.base;
  return hasHostBits ? ["must not have bits set beyond the prefix length"] : [];
}

/** As `ipAddressErrors`, for fields that take an address in the one form in which it is written. */
export function canonicalIpAddressErrors(value: string): string[] {
  const errors = ipAddressErrors(value);
  const address = parseIpAddress(value);
  return errors.length > 0 || !address ? errors : canonicalErrors(value, formatIpAddress(address));
}

/** As `cidrErrors`, for fields that take a range in the one form in which it is written. */
export function canonicalCidrErrors(value: string): string[] {
  const errors = cidrErrors(value);
  const range = parseRange(value);
  return errors.length > 0 || !range ? errors : canonicalErrors(value, formatCidr(range));
}

function canonicalErrors(value: string, canonical: string): string[] {
  return value === canonical ? [] : [`must be in canonical form (${goQuote(canonical)})`];
}

/** Whether the text is an IPv4 address in the notation of IPv6. */
function isMapped(text: string): boolean {
  return text.includes(":") && ipFamilyOf(text) === "IPv4";
}

/** Octets and prefix lengths were once read with zeros before them, as decimal numbers. */
function withoutLeadingZeros(text: string): string {
  if (text.includes(":")) return text.replace(/\/0+(?=\d)/, "/");
  return text.replace(/(^|[./])0+(?=\d)/g, "$1");
}

/** An address of either family, without zone and without leading zeros. */
export function isIpAddress(value: string): boolean {
  return parseIpAddress(value) !== undefined;
}

/** 4 or 6, or undefined for what is not an address. An IPv4 address mapped into IPv6 is of family 4. */
export function addressFamily(value: string): 4 | 6 | undefined {
  const family = ipFamilyOf(value);
  return family && (family === "IPv4" ? 4 : 6);
}

/** A block of addresses. */
export interface Cidr {
  readonly family: 4 | 6;
  /** The address as it was written, host bits included. */
  readonly address: string;
  readonly prefixLength: number;
}

export function parseCidr(value: string): Cidr | undefined {
  const range = parseRange(value);
  if (!range) return undefined;
  const address = value.slice(0, value.indexOf("/"));
  return { family: range.family === "IPv4" ? 4 : 6, address, prefixLength: range.prefixLength };
}

/** The address as a number of 32 or 128 bits. Throws for what is not an address. */
export function addressBits(value: string): bigint {
  const address = parseIpAddress(value);
  if (!address) throw new TypeError(`not an IP address: ${value}`);
  return address.value;
}

/** Whether the block holds the address; false for an address of the other family. */
export function cidrContains(cidr: Cidr, address: string): boolean {
  if (addressFamily(address) !== cidr.family) return false;
  const shift = BigInt((cidr.family === 4 ? 32 : 128) - cidr.prefixLength);
  return addressBits(address) >> shift === addressBits(cidr.address) >> shift;
}
