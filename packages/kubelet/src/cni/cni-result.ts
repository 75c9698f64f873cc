/** The addresses in a plugin's result, without their prefix lengths, in order; IPv4 and IPv6 alike. */
export function resultAddresses(result: unknown): string[] {
  const ips = (result as { readonly ips?: unknown } | null)?.ips;
  if (!Array.isArray(ips)) return [];
  return (ips as readonly ({ readonly address?: unknown } | null)[])
    .map((ip) => ip?.address)
    .filter((address): address is string => typeof address === "string")
    .map((address) => address.split("/")[0] ?? address);
}
