import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import type { ServerUnderTest } from "./api-server-process.ts";

/** One answer, its body read and thrown away unless asked for. */
export interface Answer {
  readonly status: number;
  readonly sizeBytes: number;
  readonly text: string | undefined;
}

export interface SendOptions {
  readonly contentType?: string;
  readonly accept?: string;
  /** Whether the answer comes with its text. */
  readonly keepText?: boolean;
}

/** A client that costs little itself: keep-alive connections, no retries, no decoding. */
export class LoadClient implements Disposable {
  readonly #agent: Agent;
  readonly #base: URL;

  constructor(server: ServerUnderTest, connections: number) {
    this.#base = new URL(server.url);
    this.#agent = new Agent({
      keepAlive: true,
      maxSockets: connections,
      ca: readFileSync(server.ca),
      cert: readFileSync(server.admin.cert),
      key: readFileSync(server.admin.key),
    });
  }

  /** Sends one request. Throws for a status of 400 and above. */
  send(
    method: string,
    path: string,
    body?: object,
    { contentType = "application/json", accept = "application/json", keepText = false }: SendOptions = {},
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
      const outgoing = request(
        {
          agent: this.#agent,
          host: this.#base.hostname,
          port: this.#base.port,
          method,
          path,
          headers: {
            Accept: accept,
            ...(payload && { "Content-Type": contentType, "Content-Length": payload.length }),
          },
        },
        (response) => {
          let sizeBytes = 0;
          const chunks: Buffer[] = [];
          const status = response.statusCode ?? 0;
          response.on("data", (chunk: Buffer) => {
            sizeBytes += chunk.length;
            if (keepText || status >= 400) chunks.push(chunk);
          });
          response.on("error", reject);
          response.on("end", () => {
            const text = chunks.length > 0 ? Buffer.concat(chunks).toString() : undefined;
            if (status >= 400) reject(new Error(`${method} ${path}: ${status} ${text}`));
            else resolve({ status, sizeBytes, text });
          });
        },
      );
      outgoing.on("error", reject);
      outgoing.end(payload);
    });
  }

  /** Opens a watch on a connection of its own and calls back with each piece of it. */
  watch(path: string, onData: (chunk: Buffer) => void): Promise<Disposable> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          agent: this.#agent,
          host: this.#base.hostname,
          port: this.#base.port,
          path,
          headers: { Accept: "application/json" },
        },
        (response) => {
          response.on("data", onData);
          response.on("error", () => {});
          resolve({ [Symbol.dispose]: () => outgoing.destroy() });
        },
      );
      outgoing.on("error", reject);
      outgoing.end();
    });
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }
}

/** Runs `count` calls, at most `concurrency` at a time. */
export async function inParallel(
  count: number,
  concurrency: number,
  call: (index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < count; index = next++) await call(index);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}
