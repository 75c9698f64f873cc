import type { Socket } from "node:net";

/**
 * Runs inside a pod's network namespace, as a process of its own that is given this function's source: it must
 * refer to nothing outside itself. Listens on a unix socket, which namespaces do not separate, and connects
 * each client that first sends `<port>\n` to that port on the pod's loopback; answers `ok\n` or the error in
 * one line. Ends with its parent, whose pipe is stdin.
 */
export function netnsRelay(socketPath: string): void {
  const { connect, createServer } = process.getBuiltinModule("node:net");
  const maxHeadBytes = 16;
  const loopbacks = ["127.0.0.1", "::1"];

  const dial = (client: Socket, port: number, index: number, firstError?: Error): void => {
    const target = connect({ host: loopbacks[index], port, allowHalfOpen: true });
    const onFailure = (error: Error) => {
      const told = firstError ?? error;
      if (index + 1 < loopbacks.length) dial(client, port, index + 1, told);
      else client.end(`${told.message.replaceAll("\n", " ")}\n`);
    };
    target.once("error", onFailure);
    target.once("connect", () => {
      target.off("error", onFailure);
      target.on("error", () => client.destroy());
      client.on("close", () => target.destroy());
      client.write("ok\n");
      client.pipe(target);
      target.pipe(client);
    });
  };

  const server = createServer({ allowHalfOpen: true }, (client) => {
    let head = Buffer.alloc(0);
    client.on("error", () => client.destroy());
    const onData = (chunk: Buffer) => {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf(0x0a);
      if (end < 0 && head.length <= maxHeadBytes) return;
      client.off("data", onData);
      client.pause();
      const port = Number(head.subarray(0, Math.max(end, 0)).toString("latin1"));
      if (!Number.isInteger(port) || port < 1 || port > 65_535) {
        client.end("not a port\n");
        return;
      }
      if (head.length > end + 1) client.unshift(head.subarray(end + 1));
      dial(client, port, 0);
    };
    client.on("data", onData);
  });

  process.stdin.resume();
  process.stdin.on("end", () => process.exit(0));
  process.stdin.on("error", () => process.exit(0));
  server.listen(socketPath, () => process.stdout.write("ready\n"));
}
