import { lookup } from "node:dns/promises";
import type { Cidr } from "@kube-ts/std/ip-address";
import { cidrContains, formatIpAddress, parseCidr, parseIpAddress } from "@kube-ts/std/ip-address";
import { badRequest } from "@kube-ts/api/status-error";
import { abortable } from "@kube-ts/std/abort";

/** Everything that is not a global unicast address: nobody but this machine, or nobody at all, has it. */
const refused: readonly Cidr[] = [
  "0.0.0.0/32",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "224.0.0.0/4",
  "255.255.255.255/32",
  "::/128",
  "::1/128",
  "fe80::/10",
  "ff00::/8",
].map(rangeOf);

function rangeOf(text: string): Cidr {
  const range = parseCidr(text);
  if (!range) throw new Error(`not a CIDR: ${text}`);
  return range;
}

/** The address in the form in which it is dialled. Throws BadRequest for one that requests must not be sent to. */
export function proxyableAddress(text: string): string {
  const address = parseIpAddress(text);
  if (!address || refused.some((range) => cidrContains(range, address))) throw badRequest("address not allowed");
  return formatIpAddress(address);
}

/** Finds all addresses of a host name. */
export type ResolveHost = (host: string) => Promise<readonly string[]>;

const systemResolver: ResolveHost = async (host) => {
  const found = await lookup(host, { all: true, order: "verbatim" });
  return found.map(({ address }) => address);
};

/**
 * The address to dial for a host: looked up once, so that what is checked is what is dialled. Throws BadRequest when
 * any of its addresses is not allowed.
 */
export async function resolveProxyable(
  host: string,
  signal: AbortSignal,
  resolve: ResolveHost = systemResolver,
): Promise<string> {
  if (parseIpAddress(host)) return proxyableAddress(host);
  const found = await abortable(resolve(host), signal).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw badRequest(`lookup ${host}: no such host`, cause);
  });
  const [first] = found.map(proxyableAddress);
  if (first === undefined) throw badRequest("no addresses for hostname");
  return first;
}
