import { goQuote } from "@kube-ts/api/go-quote";
import { cidrErrors, ipAddressErrors } from "@kube-ts/api/ip-address";
import { formatCidr, formatIpAddress, parseCidr, parseIpAddress } from "@kube-ts/std/ip-address";

// Each function returns upstream's texts of what is wrong with the value, none when it is right.

/** An address that all parsers read alike. */
export function unambiguousAddressErrors(value: string): string[] {
  if (!parseIpAddress(value) && parseIpAddress(withoutLeadingZeros(value))) return ["must not have leading 0s"];
  if (isMapped(value)) return ["must not be an IPv4-mapped IPv6 address"];
  return ipAddressErrors(value);
}

/** An address in the one form in which it is written. */
export function canonicalAddressErrors(value: string): string[] {
  const errors = unambiguousAddressErrors(value);
  const address = parseIpAddress(value);
  if (errors.length > 0 || !address) return errors;
  return canonicalErrors(value, formatIpAddress(address));
}

/** A range that all parsers read alike. */
export function unambiguousCidrErrors(value: string): string[] {
  const range = parseCidr(value);
  if (!range) {
    const isReadable = parseCidr(withoutLeadingZeros(value)) !== undefined;
    return isReadable ? ["must not have leading 0s in IP or prefix length"] : cidrErrors(value);
  }
  const address = value.slice(0, value.indexOf("/"));
  if (isMapped(address)) return ["must not have an IPv4-mapped IPv6 address"];
  const hasHostBits = parseIpAddress(address)?.value !== range.base;
  return hasHostBits ? ["must not have bits set beyond the prefix length"] : [];
}

/** A range in the one form in which it is written. */
export function canonicalCidrErrors(value: string): string[] {
  const errors = unambiguousCidrErrors(value);
  const range = parseCidr(value);
  if (errors.length > 0 || !range) return errors;
  return canonicalErrors(value, formatCidr(range));
}

function canonicalErrors(value: string, canonical: string): string[] {
  return value === canonical ? [] : [`must be in canonical form (${goQuote(canonical)})`];
}

/** Whether the text is an IPv4 address in the notation of IPv6. */
function isMapped(text: string): boolean {
  return text.includes(":") && parseIpAddress(text)?.family === "IPv4";
}

/** Octets and prefix lengths were once read with zeros before them, as decimal numbers. */
function withoutLeadingZeros(text: string): string {
  if (text.includes(":")) return text.replace(/\/0+(?=\d)/, "/");
  return text.replace(/(^|[./])0+(?=\d)/g, "$1");
}
