import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { channelNames } from "./channel-set.ts";
import type { ChannelName, ChannelSelection, ChannelSet } from "./channel-set.ts";
import { hasResize } from "./protocols.ts";
import { WebSocketMultiplexer } from "./web-socket-multiplexer.ts";

const channelNumbers: Readonly<Record<ChannelName, number>> = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4 };

/** The streams of an exec or attach session over a WebSocket. */
export class WebSocketChannelSet implements ChannelSet {
  readonly protocol: string;
  readonly #multiplexer: WebSocketMultiplexer;

  constructor(socket: WebSocket, protocol: string, selection: ChannelSelection) {
    this.protocol = protocol;
    const numbers = channelNames(selection, hasResize(protocol)).map((name) => channelNumbers[name]);
    this.#multiplexer = new WebSocketMultiplexer(socket, protocol, numbers);
  }

  get closed(): Promise<void> {
    return this.#multiplexer.closed;
  }

  channel(name: ChannelName): Duplex | undefined {
    return this.#multiplexer.channel(channelNumbers[name]);
  }

  close(): Promise<void> {
    return this.#multiplexer.close();
  }

  destroy(): void {
    this.#multiplexer.destroy();
  }
}
