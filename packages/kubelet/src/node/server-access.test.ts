import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { FakeClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import type { ServerConfig } from "../config/kubelet-config.ts";
import type { Access } from "../server/access.ts";
import { serverAccess } from "./server-access.ts";
import { ServingIdentity } from "./serving-identity.ts";

const config: ServerConfig = {
  enabled: true,
  address: "127.0.0.1",
  port: 10_250,
  readOnlyPort: 0,
  certFile: "",
  keyFile: "",
  clientCaFile: "",
  bootstrapTls: false,
  anonymous: false,
  tokenWebhook: true,
  tokenCacheTtlMs: 60_000,
  authorization: "Webhook",
  authorizedTtlMs: 300_000,
  unauthorizedTtlMs: 30_000,
  debuggingHandlers: true,
  systemLogs: true,
  streamIdleTimeoutMs: 1,
};
const asked = (authorization?: string) => ({ headers: authorization ? { authorization } : {} }) as IncomingMessage;
const attributes = { resourceAttributes: { verb: "get", resource: "nodes" } };

function setup(more: Partial<ServerConfig> = {}) {
  const clock = new FakeClock();
  const questions: string[] = [];
  const delegate: Access = {
    authenticate: async ({ headers }) => {
      questions.push(`who ${headers.authorization ?? "nobody"}`);
      return headers.authorization === "Bearer good" ? { username: "bob" } : undefined;
    },
    authorize: async ({ username }) => {
      questions.push(`may ${username}`);
      return { allowed: username === "bob", reason: "" };
    },
  };
  return { clock, questions, access: serverAccess(delegate, { ...config, ...more }, clock) };
}

test("answers are kept for their time, refusals for less", async () => {
  const { clock, questions, access } = setup();
  for (let round = 0; round < 3; round += 1) {
    assert.equal((await access.authenticate(asked("Bearer good")))?.username, "bob");
    assert.equal((await access.authorize({ username: "bob" }, attributes)).allowed, true);
    assert.equal((await access.authorize({ username: "eve" }, attributes)).allowed, false);
  }
  assert.deepEqual(questions, ["who Bearer good", "may bob", "may eve"]);
  await clock.advance(60_000);
  await access.authenticate(asked("Bearer good"));
  await access.authorize({ username: "bob" }, attributes);
  await access.authorize({ username: "eve" }, attributes);
  assert.deepEqual(questions.slice(3), ["who Bearer good", "may eve"]);
});

test("bad tokens are asked about every time, and no tokens are taken when they are turned off", async () => {
  const { questions, access } = setup();
  await access.authenticate(asked("Bearer bad"));
  await access.authenticate(asked("Bearer bad"));
  assert.equal(questions.length, 2);
  const off = setup({ tokenWebhook: false });
  assert.equal(await off.access.authenticate(asked("Bearer good")), undefined);
  assert.deepEqual(off.questions, []);
});

test("AlwaysAllow still wants to know who asks", async () => {
  const { access } = setup({ authorization: "AlwaysAllow" });
  assert.equal((await access.authorize({ username: "eve" }, attributes)).allowed, true);
  assert.equal(await access.authenticate(asked("Bearer bad")), undefined);
});

test("a serving certificate is made once and kept, and made anew when it is for others or expires", async () => {
  const certDirectory = await mkdtemp(join(tmpdir(), "pki-"));
  try {
    const clock = new FakeClock(Date.UTC(2026, 0, 1));
    const identity = (hosts: readonly string[]) =>
      new ServingIdentity({ config, certDirectory, hosts, clock, log: silentLogger });
    const first = await identity(["node-1", "10.0.0.1"]).load();
    assert.equal((await identity(["node-1", "10.0.0.1"]).load()).cert, first.cert);
    assert.equal(await readFile(join(certDirectory, "kubelet.crt"), "utf8"), first.cert);
    assert.equal((await stat(join(certDirectory, "kubelet.key"))).mode & 0o777, 0o600);
    const other = await identity(["node-1", "10.0.0.2"]).load();
    assert.notEqual(other.cert, first.cert);
    await clock.advance(360 * 24 * 3_600_000);
    assert.notEqual((await identity(["node-1", "10.0.0.2"]).load()).cert, other.cert);
  } finally {
    await rm(certDirectory, { recursive: true });
  }
});
