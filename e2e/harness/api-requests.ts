import { readFileSync } from "node:fs";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { request } from "node:https";
import type { ServerUnderTest } from "../../bench/api-server-process.ts";
import type { KeyPairFiles } from "../../deploy/pki/authority.ts";

export interface ApiAnswer {
  readonly code: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
}

export interface RequestOptions {
  /** An object is sent as JSON, with its content type unless the headers name another one. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Who asks: the cluster's administrator unless told otherwise. */
  readonly as?: "admin" | "anonymous" | { readonly token: string } | KeyPairFiles;
}

/** What a TLS connection to the server needs to be the cluster's administrator's. */
export function adminTls({ ca, admin }: ServerUnderTest): { ca: Buffer; cert: Buffer; key: Buffer } {
  return { ca: readFileSync(ca), cert: readFileSync(admin.cert), key: readFileSync(admin.key) };
}

/** Plain HTTPS requests to a server under test, without any client library in between. */
export class ApiRequests {
  readonly #server: ServerUnderTest;

  /** The server may start later, but before the first request. */
  constructor(server: ServerUnderTest) {
    this.#server = server;
  }

  /** Resolves with the whole answer, whatever its code. */
  async ask(method: string, path: string, options: RequestOptions = {}): Promise<ApiAnswer> {
    const answer = await this.open(method, path, options);
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    return { code: answer.statusCode ?? 0, headers: answer.headers, bytes, text: bytes.toString() };
  }

  /** Resolves with the parsed answer, whatever its code. */
  async json<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
    return JSON.parse((await this.ask(method, path, options)).text) as T;
  }

  /** Resolves when the answer begins. */
  open(
    method: string,
    path: string,
    { body, headers = {}, as = "admin" }: RequestOptions = {},
  ): Promise<IncomingMessage> {
    const { hostname, port } = new URL(this.#server.url);
    const payload = typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const identity = as === "admin" ? this.#server.admin : as;
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          hostname,
          port,
          method,
          path,
          ca: readFileSync(this.#server.ca),
          ...(typeof identity === "object" &&
            "cert" in identity && { cert: readFileSync(identity.cert), key: readFileSync(identity.key) }),
          headers: {
            // Node.js sends the length of a body by itself for some methods only.
            ...(payload !== undefined &&
              !("Transfer-Encoding" in headers) && { "Content-Length": Buffer.byteLength(payload) }),
            ...(typeof body === "object" && { "Content-Type": "application/json" }),
            ...(typeof as === "object" && "token" in as && { Authorization: `Bearer ${as.token}` }),
            ...headers,
          },
        },
        resolve,
      );
      outgoing.on("error", reject);
      outgoing.end(payload);
    });
  }

  /** The events of a watch as they come; ends with the answer. */
  async *watch<T>(path: string): AsyncGenerator<T, undefined, undefined> {
    const answer = await this.open("GET", path);
    let rest = "";
    for await (const chunk of answer) {
      const lines = (rest + String(chunk)).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) yield JSON.parse(line) as T;
    }
    return undefined;
  }
}
