import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { Worker, isMainThread, workerData } from "node:worker_threads";
import type { ServerUnderTest } from "../../bench/api-server-process.ts";
import type { KeyPairFiles } from "../../deploy/pki/authority.ts";

/** One request of a flood; `INDEX` in the path and the body is another number each time. */
export interface FloodRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
}

interface FloodOrder {
  readonly url: string;
  readonly ca: string;
  readonly as: KeyPairFiles;
  readonly connections: number;
  readonly requests: readonly FloodRequest[];
  /** Where answers are counted, by their codes; both threads see it. */
  readonly counts: Int32Array;
}

const codes = 600;

/**
 * A client on a thread of its own that sends requests on many connections at once, each as soon as the last one is answered,
 * whatever the answer says.
 */
export class Flood implements AsyncDisposable {
  readonly #worker: Worker;
  readonly #counts = new Int32Array(new SharedArrayBuffer(codes * Int32Array.BYTES_PER_ELEMENT));

  constructor(server: ServerUnderTest, order: Pick<FloodOrder, "as" | "connections" | "requests">) {
    const workerData: FloodOrder = { url: server.url, ca: server.ca, counts: this.#counts, ...order };
    this.#worker = new Worker(new URL(import.meta.url), { workerData });
  }

  /** How many answers with this code there were so far. */
  answers(code: number): number {
    return Atomics.load(this.#counts, code);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }
}

function flood({ url, ca, as, connections, requests, counts }: FloodOrder): void {
  const { hostname, port } = new URL(url);
  const tls = { ca: readFileSync(ca), cert: readFileSync(as.cert), key: readFileSync(as.key) };
  const agent = new Agent({ keepAlive: true, maxSockets: connections, ...tls });
  let index = 0;
  const send = () => {
    index += 1;
    const wanted = requests[index % requests.length];
    if (!wanted) return;
    const fill = (text: string) => text.replaceAll("INDEX", String(index));
    const { method } = wanted;
    const headers = wanted.body === undefined ? {} : { "Content-Type": "application/json" };
    const outgoing = request({ agent, hostname, port, method, path: fill(wanted.path), headers }, (answer) => {
      Atomics.add(counts, answer.statusCode ?? 0, 1);
      answer.resume();
      answer.on("end", send);
      answer.on("error", send);
    });
    outgoing.on("error", () => setImmediate(send));
    outgoing.end(wanted.body === undefined ? undefined : fill(wanted.body));
  };
  for (let count = 0; count < connections; count += 1) send();
}

if (!isMainThread) flood(workerData as FloodOrder);
