import type { ClientConfig } from "@kube-ts/client/client-config";
import { readBody } from "@kube-ts/client/response-body";
import { withTimeout } from "@kube-ts/std/abort";
import type { Clock } from "@kube-ts/std/clock";

/** Reads a JSON document over HTTPS. Rejects when it cannot be had. */
export type FetchDocument = (url: string, signal: AbortSignal) => Promise<unknown>;

const timeoutMs = 30_000;
const maxDocumentBytes = 1024 * 1024;

/**
 * Fetches documents of issuers; redirects are not followed. `certificateAuthority` is PEM, empty for the authorities of
 * the system.
 */
export function documentFetcher(certificateAuthority: string, clock: Clock): FetchDocument {
  return async (url, signal) => {
    // Loaded when an issuer is asked: the library for HTTP clients takes megabytes.
    const { HttpClient } = await import("@kube-ts/client/http-client");
    const { origin, pathname, search } = new URL(url);
    const config: ClientConfig = {
      server: origin,
      namespace: "",
      tls: certificateAuthority === "" ? {} : { ca: { text: certificateAuthority } },
      auth: { kind: "none" },
    };
    await using client = new HttpClient(config, { userAgent: "kube-apiserver", clock, qps: -1, maxConnections: 1 });
    const response = await client.send({
      method: "GET",
      path: `${pathname}${search}`,
      signal: withTimeout(signal, timeoutMs),
      stream: false,
      headersTimeoutMs: timeoutMs,
      idleTimeoutMs: timeoutMs,
    });
    if (response.status !== 200) {
      response.discard();
      throw new Error(`GET ${url}: status ${response.status}`);
    }
    return JSON.parse((await readBody(response, maxDocumentBytes)).toString()) as unknown;
  };
}
