import { request } from "node:http";

/** Asks a web server once, on a connection of its own; answers the body. Rejects for anything but 200. */
export function fetchText(host: string, port: number, path = "/", timeoutMs = 5_000): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host, port, path, agent: false, timeout: timeoutMs }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("error", reject);
      response.on("end", () => {
        if (response.statusCode === 200) resolve(text.trim());
        else reject(new Error(`status ${response.statusCode}: ${text}`));
      });
    });
    outgoing.on("timeout", () => outgoing.destroy(new Error(`no answer from ${host}:${port} in ${timeoutMs} ms`)));
    outgoing.on("error", reject);
    outgoing.end();
  });
}

/** A steady load of requests, one after another, until stopped. */
export class RequestLoad {
  readonly #abort = new AbortController();
  readonly #failures: string[] = [];
  readonly #running: Promise<void>;
  #count = 0;

  constructor(ask: () => Promise<string>) {
    this.#running = this.#run(ask);
  }

  /** How many requests were answered so far. */
  get count(): number {
    return this.#count;
  }

  /** Ends the load; answers what went wrong. */
  async stop(): Promise<readonly string[]> {
    this.#abort.abort();
    await this.#running;
    return this.#failures;
  }

  async #run(ask: () => Promise<string>): Promise<void> {
    while (!this.#abort.signal.aborted) {
      try {
        await ask();
        this.#count += 1;
      } catch (error) {
        this.#failures.push(error instanceof Error ? error.message : String(error));
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}
