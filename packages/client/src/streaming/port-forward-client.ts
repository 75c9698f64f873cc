import type { Duplex, Readable } from "node:stream";
import { createWebSocketStream } from "ws";
import { portForwardProtocol, portForwardTunnelProtocol } from "./protocols.ts";
import { isHandshakeRefusal } from "./open-remote-command.ts";
import { SpdyConnection } from "./spdy/connection.ts";
import { upgradeToSpdy, upgradeToWebSocket } from "./upgrade-client.ts";
import type { UpgradeTarget } from "./upgrade-client.ts";

const maxStreams = 1024;
const maxErrorBytes = 16 * 1024;

/** One connection that is being forwarded. */
export interface ForwardedConnection {
  readonly data: Duplex;
  /** What the server says went wrong, empty when nothing; known once the server has ended. Never rejects. */
  readonly error: Promise<string>;
}

/** The client side of port forwarding: any number of connections to a pod's ports over one upgraded connection. */
export class PortForwardClient {
  readonly #connection: SpdyConnection;
  #requestId = 0;

  constructor(transport: Duplex) {
    this.#connection = new SpdyConnection(transport, { role: "client", maxStreams });
  }

  get closed(): Promise<void> {
    return this.#connection.closed;
  }

  /** Opens one connection to `port` of the pod. */
  async open(port: number, signal: AbortSignal): Promise<ForwardedConnection> {
    const headers = { port: String(port), requestid: String(this.#requestId++) };
    const errorStream = await this.#connection.open({ streamtype: "error", ...headers }, signal);
    // Only the server writes here.
    errorStream.end();
    const error = readText(errorStream);
    try {
      const data = await this.#connection.open({ streamtype: "data", ...headers }, signal);
      void error.then((text) => {
        if (text !== "") data.destroy();
      });
      return { data, error };
    } catch (failure) {
      errorStream.destroy();
      throw failure;
    }
  }

  close(): Promise<void> {
    return this.#connection.close();
  }
}

/** Connects through a WebSocket tunnel, or by SPDY when the server refuses that. */
export async function openPortForward(target: UpgradeTarget, signal: AbortSignal): Promise<PortForwardClient> {
  try {
    const { socket } = await upgradeToWebSocket(target, [portForwardTunnelProtocol], signal);
    const transport = createWebSocketStream(socket);
    socket.resume();
    return new PortForwardClient(transport);
  } catch (error) {
    if (!isHandshakeRefusal(error)) throw error;
    return await openSpdyPortForward(target, signal);
  }
}

export async function openSpdyPortForward(target: UpgradeTarget, signal: AbortSignal): Promise<PortForwardClient> {
  const { socket } = await upgradeToSpdy(target, [portForwardProtocol], signal);
  return new PortForwardClient(socket);
}

async function readText(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      if (size + chunk.length > maxErrorBytes) continue;
      size += chunk.length;
      chunks.push(chunk);
    }
  } catch {
    // A reset says nothing beyond what was read.
  }
  return Buffer.concat(chunks).toString("utf8");
}
