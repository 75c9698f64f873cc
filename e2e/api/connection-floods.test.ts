import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type Socket, connect } from "node:net";
import { after, test } from "node:test";
import { connect as connectTls } from "node:tls";
import { LoadClient } from "../../bench/load-client.ts";
import { eventually } from "../harness/eventually.ts";
import { serverForTests } from "../harness/server-for-tests.ts";

const requestTimeoutSeconds = 3;
const server = serverForTests({ extraArgs: [`--request-timeout=${requestTimeoutSeconds}s`] });
/** What the server lets stand open at a time of connections on which nobody has said who they are. */
const unknownConnections = 1_000;
const floodSize = 10_000;

const open = new Set<Socket>();
after(() => {
  for (const socket of open) socket.destroy();
});

const portOf = () => Number(new URL(server.url).port);

/** A connection that is destroyed with the tests; `open` tells which the server has left. */
async function dial(): Promise<Socket> {
  const socket = connect(portOf(), "127.0.0.1");
  socket.on("error", () => {});
  open.add(socket);
  socket.once("close", () => open.delete(socket));
  await once(socket, "connect");
  socket.resume();
  return socket;
}

async function dialTls(credentials: { cert?: Buffer; key?: Buffer } = {}): Promise<Socket> {
  const socket = connectTls({ host: "127.0.0.1", port: portOf(), ca: readFileSync(server.ca), ...credentials });
  socket.on("error", () => {});
  open.add(socket);
  socket.once("close", () => open.delete(socket));
  await once(socket, "secureConnect");
  return socket;
}

function residentMiB(): number {
  const pages = Number(readFileSync(`/proc/${server.pid}/statm`, "utf8").split(" ")[1]);
  return (pages * 4096) / 2 ** 20;
}

test("ten thousand idle connections are shed, and who was there before is served", async () => {
  using client = new LoadClient(server, 4);
  const pods = "/api/v1/namespaces/default/pods";
  await Promise.all(Array.from({ length: 4 }, () => client.send("GET", pods)));
  const beforeMiB = residentMiB();
  for (let opened = 0; opened < floodSize; opened += 500) {
    await Promise.all(Array.from({ length: 500 }, () => dial()));
    const { status } = await client.send("GET", pods);
    assert.equal(status, 200);
  }
  await eventually("the server has closed what is too much", () => open.size <= unknownConnections);
  assert.ok(open.size > 0, "some of the flood is still open");
  const grownMiB = residentMiB() - beforeMiB;
  assert.ok(grownMiB < 200, `the flood took ${grownMiB.toFixed(0)} MiB`);
  // A newcomer gets in while the flood stands.
  using newcomer = new LoadClient(server, 1);
  assert.equal((await newcomer.send("GET", pods)).status, 200);
  for (const socket of open) socket.destroy();
});

test("headers that come byte by byte are not waited for", async () => {
  const sockets = await Promise.all(Array.from({ length: 20 }, () => dialTls()));
  const closed = sockets.map((socket) => once(socket, "close"));
  const answers = sockets.map(() => "");
  sockets.forEach((socket, index) => socket.on("data", (chunk: Buffer) => (answers[index] += chunk.toString())));
  const text = `GET /version HTTP/1.1\r\nHost: localhost\r\nX-Slow: ${"x".repeat(1_000)}`;
  let sent = 0;
  const drip = setInterval(() => {
    for (const socket of sockets) if (socket.writable) socket.write(text[sent] ?? "x");
    sent += 1;
  }, 250);
  try {
    await Promise.all(closed);
  } finally {
    clearInterval(drip);
  }
  assert.ok(sent < 60 * 4, `${sent / 4} s`);
  for (const answer of answers) assert.match(answer, /^HTTP\/1\.1 408 /);
});

test("a body that does not come ends with the request's time, and the connection with it", async () => {
  const { cert, key } = server.admin;
  const socket = await dialTls({ cert: readFileSync(cert), key: readFileSync(key) });
  let answer = "";
  socket.on("data", (chunk: Buffer) => (answer += chunk.toString()));
  const closed = once(socket, "close");
  socket.write(
    "POST /api/v1/namespaces/default/configmaps HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
      'Content-Length: 1000\r\n\r\n{"metadata":',
  );
  const startMs = performance.now();
  await closed;
  const seconds = (performance.now() - startMs) / 1_000;
  assert.match(answer, /^HTTP\/1\.1 504 /);
  assert.ok(seconds < requestTimeoutSeconds + 10, `${seconds} s`);
});
