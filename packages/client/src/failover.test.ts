import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { test } from "node:test";
import { configMaps, nodes } from "@kube-ts/api/resource-types";
import { FakeClock, systemClock } from "@kube-ts/std/clock";
import { seededRandom } from "@kube-ts/std/random";
import type { ClientConfig } from "./client-config.ts";
import { connectionTarget } from "./connection-target.ts";
import { createClient } from "./rest-client.ts";
import { ServerChoice } from "./server-choice.ts";
import { sendJson, TinyServer } from "./testing/tiny-server.ts";
import { TransportError } from "./transport-error.ts";

const node = { metadata: { name: "n" }, spec: {} };

/** How a server of a pair behaves; it may be changed while it is in use. */
type Manner = "serves" | "hangs" | "is not ready" | "shuts down";

interface Fixture extends AsyncDisposable {
  readonly servers: readonly [TinyServer, TinyServer];
  readonly manner: [Manner, Manner];
  readonly clock: FakeClock;
  readonly config: ClientConfig;
  readonly client: ReturnType<typeof createClient>;
  /** What each server was asked for besides its readiness. */
  asked(): string[][];
}

/** Two servers, the first of which is in use. */
async function pair(): Promise<Fixture> {
  const manner: [Manner, Manner] = ["serves", "serves"];
  const answer = (index: 0 | 1) => (request: { readonly url: string }, response: ServerResponse) => {
    const probed = request.url === "/readyz";
    switch (manner[index]) {
      case "hangs":
        return;
      case "shuts down":
        response.writeHead(429, { connection: "close", "retry-after": "5" }).end("shutting down");
        return;
      case "is not ready":
        if (probed) response.writeHead(500).end("no");
        else if (request.url.includes("watch=")) response.writeHead(200).flushHeaders();
        return;
      case "serves":
        if (request.url.includes("watch=")) response.writeHead(200).flushHeaders();
        else sendJson(response, 200, { ...node, from: index });
    }
  };
  const servers = [await TinyServer.start(answer(0)), await TinyServer.start(answer(1))] as const;
  const clock = new FakeClock();
  const config: ClientConfig = {
    server: "http://not.used",
    servers: new ServerChoice(
      servers.map(({ url }) => url),
      "first",
      seededRandom(1),
    ),
    namespace: "default",
    tls: {},
    auth: { kind: "none" },
  };
  const client = createClient(config, { userAgent: "test", clock });
  return {
    servers,
    manner,
    clock,
    config,
    client,
    asked: () =>
      servers.map(({ requests }) =>
        requests.filter(({ url }) => url !== "/readyz").map(({ method, url }) => `${method} ${url.split("?")[0]}`),
      ),
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      for (const server of servers) await server[Symbol.asyncDispose]();
    },
  };
}

/** Lets time pass, second by second, until the work is done; tells how many seconds it took. */
async function secondsUntil(clock: FakeClock, work: Promise<unknown>, limitSeconds = 60): Promise<number> {
  const state = { isDone: false };
  void work.catch(() => undefined).finally(() => (state.isDone = true));
  for (let seconds = 0; seconds < limitSeconds; seconds += 1) {
    // Real time for what is said on loopback.
    for (let tries = 0; tries < 20 && !state.isDone; tries += 1) await delay(2);
    if (state.isDone) return seconds;
    await clock.advance(1_000);
  }
  throw new Error("the work did not end");
}

const nodePath = "/api/v1/nodes/n";

test("what could not be sent goes to the other server, writes too, and stays there", async () => {
  await using fixture = await pair();
  await fixture.servers[0][Symbol.asyncDispose]();
  await fixture.client.resource(nodes).update(node);
  await fixture.client.resource(nodes).get({ name: "n" });
  assert.deepEqual(fixture.asked(), [[], [`PUT ${nodePath}`, `GET ${nodePath}`]]);
});

test("when no server can be reached, the error is that of the last one", async () => {
  await using fixture = await pair();
  for (const server of fixture.servers) await server[Symbol.asyncDispose]();
  await assert.rejects(fixture.client.resource(nodes).update(node), (error) => {
    assert.ok(error instanceof TransportError && error.wasNotSent);
    return error.code === "ECONNREFUSED";
  });
});

test("a server that says it is shutting down has done nothing: writes are sent to the other at once", async () => {
  await using fixture = await pair();
  fixture.manner[0] = "shuts down";
  await fixture.client.resource(configMaps).create({ metadata: { namespace: "d", name: "c" } });
  assert.deepEqual(
    fixture.asked().map((requests) => requests.length),
    [1, 1],
  );
  assert.equal(fixture.clock.monotonicMs(), 0);
});

test("a read that hangs is answered by the other server within seconds, a write is its caller's", async () => {
  await using fixture = await pair();
  await fixture.client.resource(nodes).get({ name: "n" });
  fixture.manner[0] = "hangs";
  const read = fixture.client.resource(nodes).get({ name: "n" });
  const write = fixture.client.resource(nodes).update(node);
  const seconds = await secondsUntil(fixture.clock, Promise.all([read, write.catch(() => undefined)]));
  assert.ok(seconds <= 7, `took ${seconds} s`);
  await read;
  await assert.rejects(write, (error) => error instanceof TransportError && !error.wasNotSent);
  const [first, second] = fixture.asked();
  assert.deepEqual([first, second], [[`GET ${nodePath}`, `GET ${nodePath}`, `PUT ${nodePath}`], [`GET ${nodePath}`]]);
});

test("a watch on a server that hangs breaks off within 15 s, on one that is not ready too", async () => {
  for (const manner of ["hangs", "is not ready"] as const) {
    await using fixture = await pair();
    const { signal } = new AbortController();
    const watching = (async () => {
      for await (const _event of fixture.client.resource(nodes).watch({ signal })) assert.fail("there are no events");
    })();
    await secondsUntil(fixture.clock, delay(20));
    fixture.manner[0] = manner;
    const seconds = await secondsUntil(fixture.clock, watching);
    await assert.rejects(watching, TransportError);
    assert.ok(seconds >= 8 && seconds <= 15, `took ${seconds} s`);
    assert.equal(fixture.config.servers?.current, 1);
  }
});

test("a silent watch on a server that is well goes on", async () => {
  await using fixture = await pair();
  const controller = new AbortController();
  const watching = (async () => {
    for await (const _event of fixture.client.resource(nodes).watch({ signal: controller.signal })) assert.fail();
  })();
  await secondsUntil(fixture.clock, delay(20));
  for (let seconds = 0; seconds < 60; seconds += 1) {
    await fixture.clock.advance(1_000);
    await delay(2);
  }
  assert.equal(fixture.config.servers?.current, 0);
  assert.ok(fixture.servers[0].requests.filter(({ url }) => url === "/readyz").length >= 4);
  controller.abort();
  await watching;
});

test("while no other server is ready, what hangs goes on", async () => {
  await using fixture = await pair();
  fixture.manner[0] = "hangs";
  fixture.manner[1] = "is not ready";
  const controller = new AbortController();
  const read = fixture.client.resource(nodes).get({ name: "n" }, { signal: controller.signal });
  await assert.rejects(secondsUntil(fixture.clock, read, 30), /did not end/);
  fixture.manner[1] = "serves";
  assert.ok((await secondsUntil(fixture.clock, read)) <= 10);
  await read;
});

test("a request that its caller gives up turns the next one to the other server", async () => {
  await using fixture = await pair();
  fixture.manner[0] = "hangs";
  const controller = new AbortController();
  const renewal = fixture.client.resource(nodes).update(node, { signal: controller.signal });
  renewal.catch(() => undefined);
  while (fixture.servers[0].requests.length === 0) await delay(2);
  await fixture.clock.advance(2_000);
  controller.abort(new Error("no patience"));
  await assert.rejects(renewal, /no patience/);
  await fixture.client.resource(nodes).update(node);
  assert.deepEqual(fixture.asked(), [[`PUT ${nodePath}`], [`PUT ${nodePath}`]]);
});

test("clients of one configuration turn together", async () => {
  await using fixture = await pair();
  await using second = createClient({ ...fixture.config }, { userAgent: "second" });
  await fixture.servers[0][Symbol.asyncDispose]();
  await fixture.client.resource(nodes).get({ name: "n" });
  await second.resource(nodes).update(node);
  assert.equal(fixture.config.servers?.current, 1);
  assert.equal(fixture.asked()[1]?.length, 2);
});

test("with one server nothing is watched", async () => {
  await using server = await TinyServer.start((_request, response) => sendJson(response, 200, node));
  const clock = new FakeClock();
  await using client = createClient(
    { server: server.url, namespace: "default", tls: {}, auth: { kind: "none" } },
    { userAgent: "test", clock },
  );
  await client.resource(nodes).get({ name: "n" });
  assert.equal(clock.pendingTimers, 0);
});

test("a connection that is to be upgraded is made to a server that can be reached", async () => {
  await using fixture = await pair();
  const { signal } = new AbortController();
  const target = async () =>
    (await connectionTarget(fixture.config, "/exec?x=1", "test", signal, systemClock)).url.href;
  assert.equal(await target(), `${fixture.servers[0].url}/exec?x=1`);
  await fixture.servers[0][Symbol.asyncDispose]();
  fixture.config.servers?.failed(0, 0);
  fixture.config.servers?.use(0);
  assert.equal(await target(), `${fixture.servers[1].url}/exec?x=1`);
  assert.equal(fixture.config.servers?.current, 1);
  await fixture.servers[1][Symbol.asyncDispose]();
  fixture.config.servers?.failed(1, 0);
  await assert.rejects(target(), /^TransportError: connect to http.*ECONNREFUSED/);
});
