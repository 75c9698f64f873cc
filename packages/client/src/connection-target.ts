import { connect as connectPlain } from "node:net";
import { connect as connectTls, type ConnectionOptions } from "node:tls";
import { once } from "node:events";
import { withTimeout } from "@kube-ts/std/abort";
import type { Clock } from "@kube-ts/std/clock";
import type { ClientConfig } from "./client-config.ts";
import { createCredentials } from "./credentials.ts";
import type { ServerChoice } from "./server-choice.ts";
import { loadTlsMaterial } from "./tls-material.ts";
import { transportError } from "./transport-error.ts";

/** What a connection outside of the client needs: one that is upgraded to WebSocket or SPDY. */
export interface ConnectionTarget {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: ConnectionOptions;
}

const connectTimeoutMs = 4_000;
/** A server that has answered so recently is not tried first. */
const freshMs = 5_000;

/**
 * Address, headers and TLS options for `path` (with its query) on the configured server, as they are now. Of several
 * servers it is one that could be reached a moment ago; rejects with a TransportError when there is none.
 */
export async function connectionTarget(
  config: ClientConfig,
  path: string,
  userAgent: string,
  signal: AbortSignal,
  clock: Clock,
): Promise<ConnectionTarget> {
  const credentials = createCredentials(config, clock);
  const headers: Record<string, string> = { "user-agent": userAgent };
  for (const [name, value] of Object.entries(await credentials.headers(signal))) {
    headers[name] = typeof value === "string" ? value : value.join(", ");
  }
  const { options } = await loadTlsMaterial(config.tls, credentials, signal);
  const server = config.servers ? await reachableOf(config.servers, options, signal, clock) : config.server;
  return { url: new URL(`${server}${path}`), headers, tls: options };
}

async function reachableOf(
  choice: ServerChoice,
  tls: ConnectionOptions,
  signal: AbortSignal,
  clock: Clock,
): Promise<string> {
  const tried = new Set<number>();
  for (;;) {
    const index = choice.next(tried) ?? choice.current;
    const url = choice.url(index);
    if (clock.monotonicMs() - choice.heardAtMs(index) < freshMs) return url;
    tried.add(index);
    try {
      await reach(new URL(url), tls, withTimeout(signal, connectTimeoutMs));
      choice.heard(index, clock.monotonicMs());
      choice.use(index);
      return url;
    } catch (error) {
      signal.throwIfAborted();
      choice.failed(index, clock.monotonicMs());
      if (tried.size === choice.urls.length) throw transportError(`connect to ${url}`, error, true);
    }
  }
}

/** Connects, as far as the server's certificate, and hangs up. */
async function reach({ protocol, hostname, port }: URL, tls: ConnectionOptions, signal: AbortSignal): Promise<void> {
  const host = hostname.replace(/^\[|\]$/g, "");
  const isTls = protocol === "https:";
  const where = { host, port: Number(port || (isTls ? 443 : 80)) };
  const socket = isTls ? connectTls({ ...tls, ...where }) : connectPlain(where);
  try {
    await once(socket, isTls ? "secureConnect" : "connect", { signal });
  } finally {
    socket.on("error", () => {}).destroy();
  }
}
