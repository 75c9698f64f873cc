import { formatIpAddress, parseIpAddress, type IpAddress } from "@kube-ts/std/ip-address";
import { fn, method, type CelLibrary } from "../declarations.ts";
import { CelEvaluationError } from "../evaluation-error.ts";
import { goQuote } from "../../go-quote.ts";
import { boolType, intType, opaque, stringType, type CelType } from "../types.ts";
import { CelOpaque } from "../values.ts";

export const ipType: CelType = opaque("net.IP");
export const cidrType: CelType = opaque("net.CIDR");

export class CelIp extends CelOpaque {
  override readonly type = ipType;
  readonly address: IpAddress;

  constructor(address: IpAddress) {
    super();
    this.address = address;
  }

  override equals(other: CelOpaque): boolean {
    return other instanceof CelIp && sameAddress(this.address, other.address);
  }

  override get costSize(): number {
    return this.address.family === "IPv4" ? 4 : 16;
  }
}

export class CelCidr extends CelOpaque {
  override readonly type = cidrType;
  /** As written, host bits included. */
  readonly address: IpAddress;
  readonly prefixLength: number;

  constructor(address: IpAddress, prefixLength: number) {
    super();
    this.address = address;
    this.prefixLength = prefixLength;
  }

  override equals(other: CelOpaque): boolean {
    return (
      other instanceof CelCidr && this.prefixLength === other.prefixLength && sameAddress(this.address, other.address)
    );
  }

  override get costSize(): number {
    return Math.ceil(this.prefixLength / 8);
  }

  get masked(): CelCidr {
    const hostBits = BigInt(bitsOf(this.address) - this.prefixLength);
    const value = (this.address.value >> hostBits) << hostBits;
    return new CelCidr({ family: this.address.family, value }, this.prefixLength);
  }

  contains(address: IpAddress): boolean {
    if (address.family !== this.address.family) return false;
    const hostBits = BigInt(bitsOf(this.address) - this.prefixLength);
    return address.value >> hostBits === this.address.value >> hostBits;
  }

  override toString(): string {
    return `${formatIpAddress(this.address)}/${this.prefixLength}`;
  }
}

function sameAddress(a: IpAddress, b: IpAddress): boolean {
  return a.family === b.family && a.value === b.value;
}

function bitsOf(address: IpAddress): number {
  return address.family === "IPv4" ? 32 : 128;
}

/** Addresses of IPv4 mapped into IPv6 are refused; the reader takes them for IPv4, so the text tells. */
function addressError(text: string): string | undefined {
  if (text.includes("%")) return `IP address ${goQuote(text)} with zone value is not allowed`;
  const address = parseIpAddress(text);
  if (!address) {
    return `IP Address ${goQuote(text)} parse error during conversion from string: ParseAddr(${goQuote(text)}): unable to parse IP`;
  }
  if (address.family === "IPv4" && text.includes(":"))
    return `IPv4-mapped IPv6 address ${goQuote(text)} is not allowed`;
  return undefined;
}

function parseIp(text: string): CelIp {
  const problem = addressError(text);
  const address = problem === undefined ? parseIpAddress(text) : undefined;
  if (!address) throw new CelEvaluationError(problem ?? "");
  return new CelIp(address);
}

function findCidr(text: string): CelCidr | string {
  const failed = "network address parse error during conversion from string: ";
  const slash = text.lastIndexOf("/");
  if (slash < 0) return `${failed}netip.ParsePrefix(${goQuote(text)}): no '/'`;
  const base = text.slice(0, slash);
  const address = parseIpAddress(base);
  if (!address || base.includes("%"))
    return `${failed}netip.ParsePrefix(${goQuote(text)}): ParseAddr(${goQuote(base)}): unable to parse IP`;
  const length = text.slice(slash + 1);
  if (!/^(?:0|[1-9][0-9]{0,2})$/.test(length))
    return `${failed}netip.ParsePrefix(${goQuote(text)}): bad bits after slash: ${goQuote(length)}`;
  if (address.family === "IPv4" && base.includes(":"))
    return `IPv4-mapped IPv6 address ${goQuote(text)} is not allowed`;
  if (Number(length) > bitsOf(address))
    return `${failed}netip.ParsePrefix(${goQuote(text)}): prefix length out of range`;
  return new CelCidr(address, Number(length));
}

function parseCidr(text: string): CelCidr {
  const cidr = findCidr(text);
  if (typeof cidr !== "string") return cidr;
  throw new CelEvaluationError(`network address parse error during conversion from string: ${cidr}`);
}

function top(address: IpAddress, bits: number): bigint {
  return address.value >> BigInt(bitsOf(address) - bits);
}

function isLoopback({ address }: CelIp): boolean {
  return address.family === "IPv4" ? top(address, 8) === 127n : address.value === 1n;
}

function isMulticast(address: IpAddress): boolean {
  return address.family === "IPv4" ? top(address, 4) === 0xen : top(address, 8) === 0xffn;
}

function isLinkLocalMulticast({ address }: CelIp): boolean {
  if (address.family === "IPv4") return top(address, 24) === 0xe00000n;
  return (top(address, 16) & 0xff0fn) === 0xff02n;
}

function isLinkLocalUnicast({ address }: CelIp): boolean {
  return address.family === "IPv4" ? top(address, 16) === 0xa9fen : top(address, 10) === 0x3fan;
}

function isGlobalUnicast(ip: CelIp): boolean {
  const { address } = ip;
  if (address.value === 0n || (address.family === "IPv4" && address.value === 0xffffffffn)) return false;
  return !isLoopback(ip) && !isMulticast(address) && !isLinkLocalUnicast(ip);
}

function containsCidr(outer: CelCidr, inner: CelCidr): boolean {
  return outer.prefixLength <= inner.prefixLength && outer.contains(inner.address);
}

/** Addresses and networks. */
export const networkLibrary: CelLibrary = {
  overloads: [
    fn("ip", "string_to_ip", [stringType], ipType, parseIp),
    fn("isIP", "is_ip", [stringType], boolType, (text: string) => addressError(text) === undefined),
    fn(
      "ip.isCanonical",
      "ip_is_canonical",
      [stringType],
      boolType,
      (text: string) => formatIpAddress(parseIp(text).address) === text,
    ),
    fn("string", "ip_to_string", [ipType], stringType, ({ address }: CelIp) => formatIpAddress(address)),
    method("family", "ip_family", [ipType], intType, ({ address }: CelIp) => (address.family === "IPv4" ? 4n : 6n)),
    method("isUnspecified", "ip_is_unspecified", [ipType], boolType, ({ address }: CelIp) => address.value === 0n),
    method("isLoopback", "ip_is_loopback", [ipType], boolType, isLoopback),
    method("isLinkLocalMulticast", "ip_is_link_local_multicast", [ipType], boolType, isLinkLocalMulticast),
    method("isLinkLocalUnicast", "ip_is_link_local_unicast", [ipType], boolType, isLinkLocalUnicast),
    method("isGlobalUnicast", "ip_is_global_unicast", [ipType], boolType, isGlobalUnicast),
    fn("cidr", "string_to_cidr", [stringType], cidrType, parseCidr),
    fn("isCIDR", "is_cidr", [stringType], boolType, (text: string) => typeof findCidr(text) !== "string"),
    fn("string", "cidr_to_string", [cidrType], stringType, String),
    method("containsIP", "cidr_contains_ip_ip", [cidrType, ipType], boolType, (cidr: CelCidr, ip: CelIp) =>
      cidr.contains(ip.address),
    ),
    method("containsIP", "cidr_contains_ip_string", [cidrType, stringType], boolType, (cidr: CelCidr, text: string) =>
      cidr.contains(parseIp(text).address),
    ),
    method("containsCIDR", "cidr_contains_cidr", [cidrType, cidrType], boolType, containsCidr),
    method(
      "containsCIDR",
      "cidr_contains_cidr_string",
      [cidrType, stringType],
      boolType,
      (cidr: CelCidr, text: string) => containsCidr(cidr, parseCidr(text)),
    ),
    method("ip", "cidr_ip", [cidrType], ipType, (cidr: CelCidr) => new CelIp(cidr.address)),
    method("masked", "cidr_masked", [cidrType], cidrType, (cidr: CelCidr) => cidr.masked),
    method("prefixLength", "cidr_prefix_length", [cidrType], intType, (cidr: CelCidr) => BigInt(cidr.prefixLength)),
  ],
  typeNames: [
    ["net.IP", ipType],
    ["net.CIDR", cidrType],
  ],
};
