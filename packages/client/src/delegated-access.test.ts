import assert from "node:assert/strict";
import { get, type IncomingMessage } from "node:http";
import { test } from "node:test";
import type { SubjectAccessReview } from "@kube-ts/api/authorization/v1";
import type { TokenReview } from "@kube-ts/api/authentication/v1";
import { FakeClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { startServing } from "@kube-ts/std/serving";
import type { Client } from "./client.ts";
import { DelegatedAccess } from "./delegated-access.ts";
import { createClient } from "./rest-client.ts";
import { sendJson, TinyServer } from "./testing/tiny-server.ts";

/** An API server that knows the token "good" of bob, who may read /metrics. */
function startApiServer() {
  return TinyServer.start(({ url, body }, response) => {
    if (url.startsWith("/apis/authentication.k8s.io/v1/tokenreviews")) {
      const { spec } = JSON.parse(body) as TokenReview;
      const authenticated = spec.token === "good";
      const user = { username: "bob", groups: ["devs"] };
      sendJson(response, 201, { metadata: {}, spec, status: authenticated ? { authenticated, user } : {} });
      return;
    }
    const { spec } = JSON.parse(body) as SubjectAccessReview;
    const allowed = spec.user === "bob" && spec.nonResourceAttributes?.path === "/metrics";
    sendJson(response, 201, { metadata: {}, spec, status: { allowed, reason: allowed ? "" : "no rule" } });
  });
}

function request(port: number, path: string, authorization?: string): Promise<string> {
  const headers = authorization === undefined ? {} : { authorization };
  return new Promise((resolve, reject) => {
    get({ host: "127.0.0.1", port, path, headers, agent: false }, (response) => {
      let body = "";
      response.on("data", (chunk: Buffer) => (body += chunk.toString()));
      response.on("end", () => resolve(`${response.statusCode} ${body}`));
    }).on("error", reject);
  });
}

test("token and permission are asked of the API server, and the answers are kept for a while", async () => {
  await using api = await startApiServer();
  await using client = createClient(
    { server: api.url, namespace: "default", tls: {}, auth: { kind: "none" } },
    { userAgent: "test" },
  );
  const clock = new FakeClock();
  const access = new DelegatedAccess({ client, clock, log: silentLogger });
  const routes = {
    "/metrics": (_request: unknown, response: { end(text: string): unknown }) => void response.end("m"),
  };
  await using serving = await startServing({
    host: "127.0.0.1",
    port: 0,
    log: silentLogger,
    authorize: access.check,
    routes,
  });
  assert.equal(await request(serving.port, "/metrics", "Bearer good"), "200 m");
  assert.equal(await request(serving.port, "/metrics", "bearer good"), "200 m");
  assert.equal(api.requests.length, 2);
  await clock.advance(10_000);
  assert.equal(await request(serving.port, "/metrics", "Bearer good"), "200 m");
  assert.equal(api.requests.length, 4);
  assert.equal(await request(serving.port, "/metrics", "Bearer bad"), "401 Unauthorized\n");
  assert.equal(
    await request(serving.port, "/debug", "Bearer good"),
    '403 forbidden: User "bob" cannot get path "/debug": no rule\n',
  );
  assert.match(await request(serving.port, "/metrics"), /^403 forbidden: User "system:anonymous" cannot get path/);
  assert.equal(await request(serving.port, "/healthz"), "200 ok");
});

test("nobody is let in while the API server cannot be asked", async () => {
  const api = await startApiServer();
  await using client = createClient(
    { server: api.url, namespace: "default", tls: {}, auth: { kind: "none" } },
    { userAgent: "test" },
  );
  await api[Symbol.asyncDispose]();
  const access = new DelegatedAccess({ client, clock: new FakeClock(), log: silentLogger });
  await using serving = await startServing({ host: "127.0.0.1", port: 0, log: silentLogger, authorize: access.check });
  assert.equal(await request(serving.port, "/metrics", "Bearer good"), "401 Unauthorized\n");
});

test("a verified client certificate names user and groups, an unverified one does not", async () => {
  const access = new DelegatedAccess({
    client: { resource: () => assert.fail("nothing is asked") } as unknown as Client,
    clock: new FakeClock(),
    log: silentLogger,
    anonymous: false,
  });
  const requestFrom = (authorized: boolean, subject: unknown) =>
    ({ headers: {}, socket: { authorized, getPeerCertificate: () => ({ subject }) } }) as unknown as IncomingMessage;
  assert.deepEqual(await access.authenticate(requestFrom(true, { CN: "admin", O: ["system:masters", "ops"] })), {
    username: "admin",
    groups: ["system:masters", "ops", "system:authenticated"],
  });
  assert.deepEqual(await access.authenticate(requestFrom(true, { CN: "node", O: "system:nodes" })), {
    username: "node",
    groups: ["system:nodes", "system:authenticated"],
  });
  assert.equal(await access.authenticate(requestFrom(false, { CN: "admin" })), undefined);
});
