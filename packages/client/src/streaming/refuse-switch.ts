import type { ClientRequest, IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

/**
 * Fails a request whose server switches protocols without having been asked to, and closes the connection. Without
 * this nobody would hear of it: Node.js reports neither an answer nor an error.
 */
export function refuseSwitch(request: ClientRequest): void {
  request.once("upgrade", (_response: IncomingMessage, socket: Duplex) => {
    socket.destroy();
    request.emit("error", new Error("the server switched protocols without being asked"));
  });
}
