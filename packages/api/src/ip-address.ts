import { ipFamilyOf, parseIpAddress, parseCidr as parseRange } from "@kube-ts/std/ip-address";

/** What is wrong with an IP address, none when it is valid. Texts are upstream's. */
export function ipAddressErrors(value: string): string[] {
  return isIpAddress(value) ? [] : ["must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"];
}

/** What is wrong with a CIDR such as `10.9.8.0/24`, none when it is valid. */
export function cidrErrors(value: string): string[] {
  return parseRange(value) ? [] : ["must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"];
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
