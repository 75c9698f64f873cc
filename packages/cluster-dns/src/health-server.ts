import { listen } from "@kube-ts/std/listen";
import { createServer } from "@kube-ts/std/node-http";
import { requestTarget } from "@kube-ts/std/request-target";
import type { ServerResponse } from "node:http";

/** A listening server; disposing it stops accepting. */
export interface HealthServer extends AsyncDisposable {
  readonly port: number;
}

/** Serves `/health`, which answers as long as the process does, and `/ready`. Rejects when the port is taken. */
export async function serveHealth(port: number, ready: () => boolean): Promise<HealthServer> {
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 10_000 }, (request, response) => {
    const { path } = requestTarget(request);
    if (path === "/health") answer(response, 200, "OK");
    else if (path === "/ready")
      answer(response, ready() ? 200 : 503, ready() ? "OK" : "not synced with the API server");
    else answer(response, 404, "404 page not found\n");
  });
  server.maxConnections = 64;
  return {
    port: await listen(server, { port }),
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" });
  response.end(body);
}
