import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { type Server, createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Authority } from "../../deploy/pki/authority.ts";

export interface JsonAnswer {
  readonly status?: number;
  readonly body: unknown;
}

/** Answers one path; `body` is what was sent, parsed. */
export type JsonHandler = (body: unknown, request: IncomingMessage) => JsonAnswer | Promise<JsonAnswer>;

/** An HTTPS server on loopback that speaks JSON, with an authority of its own; it keeps what it was sent. */
export class JsonServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #handlers = new Map<string, JsonHandler>();
  /** Where its certificate and others' files may be kept; goes with it. */
  readonly directory: string;
  readonly caFile: string;
  /** What was sent to each path. */
  readonly received: { readonly path: string; readonly body: unknown }[] = [];

  private constructor(server: Server, directory: string, caFile: string) {
    this.#server = server;
    this.directory = directory;
    this.caFile = caFile;
    server.on("request", (request, response) => {
      void this.#answer(request).then(({ status = 200, body }) => {
        response.writeHead(status, { "Content-Type": "application/json" });
        response.end(JSON.stringify(body));
      });
    });
  }

  static async start(): Promise<JsonServer> {
    const directory = mkdtempSync(join(tmpdir(), "kube-ts-json-"));
    const authority = await Authority.open(directory, "ca", "json-server");
    const hosts = ["127.0.0.1", "localhost"];
    const { cert, key } = await authority.issue("server", { commonName: "server", hosts, usages: ["server"] });
    const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new JsonServer(server, directory, authority.certFile);
  }

  get url(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  on(path: string, handler: JsonHandler): void {
    this.#handlers.set(path, handler);
  }

  /** What was sent to the path so far. */
  of<T>(path: string): T[] {
    return this.received.filter((each) => each.path === path).map(({ body }) => body as T);
  }

  /** A kubeconfig that leads to the path, as webhooks are configured. */
  kubeconfig(path: string): string {
    const file = join(this.directory, `${path.replaceAll("/", "-")}.kubeconfig`);
    const config = {
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "hook", cluster: { server: `${this.url}${path}`, "certificate-authority": this.caFile } }],
      users: [{ name: "server", user: { token: "of-the-api-server" } }],
      contexts: [{ name: "hook", context: { cluster: "hook", user: "server" } }],
      "current-context": "hook",
    };
    writeFileSync(file, JSON.stringify(config));
    return file;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
    rmSync(this.directory, { recursive: true, force: true });
  }

  async #answer(request: IncomingMessage): Promise<JsonAnswer> {
    const path = (request.url ?? "").replace(/\?.*/, "");
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const body: unknown = text === "" ? undefined : JSON.parse(text);
    this.received.push({ path, body });
    const handler = this.#handlers.get(path);
    return handler ? handler(body, request) : { status: 404, body: {} };
  }
}
