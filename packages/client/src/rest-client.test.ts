import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConfigMap } from "@kube-ts/api/core/v1";
import { configMaps, nodes } from "@kube-ts/api/resource-types";
import { ApiError, isConflict, isNotFound } from "@kube-ts/api/status-error";
import { systemClock } from "@kube-ts/std/clock";
import { selfSignedTls } from "@kube-ts/std/self-signed";
import type { ClientConfig } from "./client-config.ts";
import { createClient, type ClientOptions } from "./rest-client.ts";
import { sendJson, TinyServer } from "./testing/tiny-server.ts";
import { TransportError } from "./transport-error.ts";

function configFor(server: string, overrides: Partial<ClientConfig> = {}): ClientConfig {
  return { server, namespace: "default", tls: {}, auth: { kind: "none" }, ...overrides };
}

function clientFor(server: TinyServer, options: Partial<ClientOptions> = {}, overrides: Partial<ClientConfig> = {}) {
  return createClient(configFor(server.url, overrides), { userAgent: "test/v1", ...options });
}

const configMap: ConfigMap = { metadata: { namespace: "ns", name: "a" }, data: { k: "v" } };

const notFoundStatus = {
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Failure",
  message: 'configmaps "a" not found',
  reason: "NotFound",
  code: 404,
};

test("every verb sends the method, path, query and body that the API defines", async () => {
  await using server = await TinyServer.start((_request, response) =>
    sendJson(response, 200, { metadata: {}, items: [] }),
  );
  await using client = clientFor(server, {}, { auth: { kind: "token", token: "t0ken" } });
  const maps = client.resource(configMaps);
  await maps.get({ namespace: "ns", name: "a" }, { resourceVersion: "0", timeoutMs: 1_500 });
  await maps.list({ namespace: "ns", labelSelector: "a=b,c!=d", limit: 5, continueToken: "x/y" });
  await maps.list({ fieldSelector: "metadata.name=a", resourceVersion: "7", resourceVersionMatch: "NotOlderThan" });
  await maps.create(configMap, { dryRun: true, fieldManager: "me", fieldValidation: "Strict" });
  await maps.update(configMap);
  await maps.updateStatus(configMap);
  await maps.patch({ namespace: "ns", name: "a" }, "apply", { x: 1 }, { force: true, fieldManager: "me" });
  await maps.patch({ namespace: "ns", name: "a" }, "json", [], { subresource: "status" });
  await maps.patch({ namespace: "ns", name: "a" }, "merge", {});
  await maps.patch({ namespace: "ns", name: "a" }, "strategic", {});
  await maps.delete({ namespace: "ns", name: "a" }, { gracePeriodSeconds: 0, preconditions: { uid: "u" } });
  await maps.deleteCollection({ namespace: "ns", labelSelector: "a=b" });
  await client.resource(nodes).getSubresource({ name: "n1" }, "proxy/stats");
  await maps.createSubresource({ namespace: "ns", name: "a" }, "eviction", { kind: "Eviction" });
  const seen = server.requests.map(({ method, url, headers, body }) =>
    [method, url, headers["content-type"] ?? "", body].filter((part) => part !== "").join(" "),
  );
  const encoded = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"namespace":"ns","name":"a"},"data":{"k":"v"}}';
  const one = "/api/v1/namespaces/ns/configmaps/a";
  assert.deepEqual(seen, [
    `GET ${one}?resourceVersion=0&timeout=1.5s`,
    "GET /api/v1/namespaces/ns/configmaps?labelSelector=a%3Db%2Cc%21%3Dd&limit=5&continue=x%2Fy",
    "GET /api/v1/configmaps?fieldSelector=metadata.name%3Da&resourceVersion=7&resourceVersionMatch=NotOlderThan",
    `POST /api/v1/namespaces/ns/configmaps?dryRun=All&fieldManager=me&fieldValidation=Strict application/json ${encoded}`,
    `PUT ${one} application/json ${encoded}`,
    `PUT ${one}/status application/json ${encoded}`,
    `PATCH ${one}?fieldManager=me&force=true application/apply-patch+yaml {"x":1}`,
    `PATCH ${one}/status application/json-patch+json []`,
    `PATCH ${one} application/merge-patch+json {}`,
    `PATCH ${one} application/strategic-merge-patch+json {}`,
    `DELETE ${one} application/json {"kind":"DeleteOptions","apiVersion":"v1","gracePeriodSeconds":0,"preconditions":{"uid":"u"}}`,
    'DELETE /api/v1/namespaces/ns/configmaps?labelSelector=a%3Db application/json {"kind":"DeleteOptions","apiVersion":"v1"}',
    "GET /api/v1/nodes/n1/proxy/stats",
    `POST ${one}/eviction application/json {"kind":"Eviction"}`,
  ]);
  assert.equal(server.requests[0]?.headers["user-agent"], "test/v1");
  assert.equal(server.requests[0]?.headers.authorization, "Bearer t0ken");
});

test("a name that would change the path is rejected before anything is sent", async () => {
  await using server = await TinyServer.start((_request, response) => sendJson(response, 200, {}));
  await using client = clientFor(server);
  for (const name of ["", ".", "..", "a/b"]) {
    await assert.rejects(async () => client.resource(nodes).get({ name }), /invalid resource name/);
  }
  await assert.rejects(async () => client.resource(configMaps).get({ name: "a" }), /empty namespace/);
  await assert.rejects(client.resource(configMaps).create({ metadata: { name: "a" } }), /during creation/);
  assert.equal(server.requests.length, 0);
});

test("the items of a list carry their type", async () => {
  await using server = await TinyServer.start((_request, response) =>
    sendJson(response, 200, { metadata: { resourceVersion: "5" }, items: [{ metadata: { name: "a" } }] }),
  );
  await using client = clientFor(server);
  const list = await client.resource(configMaps).list();
  assert.deepEqual(list.items, [{ metadata: { name: "a" }, apiVersion: "v1", kind: "ConfigMap" }]);
});

test("a Status becomes an ApiError, any other refusal one that is worded by its code", async () => {
  await using server = await TinyServer.start((request, response) => {
    if (request.method === "GET") sendJson(response, 404, notFoundStatus);
    else response.writeHead(request.method === "PUT" ? 409 : 502, {}).end("proxy <says> no");
  });
  await using client = clientFor(server);
  const maps = client.resource(configMaps);
  await assert.rejects(maps.get({ namespace: "ns", name: "a" }), (error) => {
    assert.ok(error instanceof ApiError && isNotFound(error));
    assert.deepEqual(error.status, notFoundStatus);
    return true;
  });
  await assert.rejects(maps.update(configMap), (error) => isConflict(error));
  await assert.rejects(maps.delete({ namespace: "ns", name: "a" }), (error) => {
    assert.ok(error instanceof ApiError);
    assert.equal(error.code, 502);
    assert.equal(
      error.message,
      'an error on the server ("proxy <says> no") has prevented the request from succeeding (delete configmaps a)',
    );
    return true;
  });
});

test("no answer is a TransportError that carries the system's code", async () => {
  const server = await TinyServer.start(() => undefined);
  const { url } = server;
  await server[Symbol.asyncDispose]();
  await using client = createClient(configFor(url), { userAgent: "test" });
  await assert.rejects(client.resource(nodes).get({ name: "n" }), (error) => {
    assert.ok(error instanceof TransportError);
    assert.equal(error.code, "ECONNREFUSED");
    assert.match(error.message, /^GET http:\/\/127\.0\.0\.1:\d+\/api\/v1\/nodes\/n: connect ECONNREFUSED/);
    return true;
  });
});

test("an aborted request rejects with the signal's reason", async () => {
  await using server = await TinyServer.start(() => undefined);
  await using client = clientFor(server);
  const controller = new AbortController();
  const reason = new Error("enough");
  const pending = client.resource(nodes).get({ name: "n" }, { signal: controller.signal });
  setImmediate(() => controller.abort(reason));
  await assert.rejects(pending, (error) => error === reason);
});

test("a server that never answers meets the request timeout", async () => {
  await using server = await TinyServer.start(() => undefined);
  await using client = clientFor(server, { requestTimeoutMs: 50 });
  await assert.rejects(client.resource(nodes).get({ name: "n" }), TransportError);
});

test("a body above the bound is refused", async () => {
  await using server = await TinyServer.start((_request, response) =>
    sendJson(response, 200, { metadata: {}, padding: "x".repeat(10_000) }),
  );
  await using client = clientFor(server, { maxBodyBytes: 1_000 });
  await assert.rejects(client.resource(nodes).get({ name: "n" }), /larger than 1000 bytes/);
});

test("429 with Retry-After is waited out, a bounded number of times", async () => {
  let refusals = 2;
  await using server = await TinyServer.start((_request, response) => {
    if (refusals-- > 0) response.writeHead(429, { "retry-after": "3" }).end("busy");
    else sendJson(response, 201, { metadata: { name: "a" } });
  });
  const slept: number[] = [];
  const clock = { ...systemClock, sleep: async (ms: number) => void slept.push(ms) };
  await using client = clientFor(server, { clock, qps: -1 });
  await client.resource(configMaps).create(configMap);
  assert.deepEqual(slept, [3_000, 3_000]);
  refusals = 100;
  await assert.rejects(client.resource(configMaps).create(configMap), /too many requests/);
  assert.equal(server.requests.length, 3 + 11);
});

test("warnings reach the caller's function", async () => {
  await using server = await TinyServer.start((_request, response) =>
    sendJson(response, 200, { metadata: {} }, { warning: '299 - "use \\"b\\" instead", 299 - "second"' }),
  );
  const warnings: string[] = [];
  await using client = clientFor(server, { onWarning: (text) => void warnings.push(text) });
  await client.resource(nodes).get({ name: "n" });
  assert.deepEqual(warnings, ['use "b" instead', "second"]);
});

test("a watch yields events, however they are cut into chunks, and ends with the stream", async () => {
  const events = [
    { type: "ADDED", object: { metadata: { name: "a", resourceVersion: "1" }, data: { text: "grüße\n" } } },
    { type: "BOOKMARK", object: { metadata: { resourceVersion: "9" } } },
  ];
  const bytes = Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join(""));
  await using server = await TinyServer.start((_request, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    for (let start = 0; start < bytes.length; start += 7) response.write(bytes.subarray(start, start + 7));
    response.end();
  });
  await using client = clientFor(server);
  const received: unknown[] = [];
  const options = {
    signal: new AbortController().signal,
    resourceVersion: "1",
    allowBookmarks: true,
    timeoutSeconds: 9,
  };
  for await (const event of client.resource(configMaps).watch(options)) received.push(event);
  assert.deepEqual(received, events);
  assert.equal(
    server.requests[0]?.url,
    "/api/v1/configmaps?watch=true&resourceVersion=1&allowWatchBookmarks=true&timeoutSeconds=9",
  );
});

test("a watch that is aborted ends quietly, one that breaks off rejects", async () => {
  await using server = await TinyServer.start((request, response) => {
    response.writeHead(200);
    response.write('{"type":"ADDED","object":{"metadata":{"name":"a"}}}\n');
    if (request.url.includes("break")) response.write('{"type":"ADD', () => response.destroy());
  });
  await using client = clientFor(server);
  const controller = new AbortController();
  let count = 0;
  for await (const _event of client.resource(configMaps).watch({ signal: controller.signal })) {
    count += 1;
    controller.abort();
  }
  assert.equal(count, 1);
  await assert.rejects(async () => {
    const watch = client.resource(configMaps).watch({ signal: new AbortController().signal, labelSelector: "break" });
    for await (const _event of watch) count += 1;
  }, TransportError);
  assert.equal(count, 2);
});

test("a refused watch rejects with the Status", async () => {
  await using server = await TinyServer.start((_request, response) => sendJson(response, 404, notFoundStatus));
  await using client = clientFor(server);
  const watch = client.resource(configMaps).watch({ signal: new AbortController().signal });
  await assert.rejects(async () => {
    for await (const _event of watch) assert.fail("no event was sent");
  }, isNotFound);
});

test("raw requests see any status and stream the body", async () => {
  await using server = await TinyServer.start((request, response) => {
    response.writeHead(418, { "x-kind": "teapot" }).end(`${request.method} ${request.url} ${request.body}`);
  });
  await using client = clientFor(server);
  const response = await client.raw({ method: "POST", path: "/logs?tail=1", body: "hi", timeoutMs: 2_000 });
  assert.equal(response.status, 418);
  assert.equal(response.headers["x-kind"], "teapot");
  assert.equal(await response.text(), "POST /logs?tail=1&timeout=2s hi");
});

test("TLS verifies the server by the configured authority and name", async () => {
  const identity = await selfSignedTls(["api.test"], Date.now());
  await using server = await TinyServer.start((_request, response) => sendJson(response, 200, { metadata: {} }), {
    tls: identity,
  });
  const ca = { text: identity.cert };
  const attempt = async (tls: ClientConfig["tls"]) => {
    await using client = clientFor(server, {}, { tls });
    await client.resource(nodes).get({ name: "n" });
  };
  await attempt({ ca, serverName: "api.test" });
  await attempt({ insecureSkipVerify: true });
  await assert.rejects(attempt({ ca }), /altnames|IP/);
  await assert.rejects(attempt({ serverName: "api.test" }), /self-signed/);
});
