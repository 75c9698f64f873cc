import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { TokenRequest } from "@kube-ts/api/authentication/v1";
import { ApiRequests, type RequestOptions } from "../harness/api-requests.ts";
import { eventually } from "../harness/eventually.ts";
import { JsonServer } from "../harness/json-server.ts";
import { OidcIssuer } from "../harness/oidc-issuer.ts";
import { serverForTests } from "../harness/server-for-tests.ts";

// Tokens, keys and the data of secrets appear in no log at the highest verbosity, in no error and in no metric.

const directory = mkdtempSync(join(tmpdir(), "kube-ts-secrets-"));
const file = (name: string) => join(directory, name);
const issuer = await OidcIssuer.start();
const hooks = await JsonServer.start();
after(async () => {
  await Promise.all([issuer[Symbol.asyncDispose](), hooks[Symbol.asyncDispose]()]);
  rmSync(directory, { recursive: true, force: true });
});

// Webhooks that repeat what they are sent, as failing servers do.
hooks.on("/tokens", (body) => ({ status: 400, body: { kind: "Status", message: JSON.stringify(body) } }));
hooks.on("/access", (body) => ({ status: 400, body: { kind: "Status", message: JSON.stringify(body) } }));

/** Everything that must not be seen, by what it is. */
const hidden = new Map<string, string>();
function hide(what: string, text: string): string {
  hidden.set(what, text);
  return text;
}

const staticToken = hide("a static token", "s3cr3t-static-token");
writeFileSync(file("tokens.csv"), `${staticToken},dave,4,"a,b"\n`);

const server = serverForTests({
  withoutFlags: ["--authorization-mode"],
  extraArgs: [
    "-v=10",
    "--authorization-mode=Node,RBAC,Webhook",
    `--authorization-webhook-config-file=${hooks.kubeconfig("/access")}`,
    `--authentication-token-webhook-config-file=${hooks.kubeconfig("/tokens")}`,
    `--oidc-issuer-url=${issuer.url}`,
    "--oidc-client-id=kubernetes",
    `--oidc-ca-file=${issuer.server.caFile}`,
    "--oidc-signing-algs=ES256",
    `--token-auth-file=${file("tokens.csv")}`,
    "--enable-bootstrap-token-auth",
    "--enable-admission-plugins=NodeRestriction",
  ],
});
const api = new ApiRequests(server);

/** What clients were told. */
const answers: string[] = [];

async function ask(method: string, path: string, options: RequestOptions = {}): Promise<number> {
  const { code, text } = await api.ask(method, path, options);
  if (code >= 400) answers.push(text);
  return code;
}

const namespace = "/api/v1/namespaces/default";
const secrets = `${namespace}/secrets`;
const secret = (name: string, fields: object) => ({ kind: "Secret", apiVersion: "v1", metadata: { name }, ...fields });
const reviews = "/apis/authentication.k8s.io/v1/tokenreviews";

test("credentials of every kind, good and bad, are used", async () => {
  assert.equal(await ask("GET", "/api", { as: { token: staticToken } }), 200);
  await ask("GET", secrets, { as: { token: staticToken } });
  for (const [what, token] of [
    ["a token nobody knows", "unkn0wn-t0ken"],
    ["a token with a dot", "abcdef.0123456789abcdee"],
    ["what looks like a signed token", "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJ4In0.c2lnbmF0dXJl"],
    ["an expired token", issuer.token({ sub: "x", exp: 1 })],
    ["a token for others", issuer.token({ sub: "x", aud: "vault" })],
    ["a token without a name", issuer.token({})],
  ] as const) {
    hide(what, token);
    assert.equal(await ask("GET", "/api", { as: { token } }), 401);
    const headers = {
      "Sec-WebSocket-Protocol": `base64url.bearer.authorization.k8s.io.${token}`,
      Upgrade: "websocket",
    };
    await ask("GET", `${namespace}/pods/x/exec?command=ls`, { as: "anonymous", headers });
    const { text } = await api.ask("POST", reviews, {
      body: { kind: "TokenReview", apiVersion: "authentication.k8s.io/v1", spec: { token } },
    });
    // A review repeats what it was asked; what it answers must not.
    answers.push(JSON.stringify((JSON.parse(text) as { status?: unknown }).status));
  }
  const good = hide("a good token of an issuer", issuer.token({ sub: "eve" }));
  await eventually(
    "the issuer's keys are known",
    () => ask("GET", "/api", { as: { token: good } }),
    (code) => code === 200,
  );
  await ask("DELETE", secrets, { as: { token: good } });
  const review = { kind: "TokenReview", apiVersion: "authentication.k8s.io/v1", spec: { token: good, audiences: 7 } };
  await ask("POST", reviews, { body: review });
});

test("tokens of service accounts are made and end", async () => {
  const account = { kind: "ServiceAccount", apiVersion: "v1", metadata: { name: "builder" } };
  assert.equal(await ask("POST", `${namespace}/serviceaccounts`, { body: account }), 201);
  const request = { kind: "TokenRequest", apiVersion: "authentication.k8s.io/v1", spec: { expirationSeconds: 600 } };
  const path = `${namespace}/serviceaccounts/builder/token`;
  const { status } = await api.json<TokenRequest>("POST", path, { body: request });
  const token = hide("a token of a service account", status?.token ?? "");
  assert.ok(token);
  assert.equal(await ask("GET", "/api", { as: { token } }), 200);
  await ask("GET", secrets, { as: { token } });
  await ask("DELETE", `${namespace}/serviceaccounts/builder`);
  assert.equal(await ask("GET", "/api", { as: { token } }), 401);
});

test("secrets are written well and badly", async () => {
  const text = hide("the data of a secret", "pl4in-s3cret-data");
  hide("the beginning of the data of a secret", text.slice(0, 8));
  const base64 = hide("the same as it is sent", Buffer.from(text).toString("base64"));
  assert.equal(await ask("POST", secrets, { body: secret("good", { data: { k: base64 } }) }), 201);
  const patch = (body: string, type: string) =>
    ask("PATCH", `${secrets}/good`, { body, headers: { "Content-Type": `application/${type}` } });
  const stringData = { k: text };
  const bad: readonly (() => Promise<number>)[] = [
    () => ask("POST", secrets, { body: secret("good", { stringData }) }),
    () => ask("POST", secrets, { body: secret("Bad_Name", { stringData }) }),
    () => ask("POST", secrets, { body: secret("bad", { type: "kubernetes.io/tls", stringData }) }),
    () =>
      ask("POST", secrets, {
        body: secret("bad", { type: "kubernetes.io/basic-auth", stringData: { "k/": text } }),
      }),
    () =>
      ask("POST", secrets, {
        body: secret("bad", { type: "kubernetes.io/dockerconfigjson", stringData: { ".dockerconfigjson": text } }),
      }),
    () => ask("POST", secrets, { body: secret("bad", { data: { k: text } }) }),
    () => ask("POST", secrets, { body: secret("bad", { data: { k: [text] } }) }),
    () => ask("POST", secrets, { body: secret("bad", { data: text }) }),
    () => ask("POST", `${secrets}?fieldValidation=Strict`, { body: secret("bad", { stringData, unknown: text }) }),
    () => ask("POST", secrets, { body: `{"kind":"Secret","apiVersion":"v1","stringData":{"k":"${text}"` }),
    () => ask("POST", secrets, { body: `{"kind":"Secret","apiVersion":"v1","stringData":{"k":${text}}}` }),
    () =>
      ask("POST", secrets, {
        body: `kind: Secret\nstringData: {k: ${text}\n`,
        headers: { "Content-Type": "application/yaml" },
      }),
    () => ask("POST", secrets, { body: secret("bad", { stringData: { k: text + "x".repeat(1_100_000) } }) }),
    () => patch(JSON.stringify([{ op: "test", path: "/data/k", value: base64 + "x" }]), "json-patch+json"),
    () => patch(JSON.stringify([{ op: "add", path: "/data/n", value: [text] }]), "json-patch+json"),
    () => patch(JSON.stringify({ data: { n: text } }), "merge-patch+json"),
    () => patch(JSON.stringify({ data: { n: { x: text } } }), "strategic-merge-patch+json"),
    () => patch(`{"data":{"n":"${text}`, "merge-patch+json"),
    () =>
      ask("PUT", `${secrets}/good`, { body: { ...secret("good", { stringData, immutable: true }), type: "other" } }),
  ];
  const codes: number[] = [];
  for (const attempt of bad) codes.push(await attempt());
  assert.deepEqual(
    codes.filter((code) => code < 400 || code >= 500),
    [],
  );
  assert.equal(await ask("DELETE", `${secrets}/good`), 200);
});

test("a bootstrap token comes and goes", async () => {
  const token = hide("a bootstrap token", "abcdef.9876543210fedcba");
  const body = secret("bootstrap-token-abcdef", {
    type: "bootstrap.kubernetes.io/token",
    stringData: {
      "token-id": "abcdef",
      "token-secret": hide("its secret half", "9876543210fedcba"),
      "usage-bootstrap-authentication": "true",
    },
  });
  assert.equal(await ask("POST", "/api/v1/namespaces/kube-system/secrets", { body }), 201);
  assert.equal(await ask("GET", "/api", { as: { token } }), 200);
  await ask("GET", secrets, { as: { token } });
});

test("nothing of it was said to anybody", async () => {
  hide("the token for webhooks", "of-the-api-server");
  const pki = join(server.directory, "pki");
  for (const name of ["apiserver.key", "sa.key", "admin.key"]) {
    const lines = readFileSync(join(pki, name), "utf8").split("\n");
    hide(`the key ${name}`, lines[2] ?? lines[1] ?? "");
  }
  const log = readFileSync(join(server.directory, "kube-apiserver.log"), "utf8");
  assert.match(log, /"level":"debug"/);
  const metrics = (await api.ask("GET", "/metrics")).text;
  assert.match(metrics, /apiserver_request_total/);
  assert.ok(answers.length > 30, String(answers.length));
  const places = new Map([
    ["the log", log.split("\n")],
    ["a metric", metrics.split("\n")],
    ["an answer", answers],
  ]);
  const found: string[] = [];
  for (const [what, text] of hidden) {
    assert.ok(text.length >= 8, what);
    // The signature is what makes a signed token one.
    const part = text.split(".")[2] ?? text;
    for (const [place, lines] of places) {
      for (const line of lines) if (line.includes(part)) found.push(`${what} is in ${place}: ${line}`);
    }
  }
  assert.deepEqual(found, []);
});
