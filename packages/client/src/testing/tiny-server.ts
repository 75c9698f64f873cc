import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TlsOptions } from "node:tls";

export interface TinyRequest {
  readonly method: string;
  /** Path with its query. */
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  readonly raw: IncomingMessage;
}

/** An HTTP server on a free loopback port that answers with a function, for tests of what speaks to an API server. */
export class TinyServer implements AsyncDisposable {
  readonly requests: TinyRequest[] = [];
  readonly #server: Server;
  readonly #scheme: string;

  private constructor(server: Server, scheme: string) {
    this.#server = server;
    this.#scheme = scheme;
  }

  static async start(
    answer: (request: TinyRequest, response: ServerResponse) => void,
    options: { readonly tls?: TlsOptions; readonly port?: number } = {},
  ): Promise<TinyServer> {
    const server: Server = options.tls ? createTlsServer(options.tls) : createServer();
    const tiny = new TinyServer(server, options.tls ? "https" : "http");
    server.on("request", (raw: IncomingMessage, response: ServerResponse) => {
      readText(raw).then(
        (body) => {
          const request = { method: raw.method ?? "", url: raw.url ?? "", headers: raw.headers, body, raw };
          tiny.requests.push(request);
          answer(request, response);
        },
        () => response.destroy(),
      );
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(options.port ?? 0, "127.0.0.1", resolve);
    });
    return tiny;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `${this.#scheme}://127.0.0.1:${this.port}`;
  }

  /** Breaks all connections, as a killed server does, and stops listening. */
  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
