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
