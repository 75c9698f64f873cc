import { dns1123SubdomainErrors } from "@kube-ts/api/names";
import { ipFamilyOf } from "@kube-ts/std/ip-address";

/** Where a server listens. */
export interface Endpoint {
  /** A host name or an address, without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Reads `host:port` or `[address]:port`, or answers undefined. */
export function parseEndpoint(text: string): Endpoint | undefined {
  const [, bracketed, plain, digits = ""] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host === undefined || port < 1 || port > 65_535) return undefined;
  const isHost = bracketed === undefined ? isHostName(host) : ipFamilyOf(host) === "IPv6";
  return isHost ? { host, port } : undefined;
}

/** The URL of a server with TLS. */
export function httpsUrl(host: string, port: number): string {
  return `https://${bracketed(host)}:${port}`;
}

function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

function isHostName(host: string): boolean {
  return ipFamilyOf(host) === "IPv4" || dns1123SubdomainErrors(host).length === 0;
}
