import { request } from "node:https";
import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";

export interface Backend {
  readonly host: string;
  readonly port: number;
}

/** Between two questions to a backend; two wrong answers in a row take it out. */
const probeMs = 500;

/**
 * A TCP balancer as any operator has one in front of API servers: new connections go round among the backends whose
 * /readyz answers, and to the next one when a backend refuses. It looks into no connection and breaks none.
 */
export class Balancer implements AsyncDisposable {
  readonly #server: Server;
  readonly #backends: readonly Backend[];
  readonly #failures = new Map<Backend, number>();
  readonly #sockets = new Set<Socket>();
  readonly #timer: NodeJS.Timeout;
  #next = 0;

  private constructor(backends: readonly Backend[]) {
    this.#backends = backends;
    this.#server = createServer((client) => this.#serve(client));
    this.#timer = setInterval(() => void this.#probeAll(), probeMs);
  }

  static async listen(host: string, port: number, backends: readonly Backend[]): Promise<Balancer> {
    const balancer = new Balancer(backends);
    await balancer.#probeAll();
    await new Promise<void>((resolve, reject) => {
      balancer.#server.once("error", reject);
      balancer.#server.listen(port, host, resolve);
    });
    return balancer;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(client: Socket): void {
    this.#track(client);
    const ready = this.#backends.filter((backend) => (this.#failures.get(backend) ?? 0) < 2);
    // With nobody ready, somebody may still answer.
    const candidates = ready.length > 0 ? ready : this.#backends;
    this.#next += 1;
    const order = candidates.map((_, index) => candidates[(this.#next + index) % candidates.length]);
    this.#join(
      client,
      order.filter((backend) => backend !== undefined),
    );
  }

  #join(client: Socket, [first, ...rest]: readonly Backend[]): void {
    if (first === undefined) {
      client.destroy();
      return;
    }
    const server = connect({ host: first.host, port: first.port, noDelay: true });
    this.#track(server);
    const giveUp = setTimeout(() => server.destroy(new Error("no answer")), 1_000);
    const refused = () => {
      clearTimeout(giveUp);
      this.#join(client, rest);
    };
    server.once("error", refused);
    server.once("connect", () => {
      clearTimeout(giveUp);
      server.off("error", refused);
      server.on("error", () => client.destroy());
      client.on("error", () => server.destroy());
      client.once("close", () => server.destroy());
      server.once("close", () => client.destroy());
      client.setNoDelay(true);
      client.pipe(server);
      server.pipe(client);
    });
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => this.#sockets.delete(socket));
  }

  async #probeAll(): Promise<void> {
    await Promise.all(
      this.#backends.map(async (backend) => {
        const ready = await isReady(backend);
        this.#failures.set(backend, ready ? 0 : (this.#failures.get(backend) ?? 0) + 1);
      }),
    );
  }
}

function isReady({ host, port }: Backend): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { host, port, path: "/readyz", rejectUnauthorized: false, agent: false, timeout: 1_000 };
    const probe = request(options, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    probe.on("timeout", () => probe.destroy());
    probe.on("error", () => resolve(false));
    probe.end();
  });
}
