import type { ConnectionOptions } from "node:tls";
import { type Clock, systemClock } from "@kube-ts/std/clock";
import type { ClientConfig } from "./client-config.ts";
import { createCredentials } from "./credentials.ts";
import { loadTlsMaterial } from "./tls-material.ts";

/** What a connection outside of the client needs: one that is upgraded to WebSocket or SPDY. */
export interface ConnectionTarget {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: ConnectionOptions;
}

/** Address, headers and TLS options for `path` (with its query) on the configured server, as they are now. */
export async function connectionTarget(
  config: ClientConfig,
  path: string,
  userAgent: string,
  signal: AbortSignal,
  clock: Clock = systemClock,
): Promise<ConnectionTarget> {
  const credentials = createCredentials(config, clock);
  const headers: Record<string, string> = { "user-agent": userAgent };
  for (const [name, value] of Object.entries(await credentials.headers(signal))) {
    headers[name] = typeof value === "string" ? value : value.join(", ");
  }
  const { options } = await loadTlsMaterial(config.tls, credentials, signal);
  return { url: new URL(`${config.server}${path}`), headers, tls: options };
}
