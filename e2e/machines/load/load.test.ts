import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createNetServer } from "node:net";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { eventually } from "../../harness/eventually.ts";
import { serverForTests } from "../../harness/server-for-tests.ts";
import { TcpBalancer } from "../../harness/tcp-balancer.ts";
import { FaultReport, seconds } from "./fault-report.ts";
import { HttpClients } from "./http-clients.ts";
import { ApiClient } from "./api-access.ts";
import { SteadyWrites } from "./steady-writes.ts";
import { failuresIn, longestOutage, troubleMs } from "./timeline.ts";
import { WriteLedger } from "./write-ledger.ts";

const server = serverForTests();

test("a ledger tells lost writes from those of unknown outcome", () => {
  const ledger = new WriteLedger();
  ledger.acknowledge("kept", "1");
  ledger.acknowledge("lost", "1");
  ledger.acknowledge("old", "1");
  ledger.acknowledge("old", "2");
  ledger.acknowledge("back", "1");
  ledger.acknowledge("back", undefined);
  ledger.acknowledge("maybe", "1");
  ledger.unknown("maybe", "2");
  ledger.unknown("never", "1");
  assert.equal(ledger.holds("kept"), true);
  assert.equal(ledger.holds("maybe"), false);
  assert.equal(ledger.holds("back"), false);
  const found = { kept: "1", old: "1", back: "1", maybe: "2" };
  assert.deepEqual(ledger.contradictions(new Map(Object.entries(found))), [
    "lost: acknowledged 1, found nothing",
    "old: acknowledged 2, found 1",
    "back: acknowledged deletion, found 1",
  ]);
  assert.equal(ledger.acknowledged, 7);
});

test("figures of a time line", () => {
  const ok = (endedAt: number) => ({ startedAt: endedAt - 5, endedAt, target: "a" });
  const bad = (endedAt: number) => ({ ...ok(endedAt), error: "refused" });
  const attempts = [ok(100), ok(200), bad(300), bad(900), ok(1_000), ok(1_100)];
  assert.equal(longestOutage(attempts, { from: 150, to: 1_150 }), 800);
  assert.equal(longestOutage(attempts, { from: 1_000, to: 3_000 }), 1_900);
  assert.equal(failuresIn(attempts, { from: 0, to: 500 }).length, 1);
  assert.equal(troubleMs(attempts, { from: 200, to: 2_000 }), 695);
  assert.equal(troubleMs(attempts, { from: 1_000, to: 2_000 }), 0);
});

test("a report is a table", () => {
  const report = new FaultReport();
  report.add("kill -9 kube-apiserver", { "API unavailable": seconds(1_234) });
  report.add("power-cycle", { "API unavailable": "0.0 s", "leader moved": "12.1 s" });
  assert.equal(
    report.format(),
    "FAULT                    API UNAVAILABLE   LEADER MOVED\n" +
      "kill -9 kube-apiserver   1.2 s             -\n" +
      "power-cycle              0.0 s             12.1 s\n",
  );
});

function adminAccess() {
  return {
    ca: readFileSync(server.ca, "utf8"),
    cert: readFileSync(server.admin.cert, "utf8"),
    key: readFileSync(server.admin.key, "utf8"),
  };
}

test("a balancer turns from what refuses to what answers", async () => {
  const dead = createServer();
  await new Promise<void>((resolve) => dead.listen(0, "127.0.0.1", resolve));
  const nobody = (dead.address() as AddressInfo).port;
  await new Promise((resolve) => dead.close(resolve));
  await using balancer = await TcpBalancer.start([server.url, `https://127.0.0.1:${nobody}`]);
  for (let count = 0; count < 4; count += 1) {
    const client = new ApiClient(`https://127.0.0.1:${balancer.port}`, adminAccess());
    assert.equal((await client.ask("GET", "/version")).code, 200);
    client.close();
  }
});

test("writes go on over a restart, and none that was acknowledged is lost; one that is taken away is missed", async () => {
  const access = adminAccess();
  const writes = await SteadyWrites.start({ servers: [server.url, server.url], access, everyMs: 10 });
  await eventually("writes are acknowledged", () => writes.acknowledged > 100);
  const from = performance.now();
  await server.restart();
  const before = writes.acknowledged;
  await eventually("writes go on", () => writes.acknowledged > before + 100);
  await writes.stop();
  const period = { from, to: performance.now() };
  assert.ok(failuresIn(writes.attempts, period).length > 0);
  assert.ok(longestOutage(writes.attempts, period) > 50);
  assert.deepEqual(await writes.lostWrites(server.url), []);
  const client = new ApiClient(server.url, access);
  const path = "/api/v1/namespaces/steady-writes/configmaps";
  const { items } = await client.json<{ items: { metadata: { name: string } }[] }>("GET", path);
  const numbers = items.map(({ metadata }) => Number(/^w0-(\d+)$/.exec(metadata.name)?.[1] ?? -1));
  // The newest, which was written after the restart.
  const victim = `w0-${Math.max(...numbers)}`;
  await client.json("DELETE", `${path}/${victim}`);
  client.close();
  assert.match(
    (await writes.lostWrites(server.url)).join(),
    new RegExp(`^${victim}: acknowledged \\d+, found nothing$`),
  );
});

test("web clients record what fails and when", async () => {
  const web = createServer((_, response) => response.end("ok"));
  await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
  const { port } = web.address() as AddressInfo;
  const clients = new HttpClients([{ host: "127.0.0.1", port }], 5);
  await eventually("requests succeed", () => clients.attempts.length > 10);
  const from = performance.now();
  await new Promise((resolve) => web.close(resolve));
  await eventually("requests are refused", () => clients.attempts.at(-1)?.error?.includes("REFUSED") === true);
  await clients.stop();
  const last = failuresIn(clients.attempts, { from, to: performance.now() }).at(-1);
  assert.match(last?.error ?? "", /ECONNREFUSED.*, not connected$/);
  assert.ok(last?.localPort, "which port it left from");
  assert.equal(failuresIn(clients.attempts, { from: 0, to: from }).length, 0);
});

test("web clients tell how far a request came, and from which port", async () => {
  const ports = new Set<number | undefined>();
  const silent = createNetServer((socket) => {
    ports.add(socket.remotePort);
    socket.resume();
  });
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const { port } = silent.address() as AddressInfo;
  const clients = new HttpClients([{ host: "127.0.0.1", port }], 5, 100);
  await eventually("a request fails", () => clients.attempts.length > 0);
  await clients.stop();
  const [attempt] = clients.attempts;
  assert.match(attempt?.error ?? "", /^no answer in 100 ms, connected after \d+ ms$/);
  assert.ok(ports.has(attempt?.localPort), String(attempt?.localPort));
  await new Promise((resolve) => silent.close(resolve));
});
