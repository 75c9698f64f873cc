import { isIPv4, isIPv6 } from "node:net";

/** What is wrong with an IP address, none when it is valid. Texts are upstream's. */
export function ipAddressErrors(value: string): string[] {
  return isIpAddress(value) ? [] : ["must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"];
}

/** What is wrong with a CIDR such as `10.9.8.0/24`, none when it is valid. */
export function cidrErrors(value: string): string[] {
  return parseCidr(value) ? [] : ["must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"];
}

/** An address of either family. An IPv6 zone is refused, leading zeros in IPv4 are tolerated as upstream does for old objects. */
export function isIpAddress(value: string): boolean {
  return addressFamily(value) !== undefined;
}

/** 4 or 6, or undefined for what is not an address. */
export function addressFamily(value: string): 4 | 6 | undefined {
  if (isIPv4(stripLeadingZeros(value))) return 4;
  return isIPv6(value) && !value.includes("%") ? 6 : undefined;
}

/** A block of addresses. */
export interface Cidr {
  readonly family: 4 | 6;
  /** The address as it was written, host bits included. */
  readonly address: string;
  readonly prefixLength: number;
}

export function parseCidr(value: string): Cidr | undefined {
  const slash = value.indexOf("/");
  if (slash < 0) return undefined;
  const address = value.slice(0, slash);
  const family = addressFamily(address);
  const length = value.slice(slash + 1);
  if (family === undefined || !/^\d{1,3}$/.test(length)) return undefined;
  const prefixLength = Number(length);
  return prefixLength <= (family === 4 ? 32 : 128) ? { family, address, prefixLength } : undefined;
}

/** The address as a number of 32 or 128 bits. Throws for what is not an address. */
export function addressBits(value: string): bigint {
  const family = addressFamily(value);
  if (family === 4) return value.split(".").reduce((bits, part) => bits * 256n + BigInt(part), 0n);
  if (family !== 6) throw new TypeError(`not an IP address: ${value}`);
  const [head = "", tail] = withoutDottedTail(value).split("::");
  const front = groups(head);
  const back = tail === undefined ? [] : groups(tail);
  const zeros = Array.from({ length: 8 - front.length - back.length }, () => 0n);
  return [...front, ...zeros, ...back].reduce((bits, group) => (bits << 16n) | group, 0n);
}

/** Whether the block holds the address; false for an address of the other family. */
export function cidrContains(cidr: Cidr, address: string): boolean {
  if (addressFamily(address) !== cidr.family) return false;
  const shift = BigInt((cidr.family === 4 ? 32 : 128) - cidr.prefixLength);
  return addressBits(address) >> shift === addressBits(cidr.address) >> shift;
}

function stripLeadingZeros(value: string): string {
  return value.replace(/(^|\.)0+(?=\d)/g, "$1");
}

function groups(text: string): bigint[] {
  return text === "" ? [] : text.split(":").map((group) => BigInt(`0x${group}`));
}

/** `::ffff:10.0.0.1` in groups of hexadecimal digits only. */
function withoutDottedTail(value: string): string {
  const colon = value.lastIndexOf(":");
  const tail = value.slice(colon + 1);
  if (!tail.includes(".")) return value;
  const bits = addressBits(tail);
  return `${value.slice(0, colon + 1)}${(bits >> 16n).toString(16)}:${(bits & 0xffffn).toString(16)}`;
}
