import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { after, suite, test } from "node:test";
import type { ConnectionOptions } from "node:tls";
import { upgradeToWebSocket } from "@kube-ts/client/streaming/upgrade-client";
import { ApiRequests, adminTls } from "../harness/api-requests.ts";
import { eventually } from "../harness/eventually.ts";
import { serverForTests } from "../harness/server-for-tests.ts";
import { as, tokenFileFlag } from "../harness/token-users.ts";

const protobuf = "application/vnd.kubernetes.protobuf";
const configMaps = "/api/v1/namespaces/default/configmaps";
const server = serverForTests({ extraArgs: [tokenFileFlag()] });
const api = new ApiRequests(server);

interface WatchEvent {
  readonly type: string;
  readonly object: {
    readonly kind: string;
    readonly code?: number;
    readonly message?: string;
    readonly metadata: { readonly name?: string; readonly resourceVersion?: string; readonly annotations?: object };
  };
}

const words = ({ type, object }: WatchEvent) => `${type} ${object.metadata.name ?? object.kind}`;

async function create(name: string): Promise<string> {
  const made = await api.json<WatchEvent["object"]>("POST", configMaps, { body: { metadata: { name } } });
  return made.metadata.resourceVersion ?? "";
}

interface Messages {
  readonly protocol: string;
  readonly received: { readonly data: Buffer; readonly isText: boolean }[];
  /** The code that the server closed with, once it has. */
  readonly closed: () => number | undefined;
  close(): void;
}

interface SocketOptions {
  readonly protocols: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: ConnectionOptions;
}

/** A watch in the messages of a WebSocket. */
async function watchBySocket(
  query: string,
  { protocols = [""], headers = {}, tls = adminTls(server) }: Partial<SocketOptions> = {},
): Promise<Messages> {
  const url = new URL(`${server.url}${configMaps}?watch=true&${query}`);
  const signal = AbortSignal.timeout(30_000);
  const { socket, protocol } = await upgradeToWebSocket({ url, headers, tls }, protocols, signal);
  const received: { data: Buffer; isText: boolean }[] = [];
  let code: number | undefined;
  socket.on("message", (data, isBinary) => received.push({ data: data as Buffer, isText: !isBinary }));
  socket.on("close", (closedWith) => (code = closedWith));
  socket.resume();
  after(() => socket.terminate());
  return { protocol, received, closed: () => code, close: () => socket.close() };
}

function eventsOf({ received }: Messages): WatchEvent[] {
  return received.map(({ data }) => JSON.parse(data.toString()) as WatchEvent);
}

suite("a watch over a WebSocket", () => {
  test("has an event in each message, as text", async () => {
    await create("first");
    for (const protocol of ["", "binary.k8s.io", "base64.binary.k8s.io"]) {
      const watch = await watchBySocket("", { protocols: [protocol] });
      assert.equal(watch.protocol, protocol);
      const name = `more-${protocol}`.replace(/\W*$/, "");
      await create(name);
      await api.ask("DELETE", `${configMaps}/${name}`);
      await eventually("three events", () => eventsOf(watch).map(words).includes(`DELETED ${name}`));
      const all = eventsOf(watch).map(words);
      assert.deepEqual(all.filter((each) => !each.includes("kube-root-ca")).slice(-3), [
        "ADDED first",
        `ADDED ${name}`,
        `DELETED ${name}`,
      ]);
      assert.ok(watch.received.every(({ isText, data }) => isText && data.at(-1) === 0x0a));
      watch.close();
      await eventually("the end", () => watch.closed() !== undefined);
    }
  });

  test("has the same events as an ordinary one, in protobuf as bytes", async () => {
    const { metadata } = await api.json<WatchEvent["object"]>("GET", configMaps);
    const query = `resourceVersion=${metadata.resourceVersion}`;
    const watch = await watchBySocket(query, { headers: { Accept: `${protobuf};stream=watch` } });
    const plain = await api.open("GET", `${configMaps}?watch=true&${query}`, {
      headers: { Accept: `${protobuf};stream=watch` },
    });
    await create("encoded");
    const [chunk] = (await once(plain, "data")) as [Buffer];
    plain.destroy();
    await eventually("an event", () => watch.received.length > 0);
    const [{ data, isText } = { data: Buffer.alloc(0), isText: true }] = watch.received;
    assert.equal(isText, false);
    assert.deepEqual(data, chunk.subarray(4));
    assert.ok(data.includes("k8s\0") && data.includes("encoded"));
    watch.close();
  });

  test("ends in good order, by its own time and for a version that is too old", async () => {
    const short = await watchBySocket("resourceVersion=0&timeoutSeconds=1");
    await eventually("the end", () => short.closed() !== undefined);
    assert.equal(short.closed(), 1000);
    assert.ok(eventsOf(short).every(({ type }) => type === "ADDED"));
    await server.restart();
    const old = await watchBySocket("resourceVersion=1");
    await eventually("the end", () => old.closed() !== undefined);
    assert.deepEqual(
      eventsOf(old).map(({ type, object }) => [type, object.code]),
      [["ERROR", 410]],
    );
    assert.match(eventsOf(old)[0]?.object.message ?? "", /^too old resource version: 1 \(\d+\)$/);
  });

  test("tells the initial events and their end", async () => {
    const query = "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
    const watch = await watchBySocket(`${query}&fieldSelector=metadata.name%3Dfirst`);
    await eventually("a bookmark", () => eventsOf(watch).length >= 2);
    assert.deepEqual(eventsOf(watch).map(words), ["ADDED first", "BOOKMARK ConfigMap"]);
    assert.deepEqual(eventsOf(watch)[1]?.object.metadata.annotations, { "k8s.io/initial-events-end": "true" });
    watch.close();
  });

  test("is for those who may watch, also by a token among the protocols", async () => {
    const tls = { ca: readFileSync(server.ca) };
    const carrier = (token: string) =>
      `base64url.bearer.authorization.k8s.io.${Buffer.from(token).toString("base64url")}`;
    const watch = await watchBySocket("resourceVersion=0", {
      protocols: [carrier("admin-token"), "binary.k8s.io"],
      tls,
    });
    assert.equal(watch.protocol, "binary.k8s.io");
    watch.close();
    const asAlice = watchBySocket("", { protocols: [carrier("alice-token"), "binary.k8s.io"], tls });
    await assert.rejects(asAlice, (error: Error) => {
      assert.match(JSON.stringify(error) + error.message, /403|cannot watch resource/);
      return true;
    });
    await assert.rejects(watchBySocket("", { protocols: [carrier("wrong"), "binary.k8s.io"], tls }));
  });

  test("is refused as an ordinary one is", async () => {
    const offered = {
      Connection: "Upgrade",
      Upgrade: "websocket",
      "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    };
    const refused = async (path: string, headers = {}) =>
      (await api.ask("GET", path, { headers: { ...offered, ...headers } })).code;
    assert.equal(await refused("/api/v1/namespaces/default/nothing?watch=1"), 404);
    assert.equal(await refused(`${configMaps}?watch=1&resourceVersion=x`), 400);
    assert.equal(await refused(`${configMaps}?watch=1`, { Accept: "text/html" }), 406);
    assert.equal(await refused(`${configMaps}?watch=1`, { "Sec-WebSocket-Version": "7" }), 400);
    const unknown = await api.ask("GET", `${configMaps}?watch=1`, { headers: offered, as: "anonymous" });
    assert.equal(unknown.code, 403);
  });

  test("others that offer another protocol are answered in HTTP", async () => {
    const offered = { Connection: "Upgrade", Upgrade: "websocket" };
    const list = await api.ask("GET", configMaps, { headers: offered });
    assert.deepEqual([list.code, (JSON.parse(list.text) as { kind: string }).kind], [200, "ConfigMapList"]);
    const body = { metadata: { name: "offered" } };
    assert.equal((await api.ask("POST", configMaps, { headers: offered, body })).code, 201);
    assert.equal((await api.ask("GET", "/version", { headers: offered })).code, 200);
    assert.equal((await api.ask("GET", "/apis/apps/v1", { headers: { ...offered, Upgrade: "h2c" } })).code, 200);
  });
});

suite("a watch from a version that is not reached yet", () => {
  const farFuture = async () => BigInt(await create(`now-${process.hrtime.bigint()}`)) + 1_000_000n;

  test("begins, and tells only what is newer", async () => {
    const now = BigInt(await create("present"));
    const watch = await api.open("GET", `${configMaps}?watch=true&resourceVersion=${now + 2n}`);
    assert.equal(watch.statusCode, 200);
    let text = "";
    watch.on("data", (chunk: Buffer) => (text += chunk.toString()));
    const versions = [await create("next-1"), await create("next-2"), await create("next-3")];
    await eventually("the newer ones", () => text.includes("next-3"));
    watch.destroy();
    const told = text
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as WatchEvent).object.metadata.resourceVersion);
    assert.deepEqual(
      told,
      versions.filter((version) => BigInt(version) > now + 2n),
    );
  });

  test("a list of it is told that the version is too large", async () => {
    const list = await api.json<{ code: number; message: string }>(
      "GET",
      `${configMaps}?resourceVersion=${await farFuture()}`,
    );
    assert.equal(list.code, 504);
    assert.match(list.message, /^Timeout: Too large resource version: \d+, current: \d+$/);
  });

  test("clients whose version is never reached are told to list again", async () => {
    const version = await farFuture();
    const watch = await api.open("GET", `${configMaps}?watch=true&resourceVersion=${version}`);
    const startedMs = performance.now();
    let text = "";
    for await (const chunk of watch) text += String(chunk);
    const event = JSON.parse(text) as WatchEvent;
    assert.deepEqual([event.type, event.object.code], ["ERROR", 410]);
    assert.ok(performance.now() - startedMs > 5_000, "there is time for the version to be reached");
  });

  test("another user is refused as ever", async () => {
    const { code } = await api.ask("GET", `${configMaps}?watch=true&resourceVersion=999999999`, { as: as("alice") });
    assert.equal(code, 403);
  });
});
