import { networkInterfaces } from "node:os";
import { ipFamilyOf } from "./ip-address.ts";

/** Where a server listens. */
export interface BindAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * Reads `ip:port`, `[ip]:port`, or an IP alone, which means the default port; undefined for the empty text,
 * which turns the server off. Throws with the reason when it is anything else.
 */
export function parseBindAddress(text: string, defaultPort: number): BindAddress | undefined {
  if (text === "") return undefined;
  if (ipFamilyOf(text) !== undefined) return { host: text, port: defaultPort };
  const found = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const host = found?.[1] ?? found?.[2] ?? "";
  const port = Number(found?.[3]);
  if (ipFamilyOf(host) === undefined) throw new Error("must be IP:port");
  if (port < 1 || port > 65_535) throw new Error("must be a valid port");
  return { host, port };
}

/**
 * What to listen on for a configured address: as with Go's servers, 0.0.0.0 stands for all addresses of both families,
 * where the machine has IPv6. Clients over IPv4 then have addresses such as `::ffff:192.0.2.1`: see `plainAddress`.
 */
export function listenHost(host: string): string {
  return host === "0.0.0.0" && hasIpv6() ? "::" : host;
}

/** A peer's address as it is usually written: IPv4 without the prefix that sockets for both families give it. */
export function plainAddress(address: string): string {
  return /^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(address) ? address.slice(7) : address;
}

/** From the interfaces: a sandbox may hide /proc/net. */
function hasIpv6(): boolean {
  return Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ family }) => family === "IPv6"));
}
