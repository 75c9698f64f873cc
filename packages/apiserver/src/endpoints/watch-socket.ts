import { UpgradeError } from "@kube-ts/client/streaming/streaming-error";
import { acceptWebSocketUpgrade } from "@kube-ts/client/streaming/upgrade-server";
import { negotiableProtocols } from "../auth/websocket-token.ts";
import type { Exchange, OfferedSocket } from "./exchange.ts";
import type { Encoding } from "./negotiation.ts";
import { switchingProtocols } from "./respond.ts";
import { type WatchOutput, drainOf } from "./watch-output.ts";

type WebSocket = Awaited<ReturnType<typeof acceptWebSocketUpgrade>>["socket"];

const normalClosure = 1000;
/** How long a client may take to agree to the end. */
const closeMs = 5_000;
/** Stands before each protobuf frame in a plain answer; a message has its own length. */
const lengthBytes = 4;

/**
 * A WebSocket on which each frame is a message: of text where frames are JSON, else of bytes. Whatever protocol the client
 * names first is agreed to, since it does not change the messages.
 */
export class SocketOutput implements WatchOutput {
  readonly #exchange: Exchange;
  readonly #offered: OfferedSocket;
  readonly #isText: boolean;
  #socket: WebSocket | undefined;

  constructor(exchange: Exchange, offered: OfferedSocket, encoding: Encoding) {
    this.#exchange = exchange;
    this.#offered = offered;
    this.#isText = encoding !== "protobuf";
  }

  get backlogBytes(): number {
    return this.#socket?.bufferedAmount ?? 0;
  }

  async open(): Promise<boolean> {
    const { request, response } = this.#exchange;
    const protocols = negotiableProtocols(request.headers["sec-websocket-protocol"]).slice(0, 1);
    try {
      const { socket } = await acceptWebSocketUpgrade({ request, ...this.#offered }, protocols);
      response.statusCode = switchingProtocols;
      socket.on("error", () => socket.terminate());
      // What the client says is of no interest, except that it closes.
      socket.resume();
      this.#socket = socket;
      return true;
    } catch (error) {
      if (error instanceof UpgradeError) return false;
      throw error;
    }
  }

  write(frames: readonly Buffer[]): void {
    for (const frame of frames) {
      if (this.#isText) this.#socket?.send(frame, { binary: false });
      else this.#socket?.send(frame.subarray(lengthBytes));
    }
  }

  drained(signal: AbortSignal): Promise<void> | undefined {
    return drainOf(this.#offered.socket, signal);
  }

  onClose(listener: () => void): void {
    this.#offered.socket.on("close", listener);
  }

  end(): void {
    const socket = this.#socket;
    if (!socket) return;
    socket.close(normalClosure);
    const force = setTimeout(() => socket.terminate(), closeMs);
    socket.once("close", () => clearTimeout(force));
  }

  cutOff(): void {
    this.#offered.socket.destroy();
  }
}
