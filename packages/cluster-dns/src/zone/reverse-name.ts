import { formatIpAddress } from "@kube-ts/std/ip-address";

/** The canonical address that a name under in-addr.arpa or ip6.arpa stands for; undefined for any other name. */
export function reverseAddress(labels: readonly string[]): string | undefined {
  const [zone, top] = labels.slice(-2);
  const digits = labels.slice(0, -2).reverse();
  if (top !== "arpa") return undefined;
  if (zone === "in-addr" && digits.length === 4) return ipv4(digits);
  if (zone === "ip6" && digits.length === 32) return ipv6(digits);
  return undefined;
}

function ipv4(octets: readonly string[]): string | undefined {
  const good = octets.every((octet) => /^(0|[1-9]\d{0,2})$/.test(octet) && Number(octet) < 256);
  return good ? octets.join(".") : undefined;
}

function ipv6(nibbles: readonly string[]): string | undefined {
  if (!nibbles.every((nibble) => /^[0-9a-f]$/.test(nibble))) return undefined;
  return formatIpAddress({ family: "IPv6", value: BigInt(`0x${nibbles.join("")}`) });
}
