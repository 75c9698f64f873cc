import { formatIpAddress, parseIpAddress } from "@kube-ts/std/ip-address";

/** A server to which questions are handed on. */
export interface Upstream {
  readonly host: string;
  readonly port: number;
}

const maxUpstreams = 15;

/** The name servers in the text of a resolv.conf, in order; other lines do not concern a server. */
export function parseResolvConf(text: string): readonly Upstream[] {
  const hosts = text
    .split("\n")
    .map((line) => /^\s*nameserver\s+(\S+)/.exec(line)?.[1] ?? "")
    .flatMap((host) => (usableHost(host) ? [host] : []));
  return [...new Set(hosts)].slice(0, maxUpstreams).map((host) => ({ host, port: 53 }));
}

/** The upstreams that are not this server itself, to which a question would come back for ever. */
export function withoutOwn(
  upstreams: readonly Upstream[],
  own: readonly Upstream[],
): { readonly kept: readonly Upstream[]; readonly dropped: readonly Upstream[] } {
  const isOwn = (upstream: Upstream) =>
    own.some((listener) => canonical(listener.host) === canonical(upstream.host) && listener.port === upstream.port);
  return { kept: upstreams.filter((upstream) => !isOwn(upstream)), dropped: upstreams.filter(isOwn) };
}

function usableHost(host: string): boolean {
  // A link-local IPv6 address carries the interface after a percent sign.
  return parseIpAddress(host.split("%", 1)[0] ?? "") !== undefined;
}

function canonical(host: string): string {
  const address = parseIpAddress(host);
  return address ? formatIpAddress(address) : host;
}
