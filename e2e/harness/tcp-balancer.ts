import { request } from "node:https";
import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";

const checkIntervalMs = 500;
const checkTimeoutMs = 1_000;
const connectTimeoutMs = 1_000;

interface Backend {
  readonly url: URL;
  ready: boolean;
}

/**
 * A TCP balancer as operators put it before API servers: new connections go in turn to the backends whose `/readyz`
 * answers 200, and to the next one when a backend refuses; connections that exist are left alone.
 */
export class TcpBalancer implements AsyncDisposable {
  readonly #server: Server;
  readonly #backends: readonly Backend[];
  readonly #sockets = new Set<Socket>();
  readonly #timer: NodeJS.Timeout;
  #next = 0;

  private constructor(urls: readonly string[]) {
    this.#backends = urls.map((url) => ({ url: new URL(url), ready: true }));
    this.#server = createServer((socket) => this.#serve(socket));
    this.#timer = setInterval(() => this.#check(), checkIntervalMs);
  }

  /** Listens on a free port, on loopback unless told otherwise. */
  static async start(urls: readonly string[], host = "127.0.0.1"): Promise<TcpBalancer> {
    const balancer = new TcpBalancer(urls);
    await new Promise<void>((resolve, reject) => {
      balancer.#server.once("error", reject);
      balancer.#server.listen(0, host, resolve);
    });
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

  #serve(client: Socket): void {
    this.#track(client);
    const ready = this.#backends.filter((each) => each.ready);
    this.#next += 1;
    const first = this.#next % Math.max(1, ready.length);
    this.#join(client, [...ready.slice(first), ...ready.slice(0, first)]);
  }

  #join(client: Socket, [backend, ...others]: readonly Backend[]): void {
    if (backend === undefined || client.destroyed) {
      client.destroy();
      return;
    }
    const server = connect(Number(backend.url.port), backend.url.hostname);
    this.#track(server);
    const tooLong = setTimeout(() => server.destroy(new Error("no answer")), connectTimeoutMs);
    const refused = () => {
      clearTimeout(tooLong);
      this.#join(client, others);
    };
    server.once("error", refused);
    server.once("connect", () => {
      clearTimeout(tooLong);
      server.off("error", refused);
      for (const [from, to] of [
        [client, server],
        [server, client],
      ] as const) {
        from.on("close", () => to.destroy());
        from.pipe(to);
      }
    });
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => this.#sockets.delete(socket));
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
