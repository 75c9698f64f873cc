import { type FieldError, invalidField } from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { type Cidr, addressBits, addressFamily, cidrContains, parseCidr } from "@kube-ts/api/ip-address";

const specialRanges: readonly (readonly [string, string])[] = [
  ["127.0.0.0/8", "may not be in the loopback range (127.0.0.0/8, ::1/128)"],
  ["::1/128", "may not be in the loopback range (127.0.0.0/8, ::1/128)"],
  ["169.254.0.0/16", "may not be in the link-local range (169.254.0.0/16, fe80::/10)"],
  ["fe80::/10", "may not be in the link-local range (169.254.0.0/16, fe80::/10)"],
  ["224.0.0.0/24", "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"],
  ["ff02::/16", "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"],
];
const parsedRanges = specialRanges.flatMap(([range, text]): [Cidr, string][] => {
  const cidr = parseCidr(range);
  return cidr ? [[cidr, text]] : [];
});

/** An address that traffic can be sent to: not unspecified, not loopback, not link-local. */
export function checkUsableAddress(address: string, path: FieldPath, errors: FieldError[]): void {
  if (addressFamily(address) === undefined) {
    errors.push(invalidField(path, address, "must be a valid IP address"));
    return;
  }
  if (addressBits(address) === 0n) errors.push(invalidField(path, address, `may not be unspecified (${address})`));
  for (const [range, text] of parsedRanges) {
    if (cidrContains(range, address)) errors.push(invalidField(path, address, text));
  }
}
