import type { ApiAccess } from "./api-access.ts";
import { ApiClient } from "./api-access.ts";
import type { Attempt } from "./timeline.ts";
import { WriteLedger } from "./write-ledger.ts";

export interface SteadyWritesOptions {
  /** URLs of API servers, or of a balancer; each gets a writer of its own. */
  readonly servers: readonly string[];
  readonly access: ApiAccess;
  /** Between two steps of a writer: each creates, changes and deletes an object. 100 by default. */
  readonly everyMs?: number;
  /** How long a writer waits for an answer. 3 s by default. */
  readonly timeoutMs?: number;
}

interface ConfigMapList {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly data?: { readonly value?: string };
  }[];
}

const namespace = "steady-writes";
const collection = `/api/v1/namespaces/${namespace}/configmaps`;

/** How many objects a writer keeps. */
const kept = 20;

/** Writes through each API server, one write after another, and remembers what was acknowledged. */
export class SteadyWrites {
  readonly #options: SteadyWritesOptions;
  readonly #ledger = new WriteLedger();
  readonly #attempts: Attempt[] = [];
  readonly #stop = new AbortController();
  #writers: Promise<void>[] = [];

  private constructor(options: SteadyWritesOptions) {
    this.#options = options;
  }

  static async start(options: SteadyWritesOptions): Promise<SteadyWrites> {
    const writes = new SteadyWrites(options);
    const { servers, access } = options;
    const [first = ""] = servers;
    const client = new ApiClient(first, access);
    const { code } = await client.ask("POST", "/api/v1/namespaces", { metadata: { name: namespace } }, 10_000);
    client.close();
    if (code !== 201 && code !== 409) throw new Error(`${first} does not take the namespace: ${code}`);
    writes.#writers = servers.map((server, index) => writes.#write(new ApiClient(server, access), `w${index}`));
    return writes;
  }

  get attempts(): readonly Attempt[] {
    return this.#attempts;
  }

  get acknowledged(): number {
    return this.#ledger.acknowledged;
  }

  /** Ends the load. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#writers);
  }

  /** Where what a server has, read consistently, contradicts what was acknowledged. For a load that has ended. */
  async lostWrites(server: string): Promise<readonly string[]> {
    const client = new ApiClient(server, this.#options.access);
    const { items } = await client.json<ConfigMapList>("GET", collection, undefined, 30_000);
    client.close();
    return this.#ledger.contradictions(new Map(items.map(({ metadata, data }) => [metadata.name, data?.value ?? ""])));
  }

  async #write(client: ApiClient, writer: string): Promise<void> {
    const { everyMs = 100 } = this.#options;
    for (let step = 0; !this.#stop.signal.aborted; step += 1) {
      const name = (number: number) => `${writer}-${number}`;
      await this.#attempt(client, "POST", name(step), "0");
      if (this.#ledger.holds(name(step - 1))) await this.#attempt(client, "PATCH", name(step - 1), String(step));
      if (this.#ledger.holds(name(step - kept))) await this.#attempt(client, "DELETE", name(step - kept), undefined);
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
    client.close();
  }

  /** One write of one key, whose content is then `content`, and what came of it. */
  async #attempt(client: ApiClient, method: "POST" | "PATCH" | "DELETE", key: string, content?: string): Promise<void> {
    const startedAt = performance.now();
    const body = content === undefined ? undefined : { metadata: { name: key }, data: { value: content } };
    const path = method === "POST" ? collection : `${collection}/${key}`;
    const note = (error?: string) => {
      const attempt = { startedAt, endedAt: performance.now(), target: client.server };
      this.#attempts.push(error === undefined ? attempt : { ...attempt, error: `${method}: ${error}` });
    };
    try {
      const { code, text } = await client.ask(method, path, body, this.#options.timeoutMs);
      if (code >= 200 && code <= 299) {
        this.#ledger.acknowledge(key, content);
        note();
        return;
      }
      // Only this writer knows the key, and it holds what the write needs.
      if (code === 404 || code === 409) this.#ledger.refuse(key, `${method}: ${code}: ${text.slice(0, 200)}`);
      this.#ledger.unknown(key, content);
      note(`${code}: ${text.slice(0, 200)}`);
    } catch (error) {
      this.#ledger.unknown(key, content);
      note(error instanceof Error ? error.message : String(error));
    }
  }
}
