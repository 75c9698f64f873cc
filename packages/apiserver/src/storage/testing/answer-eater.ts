import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";

/** Stands between a client and a server, and on demand breaks a connection off instead of handing over an answer. */
export class AnswerEater implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** How many answers are still to be eaten. */
  #hungry = 0;
  #eaten = 0;
  #meanwhile = () => Promise.resolve();

  private constructor(target: URL) {
    this.#server = createServer((client) => this.#join(client, connect(Number(target.port), target.hostname)));
  }

  static async before(url: string): Promise<AnswerEater> {
    const eater = new AnswerEater(new URL(url));
    eater.#server.listen(0, "127.0.0.1");
    await once(eater.#server, "listening");
    return eater;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get eaten(): number {
    return this.#eaten;
  }

  /** The next answers to what a client sends from now on never arrive; the client learns of it after `meanwhile`. */
  eat(answers: number, meanwhile = () => Promise.resolve()): void {
    this.#hungry = answers;
    this.#meanwhile = meanwhile;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  #join(client: Socket, server: Socket): void {
    let isAsked = false;
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on("error", () => {});
      socket.once("close", () => {
        this.#sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    client.on("data", (chunk) => {
      isAsked = this.#hungry > 0;
      server.write(chunk);
    });
    server.on("data", (chunk: Buffer) => {
      if (!isAsked || !isAnswer(chunk)) return void client.write(chunk);
      this.#hungry -= 1;
      this.#eaten += 1;
      void this.#meanwhile().finally(() => client.destroy());
    });
  }
}

const headersFrame = 1;

/** Whether header fields are in what a server of HTTP/2 sends: other frames keep the connection going. */
function isAnswer(chunk: Buffer): boolean {
  for (let at = 0; at + 9 <= chunk.length; at += 9 + chunk.readUIntBE(at, 3)) {
    if (chunk[at + 3] === headersFrame) return true;
  }
  return false;
}
