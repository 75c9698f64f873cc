import { networkInterfaces } from "node:os";
import { parseIpAddress } from "@kube-ts/std/ip-address";

/**
 * The hosts to bind for the configured addresses: an unspecified address stands for every address of this host in
 * its family. Link-local IPv6 addresses are left out: they mean nothing without an interface.
 */
export function bindHosts(configured: readonly string[], interfaceAddresses: readonly string[]): readonly string[] {
  const hosts = configured.flatMap((text) => {
    const address = parseIpAddress(text);
    if (!address || address.value !== 0n) return [text];
    return interfaceAddresses.filter((candidate) => {
      const family = parseIpAddress(candidate)?.family;
      return family === address.family && !candidate.toLowerCase().startsWith("fe80:");
    });
  });
  return [...new Set(hosts)];
}

/** Addresses of this host's interfaces now. */
export function hostAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => address));
}
