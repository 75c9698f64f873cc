import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { nodes } from "@kube-ts/api/resource-types";
import { FakeClock } from "@kube-ts/std/clock";
import type { ClientAuth, ClientConfig, ExecPlugin } from "./client-config.ts";
import { createCredentials } from "./credentials.ts";
import { createClient } from "./rest-client.ts";
import { sendJson, TinyServer } from "./testing/tiny-server.ts";

const never = new AbortController().signal;

function configFor(auth: ClientAuth, overrides: Partial<ClientConfig> = {}): ClientConfig {
  return { server: "https://h", namespace: "default", tls: {}, auth, ...overrides };
}

async function temporaryDirectory(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "credentials-test-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

function plugin(script: string, overrides: Partial<ExecPlugin> = {}): ClientAuth {
  return {
    kind: "exec",
    plugin: {
      apiVersion: "client.authentication.k8s.io/v1",
      command: "/bin/sh",
      args: ["-c", script],
      env: {},
      installHint: "",
      provideClusterInfo: false,
      interactiveMode: "Never",
      ...overrides,
    },
  };
}

function printCredential(status: Readonly<Record<string, string>>): string {
  const credential = { kind: "ExecCredential", apiVersion: "client.authentication.k8s.io/v1", status };
  return `printf %s '${JSON.stringify(credential)}'`;
}

test("a rotated token file is taken up, and a vanished one keeps the last token", async () => {
  await using directory = await temporaryDirectory();
  const path = join(directory.path, "token");
  await writeFile(path, "one\n");
  const clock = new FakeClock();
  const credentials = createCredentials(configFor({ kind: "tokenFile", path }), clock);
  assert.deepEqual(await credentials.headers(never), { authorization: "Bearer one" });
  await writeFile(path, "two");
  assert.deepEqual(await credentials.headers(never), { authorization: "Bearer one" });
  await clock.advance(10_000);
  assert.deepEqual(await credentials.headers(never), { authorization: "Bearer two" });
  await rm(path);
  await clock.advance(10_000);
  assert.deepEqual(await credentials.headers(never), { authorization: "Bearer two" });
  const missing = createCredentials(configFor({ kind: "tokenFile", path }), clock);
  await assert.rejects(missing.headers(never), { name: "KubeconfigError" });
});

test("basic credentials and impersonation become headers", async () => {
  const auth: ClientAuth = { kind: "basic", username: "u", password: "p:x" };
  const impersonate = { user: "bob", uid: "7", groups: ["a", "b"], extra: { "Example.com/Scope": ["s"] } };
  const credentials = createCredentials(configFor(auth, { impersonate }), new FakeClock());
  assert.deepEqual(await credentials.headers(never), {
    authorization: `Basic ${Buffer.from("u:p:x").toString("base64")}`,
    "impersonate-user": "bob",
    "impersonate-uid": "7",
    "impersonate-group": ["a", "b"],
    "impersonate-extra-example.com%2Fscope": ["s"],
  });
});

test("a plugin runs once for all who wait, and again when its credential expires", async () => {
  await using directory = await temporaryDirectory();
  const runs = join(directory.path, "runs");
  const credential = printCredential({ token: "t", expirationTimestamp: "1970-01-01T00:01:00Z" });
  const auth = plugin(`echo run >> ${runs}; printf '%s\\n' "$KUBERNETES_EXEC_INFO" > ${runs}.info; ${credential}`, {
    provideClusterInfo: true,
  });
  const clock = new FakeClock();
  const credentials = createCredentials(configFor(auth, { tls: { ca: { text: "CA" }, serverName: "n" } }), clock);
  const answers = await Promise.all([credentials.headers(never), credentials.headers(never)]);
  assert.deepEqual(answers, [{ authorization: "Bearer t" }, { authorization: "Bearer t" }]);
  assert.equal(await readFile(runs, "utf8"), "run\n");
  assert.deepEqual(JSON.parse(await readFile(`${runs}.info`, "utf8")), {
    kind: "ExecCredential",
    apiVersion: "client.authentication.k8s.io/v1",
    spec: {
      interactive: false,
      cluster: { server: "https://h", "tls-server-name": "n", "certificate-authority-data": "Q0E=" },
    },
  });
  await clock.advance(60_000);
  await credentials.headers(never);
  assert.equal(await readFile(runs, "utf8"), "run\nrun\n");
});

test("a plugin may answer with a certificate", async () => {
  const auth = plugin(printCredential({ clientCertificateData: "CERT", clientKeyData: "KEY" }));
  const credentials = createCredentials(configFor(auth), new FakeClock());
  assert.deepEqual(await credentials.certificate(never), { cert: "CERT", key: "KEY" });
  assert.deepEqual(await credentials.headers(never), {});
});

test("a plugin that fails says why", async () => {
  const failures: readonly (readonly [ClientAuth, RegExp])[] = [
    [plugin("exit 3"), /executable \/bin\/sh failed with exit code 3/],
    [plugin("echo nonsense"), /not an ExecCredential/],
    [plugin(printCredential({})), /didn't return a token or cert\/key pair/],
    [
      plugin(printCredential({ token: "t" }), { apiVersion: "client.authentication.k8s.io/v1beta1" }),
      /plugin returned/,
    ],
    [plugin("", { command: "no-such-login-plugin", installHint: "install it" }), /not found\n\ninstall it/],
    [plugin("head -c 2000000 /dev/zero"), /wrote more than/],
  ];
  for (const [auth, message] of failures) {
    const credentials = createCredentials(configFor(auth), new FakeClock());
    await assert.rejects(credentials.headers(never), { name: "KubeconfigError", message });
  }
});

test("a refused token is read again, once", async () => {
  await using directory = await temporaryDirectory();
  const path = join(directory.path, "token");
  await writeFile(path, "old");
  await using server = await TinyServer.start((request, response) => {
    if (request.headers.authorization === "Bearer new") sendJson(response, 200, { metadata: { name: "n" } });
    else response.writeHead(401).end("Unauthorized");
  });
  const config = configFor({ kind: "tokenFile", path }, { server: server.url });
  await using client = createClient(config, { userAgent: "test" });
  await assert.rejects(client.resource(nodes).get({ name: "n" }), /provide credentials/);
  assert.equal(server.requests.length, 2);
  await writeFile(path, "new");
  await client.resource(nodes).get({ name: "n" });
  assert.equal(server.requests.length, 4);
});
