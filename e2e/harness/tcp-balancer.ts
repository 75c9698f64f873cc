import { request } from "node:https";
import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";

const checkIntervalMs = 500;
const checkTimeoutMs = 1_000;

/**
 * A TCP balancer as operators put it before API servers: new connections go in turn to the backends whose `/readyz`
 * answers 200; connections that exist are left alone.
 */
export class TcpBalancer implements AsyncDisposable {
  readonly #server: Server;
  readonly #backends: readonly { readonly url: URL; ready: boolean }[];
  readonly #sockets = new Set<Socket>();
  readonly #timer: NodeJS.Timeout;
  #next = 0;

  private constructor(urls: readonly string[]) {
    this.#backends = urls.map((url) => ({ url: new URL(url), ready: true }));
    this.#server = createServer((socket) => this.#connect(socket));
    this.#timer = setInterval(() => this.#check(), checkIntervalMs);
  }

  static async start(urls: readonly string[]): Promise<TcpBalancer> {
    const balancer = new TcpBalancer(urls);
    await new Promise<void>((resolve) => balancer.#server.listen(0, "127.0.0.1", resolve));
    return balancer;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Which backends new connections go to. */
  get ready(): readonly boolean[] {
    return this.#backends.map(({ ready }) => ready);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #connect(client: Socket): void {
    const ready = this.#backends.filter((each) => each.ready);
    const backend = ready[this.#next++ % Math.max(1, ready.length)];
    this.#sockets.add(client);
    client.on("close", () => this.#sockets.delete(client));
    if (!backend) {
      client.destroy();
      return;
    }
    const server = connect(Number(backend.url.port), backend.url.hostname);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      from.on("error", () => to.destroy());
      from.on("close", () => to.destroy());
      from.pipe(to);
    }
  }

  #check(): void {
    for (const backend of this.#backends) {
      const options = { rejectUnauthorized: false, timeout: checkTimeoutMs, agent: false };
      const probe = request(new URL("/readyz", backend.url), options, (answer) => {
        answer.resume();
        backend.ready = answer.statusCode === 200;
      });
      probe.on("timeout", () => probe.destroy());
      probe.on("error", () => (backend.ready = false));
      probe.end();
    }
  }
}
