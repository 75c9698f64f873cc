import type { Socket } from "node:net";

/**
 * Connections on which nobody has said who they are, within a bound: where one more comes, the oldest is closed. A
 * flood of them leaves those alone whose requests were authenticated once.
 */
export class UnknownConnections {
  readonly #limit: number;
  /** In the order of their coming, by the address and port of the other side: the TLS socket shares these alone. */
  readonly #byPeer = new Map<string, Socket>();
  /** Sockets whose requests need no look at the others any more. */
  readonly #known = new WeakSet<Socket>();
  /** How many were closed to make room. */
  closed = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#byPeer.size;
  }

  /** Takes note of a TCP connection before anything was read from it. */
  add(socket: Socket): void {
    const peer = peerOf(socket);
    if (peer === undefined) return;
    if (this.#byPeer.size >= this.#limit) this.#closeOldest();
    this.#byPeer.set(peer, socket);
    socket.once("close", () => {
      if (this.#byPeer.get(peer) === socket) this.#byPeer.delete(peer);
    });
  }

  /** The other side of the connection is known from now on; the socket may be the TLS socket on top of it. */
  acquaint(socket: Socket): void {
    if (this.#known.has(socket)) return;
    this.#known.add(socket);
    const peer = peerOf(socket);
    if (peer !== undefined) this.#byPeer.delete(peer);
  }

  /** Closes all of them: nothing is expected from them any more. */
  closeAll(): void {
    for (const socket of this.#byPeer.values()) socket.destroy();
    this.#byPeer.clear();
  }

  #closeOldest(): void {
    for (const [peer, socket] of this.#byPeer) {
      this.#byPeer.delete(peer);
      this.closed += 1;
      socket.destroy();
      return;
    }
  }
}

/** Undefined for a connection that has ended already. */
function peerOf({ remoteAddress, remotePort }: Socket): string | undefined {
  return remoteAddress === undefined ? undefined : `${remoteAddress} ${remotePort}`;
}
