import { listen } from "@kube-ts/std/listen";
import { createServer } from "@kube-ts/std/node-http";
import type { RequestListener, Server, ServerResponse } from "node:http";

/** A listening server; disposing it stops accepting and waits for what is in flight. */
export interface HealthListener extends AsyncDisposable {
  readonly port: number;
}

export interface HealthBinding {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** Leave IPv4 to another listener on the same port. */
  readonly ipv6Only?: boolean;
}

/** Serves short answers on one address. Rejects when the address cannot be bound. */
export async function listenHealth(binding: HealthBinding, answer: RequestListener): Promise<HealthListener> {
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 10_000 }, answer);
  server.maxConnections = 256;
  return { port: await listen(server, { ...binding }), [Symbol.asyncDispose]: () => close(server) };
}

/** Writes a JSON answer. */
export function answerJson(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    "content-type": "application/json",
    "x-content-type-options": "nosniff",
    "content-length": Buffer.byteLength(body),
    ...headers,
  });
  response.end(response.req.method === "HEAD" ? undefined : body);
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
