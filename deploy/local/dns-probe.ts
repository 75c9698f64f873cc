import { Resolver } from "node:dns/promises";

/** Whether the DNS server has an address for the name. */
export async function resolves(name: string, server: string): Promise<boolean> {
  const resolver = new Resolver({ timeout: 1_000, tries: 1 });
  resolver.setServers([server]);
  return resolver.resolve4(name).then(
    (addresses) => addresses.length > 0,
    () => false,
  );
}
