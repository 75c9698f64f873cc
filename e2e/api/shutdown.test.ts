import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { test } from "node:test";
import { connect as connectTls } from "node:tls";
import { startServer } from "../../bench/api-server-process.ts";
import { adminTls } from "../harness/api-requests.ts";
import { eventually } from "../harness/eventually.ts";

/** Far below the time that handshakes and headers may take while the server serves. */
const endMs = 8_000;

test("connections that never get as far as a request do not hold up the end", async () => {
  await using server = await startServer();
  const { hostname, port } = new URL(server.url);
  const target = { host: hostname, port: Number(port) };
  const silent = connect(target);
  const strange = connectTls({ ...target, rejectUnauthorized: false });
  const known = connectTls({ ...target, ...adminTls(server), rejectUnauthorized: false });
  const sockets: readonly Socket[] = [silent, strange, known];
  for (const socket of sockets) socket.on("error", () => {});
  await Promise.all([once(silent, "connect"), once(strange, "secureConnect"), once(known, "secureConnect")]);
  known.write("GET /version HTTP/1.1\r\nHost: server\r\n\r\n");
  await once(known, "data");
  for (const socket of [strange, known]) socket.write("GET /version HTTP/1.1\r\nHost:");

  process.kill(server.pid, "SIGTERM");
  await eventually(
    "the server ends",
    () => Promise.resolve(runs(server.pid)),
    (running) => !running,
    endMs,
  );
  assert.match(readFileSync(`${server.directory}/kube-apiserver.log`, "utf8"), /"stopped"/);
  for (const socket of sockets) socket.destroy();
});

/** Whether a process runs; one whose end nobody has taken note of does not. */
function runs(pid: number): boolean {
  const path = `/proc/${pid}/stat`;
  return existsSync(path) && !/\) Z /.test(readFileSync(path, "utf8"));
}
