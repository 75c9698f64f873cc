import { readFileSync } from "node:fs";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { request } from "node:https";
import type { ServerUnderTest } from "../../bench/api-server-process.ts";

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
  readonly as?: "admin" | "anonymous" | { readonly token: string };
}

/** Plain HTTPS requests to a server under test, without any client library in between. */
export class ApiRequests {
  readonly #server: ServerUnderTest;

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
    const payload = typeof body === "object" && !Buffer.isBuffer(body) ? JSON.stringify(body) : body;
    const { cert, key } = this.#server.admin;
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          hostname,
          port,
          method,
          path,
          ca: readFileSync(this.#server.ca),
          ...(as === "admin" && { cert: readFileSync(cert), key: readFileSync(key) }),
          headers: {
            Accept: "application/json",
            ...(typeof body === "object" && { "Content-Type": "application/json" }),
            ...(typeof as === "object" && { Authorization: `Bearer ${as.token}` }),
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
