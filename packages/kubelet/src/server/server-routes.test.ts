import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { Agent, request as httpsRequest } from "node:https";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, describe, test } from "node:test";
import { DelegatedAccess } from "@kube-ts/client/delegated-access";
import { createClient } from "@kube-ts/client/rest-client";
import { TinyServer } from "@kube-ts/client/testing/tiny-server";
import { systemClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { Registry } from "@kube-ts/std/metrics";
import { selfSignedTls } from "@kube-ts/std/self-signed";
import { ZPages } from "@kube-ts/std/zpages";
import { MemoryRuntime } from "../testing/memory-runtime.ts";
import { testPod } from "../testing/pod-fixtures.ts";
import { TestAuthority } from "../testing/test-authority.ts";
import { startKubeletServer } from "./kubelet-server.ts";
import type { KubeletServer } from "./kubelet-server.ts";

interface Review {
  readonly spec: {
    readonly token?: string;
    readonly user?: string;
    readonly resourceAttributes?: { readonly verb: string; readonly subresource: string; readonly name: string };
  };
}

interface Credentials {
  readonly cert?: string;
  readonly key?: string;
  readonly token?: string;
}

/** Every route with the permissions on the node of which one is needed, and how it answers who has one. */
const routes: readonly (readonly [method: string, path: string, permissions: string, status: number])[] = [
  ["GET", "/healthz", "get healthz|get proxy", 200],
  ["GET", "/healthz/ping", "get healthz|get proxy", 200],
  ["GET", "/healthz/syncloop", "get healthz|get proxy", 200],
  ["GET", "/pods", "get pods|get proxy", 200],
  ["GET", "/pods/", "get pods|get proxy", 200],
  ["GET", "/runningpods/", "get pods|get proxy", 200],
  ["GET", "/configz", "get configz|get proxy", 200],
  ["GET", "/flagz", "get configz|get proxy", 200],
  ["GET", "/statusz", "get statusz|get proxy", 200],
  ["GET", "/stats/summary", "get stats", 200],
  ["POST", "/stats/summary", "create stats", 200],
  ["GET", "/metrics", "get metrics", 200],
  ["HEAD", "/metrics", "get metrics", 200],
  ["GET", "/metrics/cadvisor", "get metrics", 200],
  ["GET", "/metrics/probes", "get metrics", 200],
  ["GET", "/metrics/resource", "get metrics", 200],
  ["GET", "/logs/", "get log", 200],
  ["GET", "/logs/syslog", "get log", 200],
  ["POST", "/checkpoint/default/web/app", "create checkpoint", 500],
  ["GET", "/checkpoint/default/web/app", "get checkpoint", 405],
  ["GET", "/containerLogs/default/web/app", "get proxy", 400],
  ["POST", "/run/default/web/app?cmd=id", "create proxy", 500],
  ["GET", "/run/default/web/app?cmd=id", "get proxy", 405],
  ["POST", "/exec/default/web/app?command=id&output=1", "create proxy", 400],
  ["GET", "/exec/default/web/app?command=id&output=1", "get proxy", 400],
  ["POST", "/attach/default/web/app?output=1", "create proxy", 400],
  ["POST", "/portForward/default/web", "create proxy", 400],
  ["GET", "/debug/pprof/", "get proxy", 404],
  ["GET", "/debug/pprof/profile", "get proxy", 404],
  ["PUT", "/debug/flags/v", "update proxy", 405],
  ["GET", "/spec/", "get proxy", 404],
  ["GET", "/", "get proxy", 404],
  ["GET", "/no/such/route", "get proxy", 404],
  ["GET", "//pods", "get proxy", 404],
  ["GET", "/%70ods", "get proxy", 404],
  ["GET", "/metrics/../exec/default/web/app", "get metrics", 404],
  ["DELETE", "/pods", "delete pods|delete proxy", 405],
  ["PATCH", "/pods", "patch pods|patch proxy", 405],
];
const allPermissions = new Set(routes.flatMap(([, , permissions]) => permissions.split("|")));

let directory: string;
let ca: TestAuthority;
let api: TinyServer;
let server: KubeletServer;
let serverCert: string;
const reviewed: string[] = [];

/** The stand-in for the API server: a user may do what the name says, as `may get pods`. */
function answerReview(body: string, url: string): object {
  const { spec } = JSON.parse(body) as Review;
  if (url.includes("tokenreviews")) {
    const known = spec.token?.startsWith("may:") === true;
    const username = spec.token?.replaceAll(":", " ");
    return { spec, status: known ? { authenticated: true, user: { username } } : {} };
  }
  const { verb, subresource, name } = spec.resourceAttributes ?? {};
  reviewed.push(`${spec.user}: ${verb} ${subresource} ${name}`);
  return {
    spec,
    status: {
      allowed: (spec.user === "may everything" || spec.user === `may ${verb} ${subresource}`) && name === "node-1",
    },
  };
}

/** Nobody of these is to be believed, although they say that they may do everything. */
let strangers: Readonly<Record<string, Credentials>>;
const certified = new Map<string, Credentials>();

async function issueCertificates(): Promise<void> {
  const otherCa = await TestAuthority.create("cluster-ca");
  const everything = { commonName: "may everything", organizations: ["system:masters"], usage: "client" } as const;
  strangers = {
    "no credentials": {},
    "another authority of the same name": await otherCa.issue(everything),
    "a certificate that has ended": await ca.issue({ ...everything, notAfter: Date.now() - 60_000 }),
    "a certificate that has not begun": await ca.issue({ ...everything, notBefore: Date.now() + 3_600_000 }),
    "a serving certificate": await ca.issue({ ...everything, usage: "server" }),
    "an unknown token": { token: "guessed" },
    "an empty token": { token: "" },
  };
  for (const permission of allPermissions) {
    certified.set(permission, await ca.issue({ commonName: `may ${permission}`, usage: "client" }));
  }
}

before(async () => {
  directory = mkdtempSync(join(tmpdir(), "kubelet-routes-"));
  writeFileSync(join(directory, "syslog"), "a line\n");
  ca = await TestAuthority.create("cluster-ca");
  await issueCertificates();
  api = await TinyServer.start(({ body, url }, response) => {
    response.writeHead(201, { "Content-Type": "application/json" }).end(JSON.stringify(answerReview(body, url)));
  });
  const config = { server: api.url, namespace: "default", tls: {}, auth: { kind: "none" } } as const;
  const client = createClient(config, { userAgent: "test", clock: systemClock, qps: -1 });
  const identity = await selfSignedTls(["127.0.0.1"], Date.now());
  serverCert = identity.cert;
  const usage = (bytes: number) => ({ time: "2026-01-01T00:00:00Z", usageNanoCores: 1, workingSetBytes: bytes });
  server = await startKubeletServer({
    address: "127.0.0.1",
    port: 0,
    tls: { ...identity, clientCa: ca.cert },
    nodeName: "node-1",
    runtime: new MemoryRuntime(systemClock),
    pods: { list: () => [testPod()], get: (_namespace, name) => (name === "web" ? testPod() : undefined) },
    machine: { cores: 2, memoryBytes: 1024, swapBytes: 0, bootId: "b", machineId: "m", systemUuid: "s" },
    summary: async () => ({ node: { nodeName: "node-1", startTime: usage(1).time, memory: usage(1) }, pods: [] }),
    access: new DelegatedAccess({ client, clock: systemClock, log: silentLogger, anonymous: false, cacheMs: 0 }),
    registry: new Registry(),
    healthChecks: [{ name: "syncloop", check: () => {} }],
    configz: () => ({}),
    zpages: new ZPages({ component: "kubelet", definitions: {}, values: {}, clock: systemClock }),
    debuggingHandlers: true,
    systemLogDirectory: directory,
    checkpointHandler: true,
    streamIdleTimeoutMs: 60_000,
    clock: systemClock,
    log: silentLogger,
  });
  stopClient = async () => client[Symbol.asyncDispose]();
});
let stopClient: () => Promise<void>;

after(async () => {
  agent.destroy();
  await server[Symbol.asyncDispose]();
  await stopClient();
  await api[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true });
});

/** Keeps connections apart by their certificates. */
const agent = new Agent({ keepAlive: true });

async function ask(method: string, path: string, { cert, key, token }: Credentials, headers = {}) {
  const request = httpsRequest({
    host: "127.0.0.1",
    port: server.port,
    path,
    method,
    ca: serverCert,
    agent: "Upgrade" in headers ? false : agent,
    ...(cert && key ? { cert, key } : {}),
    headers: { ...headers, ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }) },
  });
  const answered = new Promise<{ status: number; body: string }>((resolve, reject) => {
    request.once("error", reject);
    request.once("response", (response) => {
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
    });
  });
  request.end();
  return answered;
}

const tokenFor = (permission: string): Credentials => ({ token: `may ${permission}`.replaceAll(" ", ":") });
describe("every route, by who asks", { concurrency: 8 }, () => {
  const upgrade = { Connection: "Upgrade", Upgrade: "SPDY/3.1" };

  for (const [method, path, permissions, expected] of routes) {
    test(`${method} ${path}`, async () => {
      const alternatives = permissions.split("|");
      for (const [who, credentials] of Object.entries(strangers)) {
        assert.equal((await ask(method, path, credentials)).status, 401, who);
        // Upgrades are let in by another way through the server.
        if (method !== "HEAD")
          assert.equal((await ask(method, path, credentials, upgrade)).status, 401, `upgrade: ${who}`);
      }
      const verb = `${alternatives[0]?.split(" ")[0]} `;
      const wrong = [...allPermissions].filter((one) => !alternatives.includes(one) && one.startsWith(verb));
      for (const permission of ["nothing", ...wrong]) {
        assert.equal((await ask(method, path, tokenFor(permission))).status, 403, permission);
      }
      if (method !== "HEAD") assert.equal((await ask(method, path, tokenFor("nothing"), upgrade)).status, 403);
      for (const permission of alternatives) {
        const byToken = await ask(method, path, tokenFor(permission));
        assert.equal(byToken.status, expected, `${permission}: ${byToken.body}`);
        assert.equal((await ask(method, path, certified.get(permission) ?? {})).status, expected, permission);
      }
    });
  }
});

test("the node that is asked about is this one", () => {
  assert.ok(reviewed.length > routes.length);
  assert.deepEqual([...new Set(reviewed.map((line) => line.split(" ").at(-1)))], ["node-1"]);
});

test("plain HTTP and other protocols get nothing", async () => {
  for (const bytes of ["GET /pods HTTP/1.1\r\nHost: x\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"]) {
    const socket = connect(server.port, "127.0.0.1");
    assert.ok((socket.address() as Partial<AddressInfo>) !== undefined);
    socket.write(bytes);
    assert.doesNotMatch(await text(socket).catch(() => ""), /200/);
  }
});

test("checkpoints answer as those of a runtime that has none", async () => {
  const by = (path: string) => ask("POST", path, tokenFor("create checkpoint"));
  assert.deepEqual(await by("/checkpoint/default/none/app"), { status: 404, body: "pod does not exist\n" });
  assert.deepEqual(await by("/checkpoint/default/web/none"), { status: 404, body: "container none does not exist\n" });
  assert.equal(
    (await by("/checkpoint/default/web/app?timeout=soon")).body,
    "cannot parse value of timeout parameter\n",
  );
  const { status, body } = await by("/checkpoint/default/web/app?timeout=5");
  assert.equal(status, 500);
  assert.match(body, /^checkpointing of default\/web\/app failed \(rpc error: code = Unimplemented /);
});

test("the node's logs stay in their directory", async () => {
  const outside = mkdtempSync(join(tmpdir(), "kubelet-secret-"));
  try {
    writeFileSync(join(outside, "secret"), "secret\n");
    mkdirSync(join(directory, "pods/web"), { recursive: true });
    symlinkSync(join(outside, "secret"), join(directory, "pods/web/0.log"));
    symlinkSync(outside, join(directory, "way-out"));
    symlinkSync("way-out", join(directory, "first-step"));
    symlinkSync("../syslog", join(directory, "pods/current"));
    symlinkSync("loop", join(directory, "loop"));
    writeFileSync(join(directory, "<b>&"), "");
    const get = (path: string) => ask("GET", path, tokenFor("get log"));
    const refused = [
      "/logs/../secret",
      "/logs/pods/../../../../../../etc/passwd",
      "/logs/%2e%2e/%2e%2e/etc/passwd",
      "/logs/..%2f..%2fetc%2fpasswd",
      `/logs/${encodeURIComponent(join(outside, "secret"))}`,
      "/logs//etc/passwd",
      "/logs/pods/web/0.log",
      "/logs/way-out/",
      "/logs/way-out/secret",
      "/logs/first-step/secret",
      "/logs/loop",
      "/logs/syslog/x",
      "/logs/syslog%00",
      "/logs",
    ];
    for (const path of refused) {
      const { status, body } = await get(path);
      assert.ok(status === 404 || status === 400, `${path}: ${status}`);
      assert.doesNotMatch(body, /secret\n|root:/);
    }
    assert.deepEqual(await get("/logs/syslog"), { status: 200, body: "a line\n" });
    assert.deepEqual(await get("/logs/pods/current"), { status: 200, body: "a line\n" });
    assert.match((await get("/logs/")).body, /^<pre>\n<a href="%3Cb%3E&">&#60;b&#62;&#38;<\/a>\n/);
    assert.match((await get("/logs/pods/")).body, /<a href="web\/">web\/<\/a>/);
  } finally {
    rmSync(outside, { recursive: true });
  }
});
