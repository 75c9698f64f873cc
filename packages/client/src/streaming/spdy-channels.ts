import type { Duplex } from "node:stream";
import { abortable, withTimeout } from "@kube-ts/std/abort";
import { channelNames } from "./channel-set.ts";
import type { ChannelName, ChannelSelection, ChannelSet } from "./channel-set.ts";
import { hasResize } from "./protocols.ts";
import { SpdyConnection } from "./spdy/connection.ts";
import { SpdyError } from "./spdy/spdy-error.ts";
import type { SpdyStream } from "./spdy/stream.ts";

const maxStreams = 16;
const streamCreationTimeoutMs = 30_000;

/** Waits until the client has opened every stream of the session. Cuts the connection off when it does not. */
export async function acceptSpdyChannels(
  transport: Duplex,
  protocol: string,
  selection: ChannelSelection,
  signal: AbortSignal,
): Promise<ChannelSet> {
  const wanted = new Set<string>(channelNames(selection, hasResize(protocol)));
  const streams = new Map<string, SpdyStream>();
  const complete = Promise.withResolvers<void>();
  const onStream = (stream: SpdyStream) => {
    const type = stream.headers["streamtype"] ?? "";
    if (!wanted.has(type) || streams.has(type)) return false;
    streams.set(type, stream);
    if (streams.size === wanted.size) complete.resolve();
    return true;
  };
  const connection = new SpdyConnection(transport, { role: "server", maxStreams, onStream });
  void connection.closed.then(() => complete.reject(new SpdyError("client went away before opening its streams")));
  try {
    await abortable(complete.promise, withTimeout(signal, streamCreationTimeoutMs));
  } catch (error) {
    connection.destroy();
    throw error;
  }
  return new SpdyChannelSet(protocol, connection, streams);
}

/** Opens every stream of the session on an upgraded connection. */
export async function openSpdyChannels(
  transport: Duplex,
  protocol: string,
  selection: ChannelSelection,
  signal: AbortSignal,
): Promise<ChannelSet> {
  const connection = new SpdyConnection(transport, { role: "client", maxStreams });
  const streams = new Map<string, SpdyStream>();
  try {
    for (const name of channelNames(selection, hasResize(protocol))) {
      streams.set(name, await connection.open({ streamtype: name }, signal));
    }
  } catch (error) {
    connection.destroy();
    throw error;
  }
  return new SpdyChannelSet(protocol, connection, streams);
}

class SpdyChannelSet implements ChannelSet {
  readonly protocol: string;
  readonly #connection: SpdyConnection;
  readonly #streams: ReadonlyMap<string, SpdyStream>;

  constructor(protocol: string, connection: SpdyConnection, streams: ReadonlyMap<string, SpdyStream>) {
    this.protocol = protocol;
    this.#connection = connection;
    this.#streams = streams;
  }

  get closed(): Promise<void> {
    return this.#connection.closed;
  }

  channel(name: ChannelName): Duplex | undefined {
    return this.#streams.get(name);
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  destroy(): void {
    this.#connection.destroy();
  }
}
