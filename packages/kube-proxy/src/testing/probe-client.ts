import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { createInterface } from "node:readline";

/**
 * Makes the calls that it reads, one JSON object a line, `{protocol, host, port, count, localPort}`, and writes the answers
 * as one JSON array a line. An answer is what the server said, or `{error}`. All UDP packets leave from one port, and TCP
 * connections from any but where `localPort` says which.
 */
interface Call {
  readonly protocol: "tcp" | "udp";
  readonly host: string;
  readonly port: number;
  readonly count: number;
  readonly localPort?: number;
}

/** Longer than TCP's first retry: between two ends of one machine a refusal may come before the kernel can take it. */
const timeoutMs = 1_700;
const sockets = { udp4: createSocket("udp4"), udp6: createSocket("udp6") };

function callTcp({ host, port, localPort }: Call): Promise<unknown> {
  return new Promise((resolve) => {
    let text = "";
    const socket = connect({ host, port, ...(localPort !== undefined && { localPort }) });
    const fail = (error: string) => {
      socket.destroy();
      resolve({ error });
    };
    socket.setTimeout(timeoutMs, () => fail("timeout"));
    socket.on("error", (error: NodeJS.ErrnoException) => fail(error.code ?? error.message));
    socket.on("connect", () => socket.write("GET / HTTP/1.0\r\n\r\n"));
    socket.on("data", (chunk: Buffer) => (text += chunk.toString()));
    socket.on("end", () => {
      socket.destroy();
      resolve(JSON.parse(text.slice(text.indexOf("\r\n\r\n"))));
    });
  });
}

function callUdp({ host, port }: Call): Promise<unknown> {
  const socket = sockets[host.includes(":") ? "udp6" : "udp4"];
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ error: "timeout" }), timeoutMs);
    socket.removeAllListeners();
    socket.once("message", (message) => {
      clearTimeout(timer);
      resolve(JSON.parse(message.toString()));
    });
    socket.once("error", (error) => resolve({ error: error.message }));
    socket.send("hello", port, host);
  });
}

for await (const line of createInterface({ input: process.stdin })) {
  const call = JSON.parse(line) as Call;
  const answers: unknown[] = [];
  for (let index = 0; index < call.count; index += 1) {
    answers.push(await (call.protocol === "tcp" ? callTcp(call) : callUdp(call)));
  }
  process.stdout.write(`${JSON.stringify(answers)}\n`);
}
for (const socket of Object.values(sockets)) socket.close();
