import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { nodes } from "@kube-ts/api/resource-types";
import { seededRandom } from "@kube-ts/std/random";
import { createClient } from "./rest-client.ts";
import { ServerChoice } from "./server-choice.ts";
import { sendJson, TinyServer } from "./testing/tiny-server.ts";
import { isTransportError } from "./transport-error.ts";

const inside = "IN_OWN_NETWORK";

/** A server whose watches say nothing. */
function start(): Promise<TinyServer> {
  return TinyServer.start((request, response) => {
    if (request.url.includes("watch=")) response.writeHead(200).flushHeaders();
    else sendJson(response, 200, { metadata: { name: "n" }, spec: {} });
  });
}

const identity = { namespace: "default", tls: {}, auth: { kind: "none" } } as const;

/** From now on nothing reaches the server, and nothing says so. */
function cut({ port }: TinyServer): void {
  execFileSync("iptables", ["-A", "INPUT", "-p", "tcp", "--dport", String(port), "-j", "DROP"]);
}

async function secondsOf(work: Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work;
  return Math.round((performance.now() - startMs) / 100) / 10;
}

/** Watches until the connection fails. */
async function watchToTheEnd(client: ReturnType<typeof createClient>): Promise<void> {
  const signal = AbortSignal.timeout(120_000);
  try {
    for await (const _event of client.resource(nodes).watch({ signal, allowBookmarks: true })) assert.fail();
  } catch (error) {
    assert.ok(isTransportError(error), String(error));
  }
  assert.ok(!signal.aborted, "the watch goes on as if nothing had happened");
}

async function untilAsked(server: TinyServer): Promise<void> {
  while (server.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
}

if (process.env[inside] === undefined) {
  test("a cut cable, in a network of its own", () => {
    const script = `ip link set lo up && exec "$0" --disable-warning=ExperimentalWarning --test-reporter=spec --test "$1"`;
    const { NODE_TEST_CONTEXT: _context, ...env } = process.env;
    const result = spawnSync(
      "unshare",
      ["--net", "sh", "-c", script, process.execPath, fileURLToPath(import.meta.url)],
      { env: { ...env, [inside]: "1" }, encoding: "utf8", timeout: 180_000 },
    );
    process.stdout.write(result.stdout.replaceAll(/^(?!.* s after).*\n/gm, ""));
    assert.equal(result.status, 0, result.stdout + result.stderr);
  });
} else {
  test("with two servers reads go on after seconds, watches soon after", async () => {
    await using first = await start();
    await using second = await start();
    const servers = new ServerChoice([first.url, second.url], "first", seededRandom(1));
    await using client = createClient({ ...identity, server: first.url, servers }, { userAgent: "test" });
    const watching = watchToTheEnd(client);
    await untilAsked(first);
    await client.resource(nodes).get({ name: "n" });
    cut(first);
    const [read, watch] = await Promise.all([
      secondsOf(client.resource(nodes).get({ name: "n" })),
      secondsOf(watching),
    ]);
    process.stdout.write(`two servers: a read is answered ${read} s after the cut, a watch ends ${watch} s after it\n`);
    assert.ok(read <= 12 && watch <= 20, `${read} s, ${watch} s`);
  });

  test("with two servers and watches only it takes little longer", async () => {
    await using first = await start();
    await using second = await start();
    const servers = new ServerChoice([first.url, second.url], "first", seededRandom(1));
    await using client = createClient({ ...identity, server: first.url, servers }, { userAgent: "test" });
    const watching = watchToTheEnd(client);
    await untilAsked(first);
    cut(first);
    const watch = await secondsOf(watching);
    process.stdout.write(`two servers: a lone watch ends ${watch} s after the cut\n`);
    assert.ok(watch <= 25, `${watch} s`);
    assert.equal(servers.current, 1);
  });

  test("with one server the kernel notices", async () => {
    await using only = await start();
    await using client = createClient({ ...identity, server: only.url }, { userAgent: "test" });
    const watching = watchToTheEnd(client);
    await untilAsked(only);
    cut(only);
    const watch = await secondsOf(watching);
    process.stdout.write(`one server: a watch ends ${watch} s after the cut\n`);
    assert.ok(watch >= 15 && watch <= 40, `${watch} s`);
  });
}
