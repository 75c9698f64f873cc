import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { SelfSubjectReview, TokenRequest, TokenReview, UserInfo } from "@kube-ts/api/authentication/v1";
import type { Pod, Secret } from "@kube-ts/api/core/v1";
import { Authority } from "../../deploy/pki/authority.ts";
import { ApiRequests, type RequestOptions } from "../harness/api-requests.ts";
import { eventually } from "../harness/eventually.ts";
import { JsonServer } from "../harness/json-server.ts";
import { OidcIssuer } from "../harness/oidc-issuer.ts";
import { serverForTests } from "../harness/server-for-tests.ts";

// Who gets in, and as whom: an issuer and a webhook on loopback, certificates, tokens of all kinds.

const directory = mkdtempSync(join(tmpdir(), "kube-ts-authentication-"));
const file = (name: string) => join(directory, name);
const issuer = await OidcIssuer.start();
const other = await OidcIssuer.start();
const webhook = await JsonServer.start();

const reviewed: Record<string, object> = {
  "known-token": { authenticated: true, user: { username: "carol", uid: "7", groups: ["web"], extra: { k: ["v"] } } },
  "bad-token": { authenticated: false, error: "the webhook does not like it" },
};
webhook.on("/tokens", (body) => {
  const { spec } = body as TokenReview;
  const status = reviewed[spec.token ?? ""] ?? { authenticated: false };
  return { body: { kind: "TokenReview", apiVersion: "authentication.k8s.io/v1", status } };
});

function writeAuthentication(...issuers: readonly object[]): void {
  writeFileSync(
    file("authentication.yaml"),
    JSON.stringify({
      apiVersion: "apiserver.config.k8s.io/v1",
      kind: "AuthenticationConfiguration",
      jwt: issuers,
      anonymous: { enabled: true, conditions: [{ path: "/readyz" }, { path: "/livez" }] },
    }),
  );
}

const trusting = (each: OidcIssuer) => ({
  issuer: { url: each.url, audiences: ["kubernetes"], certificateAuthority: each.ca },
  claimMappings: {
    username: { expression: "'jwt:' + claims.sub" },
    groups: { claim: "roles", prefix: "role:" },
    extra: [{ key: "example.org/tenant", valueExpression: "claims.?tenant.orValue('')" }],
  },
  claimValidationRules: [{ expression: "claims.exp - claims.iat <= 86400", message: "too long" }],
  userValidationRules: [{ expression: "!user.groups.exists(g, g == 'role:banned')", message: "banned" }],
});

writeAuthentication(trusting(issuer));
writeFileSync(file("tokens.csv"), 'static-token,dave,4,"a,b"\n');
const first = await Authority.open(file("first"), "ca", "first");
const second = await Authority.open(file("second"), "ca", "second");

const server = serverForTests({
  extraArgs: [
    `--authentication-config=${file("authentication.yaml")}`,
    `--authentication-token-webhook-config-file=${webhook.kubeconfig("/tokens")}`,
    "--authentication-token-webhook-version=v1",
    `--token-auth-file=${file("tokens.csv")}`,
    "--enable-bootstrap-token-auth",
    `--client-ca-file=${file("clients.pem")}`,
  ],
  prepare: async () => {
    // The administrator's authority counts, too.
    writeFileSync(file("clients.pem"), readFileSync(server.ca, "utf8") + readFileSync(first.certFile, "utf8"));
    await eventually("the administrator is known", async () => typeof (await selfReview({})) === "object");
    await eventually("the issuer's keys are known", async () => (await whoami(issuer.token({ sub: "x" }))) !== 401);
  },
});
copyFileSync(first.certFile, file("clients.pem"));
const api = new ApiRequests(server);

after(async () => {
  await Promise.all([issuer, other, webhook].map((each) => each[Symbol.asyncDispose]()));
  rmSync(directory, { recursive: true, force: true });
});

async function selfReview(options: RequestOptions): Promise<UserInfo | number> {
  const body = { kind: "SelfSubjectReview", apiVersion: "authentication.k8s.io/v1" };
  const answer = await api.ask("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", { ...options, body });
  if (answer.code !== 201) return answer.code;
  return (JSON.parse(answer.text) as SelfSubjectReview).status?.userInfo ?? 0;
}

function whoami(token: string): Promise<UserInfo | number> {
  return selfReview({ as: { token } });
}

async function nameOf(token: string): Promise<string | number> {
  const user = await whoami(token);
  return typeof user === "number" ? user : (user.username ?? "");
}

async function reviewToken(token: string, audiences?: readonly string[]): Promise<TokenReview["status"]> {
  const body = { kind: "TokenReview", apiVersion: "authentication.k8s.io/v1", spec: { token, audiences } };
  return (await api.json<TokenReview>("POST", "/apis/authentication.k8s.io/v1/tokenreviews", { body })).status;
}

test("a token of an issuer is a user", async () => {
  const user = await whoami(issuer.token({ sub: "alice", roles: ["dev"], tenant: "t1", jti: "j1" }));
  assert.deepEqual(user, {
    username: "jwt:alice",
    groups: ["role:dev", "system:authenticated"],
    extra: { "authentication.kubernetes.io/credential-id": ["JTI=j1"], "example.org/tenant": ["t1"] },
  });
});

test("tokens that the configuration does not want are refused, and a review says why", async () => {
  const nowSeconds = Math.floor(Date.now() / 1000);
  const cases: readonly [Record<string, unknown>, RegExp][] = [
    [{ sub: "a", aud: "vault" }, /expected audience "kubernetes" got \["vault"\]/],
    [{ sub: "a", exp: nowSeconds - 10 }, /token is expired/],
    [{ sub: "a", exp: nowSeconds + 200_000 }, /failed: too long/],
    [{ sub: "a", roles: ["banned"] }, /failed: banned/],
    [{}, /no such key: sub/],
  ];
  for (const [claims, reason] of cases) {
    const token = issuer.token(claims);
    assert.equal(await nameOf(token), 401);
    const status = await reviewToken(token);
    assert.match(status?.error ?? "", reason);
    assert.equal(status?.authenticated, undefined);
  }
  const good = issuer.token({ sub: "alice" });
  const flipped = good.slice(0, -2) + (good.endsWith("AA") ? "BB" : "AA");
  assert.equal(await nameOf(flipped), 401);
  assert.equal(await nameOf(other.token({ sub: "alice" })), 401);
});

test("a rotated key is found", async () => {
  const before = issuer.token({ sub: "bob" });
  assert.equal(await nameOf(before), "jwt:bob");
  issuer.rotate("two");
  await eventually(
    "the new key counts",
    () => nameOf(issuer.token({ sub: "bob" })),
    (name) => name === "jwt:bob",
  );
});

test("the issuers are those of the file as it is now", async () => {
  writeAuthentication(trusting(issuer), trusting(other));
  const both = async () => [await nameOf(issuer.token({ sub: "x" })), await nameOf(other.token({ sub: "y" }))].join();
  await eventually("both issuers count", both, (names) => names === "jwt:x,jwt:y");
  writeFileSync(file("authentication.yaml"), "kind: Nonsense");
  await eventually(
    "the failure is counted",
    async () => (await api.ask("GET", "/metrics")).text,
    (text) =>
      /apiserver_authentication_config_controller_automatic_reloads_total\{[^}]*status="failure"[^}]*\} 1/.test(text),
  );
  assert.equal(await both(), "jwt:x,jwt:y");
  writeAuthentication(trusting(other));
  await eventually("one issuer is left", both, (names) => names === "401,jwt:y");
  writeAuthentication(trusting(issuer));
  await eventually("the other issuer is left", both, (names) => names === "jwt:x,401");
});

test("a webhook knows tokens, and is not asked twice", async () => {
  assert.deepEqual(await whoami("known-token"), {
    username: "carol",
    uid: "7",
    groups: ["web", "system:authenticated"],
    extra: { k: ["v"] },
  });
  assert.equal(await nameOf("known-token"), "carol");
  const asked = webhook.of<TokenReview>("/tokens").filter(({ spec }) => spec.token === "known-token");
  assert.equal(asked.length, 1);
  assert.deepEqual(asked[0]?.spec.audiences, ["https://kubernetes.default.svc"]);
  assert.equal(await nameOf("bad-token"), 401);
  assert.match((await reviewToken("bad-token"))?.error ?? "", /the webhook does not like it/);
  assert.equal(await nameOf("nobody's-token"), 401);
});

test("a token of the file is a user for this server alone", async () => {
  assert.deepEqual(await whoami("static-token"), {
    username: "dave",
    uid: "4",
    groups: ["a", "b", "system:authenticated"],
  });
  assert.deepEqual((await reviewToken("static-token"))?.audiences, ["https://kubernetes.default.svc"]);
  assert.equal((await reviewToken("static-token", ["vault"]))?.authenticated, undefined);
});

test("anonymous requests get to the paths that the configuration names", async () => {
  const code = async (path: string) => (await api.ask("GET", path, { as: "anonymous" })).code;
  assert.equal(await code("/readyz"), 200);
  assert.equal(await code("/livez?verbose"), 200);
  for (const path of ["/healthz", "/version", "/readyz/ping", "/api", "/"]) assert.equal(await code(path), 401);
});

test("a certificate counts as long as its authority does, on connections that exist, too", async () => {
  const client = (authority: Authority, name: string) =>
    authority.issue(name, { commonName: name, organizations: ["team"], usages: ["client"] });
  const erin = await client(first, "erin");
  const frank = await client(second, "frank");
  const names = async () =>
    (await Promise.all([selfReview({ as: erin }), selfReview({ as: frank })]))
      .map((user) => (typeof user === "number" ? user : user.username))
      .join();
  await eventually("the first authority counts", names, (text) => text === "erin,401");
  const kept = new Agent({ keepAlive: true, maxSockets: 1, ca: readFileSync(server.ca) });
  const onKept = () =>
    new Promise<{ code: number; reused: boolean }>((resolve, reject) => {
      const identity = { cert: readFileSync(erin.cert), key: readFileSync(erin.key) };
      const sent = request(`${server.url}/api`, { agent: kept, ...identity }, (answer) => {
        answer.resume();
        answer.on("end", () => resolve({ code: answer.statusCode ?? 0, reused: sent.reusedSocket }));
      });
      sent.on("error", reject);
      sent.end();
    });
  assert.equal((await onKept()).code, 200);
  writeFileSync(file("clients.pem"), readFileSync(server.ca, "utf8") + readFileSync(second.certFile, "utf8"));
  await eventually("the second authority counts", names, (text) => text === "401,frank");
  assert.deepEqual(await onKept(), { code: 401, reused: true });
  kept.destroy();
  writeFileSync(file("clients.pem"), "not a certificate");
  assert.equal(await names(), "401,frank");
});

test("bootstrap tokens are good while their secret is", async () => {
  const secrets = "/api/v1/namespaces/kube-system/secrets";
  const secret: Secret = {
    metadata: { name: "bootstrap-token-abcdef" },
    type: "bootstrap.kubernetes.io/token",
    stringData: {
      "token-id": "abcdef",
      "token-secret": "0123456789abcdef",
      "usage-bootstrap-authentication": "true",
      "auth-extra-groups": "system:bootstrappers:workers",
    },
  };
  assert.equal((await api.ask("POST", secrets, { body: { kind: "Secret", apiVersion: "v1", ...secret } })).code, 201);
  assert.deepEqual(await whoami("abcdef.0123456789abcdef"), {
    username: "system:bootstrap:abcdef",
    groups: ["system:bootstrappers", "system:bootstrappers:workers", "system:authenticated"],
  });
  const body = JSON.stringify({ stringData: { expiration: "2020-01-01T00:00:00Z" } });
  const headers = { "Content-Type": "application/merge-patch+json" };
  await api.ask("PATCH", `${secrets}/bootstrap-token-abcdef`, { body, headers });
  assert.equal(await nameOf("abcdef.0123456789abcdef"), 401);
});

const namespace = "/api/v1/namespaces/default";

async function tokenFor(account: string, spec: object = {}): Promise<string> {
  const body = { kind: "TokenRequest", apiVersion: "authentication.k8s.io/v1", spec };
  const answer = await api.json<TokenRequest>("POST", `${namespace}/serviceaccounts/${account}/token`, { body });
  assert.ok(answer.status?.token, JSON.stringify(answer));
  return answer.status.token;
}

async function create(path: string, body: object): Promise<void> {
  const answer = await api.ask("POST", path, { body });
  assert.equal(answer.code, 201, answer.text);
}

test("tokens of service accounts end with what they are bound to", async () => {
  const account = (name: string) => ({ kind: "ServiceAccount", apiVersion: "v1", metadata: { name } });
  await create(`${namespace}/serviceaccounts`, account("builder"));
  await create("/api/v1/nodes", { kind: "Node", apiVersion: "v1", metadata: { name: "n1" } });
  const pod: Pod & { kind: string; apiVersion: string } = {
    kind: "Pod",
    apiVersion: "v1",
    metadata: { name: "p" },
    spec: { serviceAccountName: "builder", nodeName: "n1", containers: [{ name: "c", image: "i" }] },
  };
  await create(`${namespace}/pods`, pod);
  await create(`${namespace}/secrets`, { kind: "Secret", apiVersion: "v1", metadata: { name: "s" } });
  const bound = (kind: string, name: string) =>
    tokenFor("builder", { boundObjectRef: { kind, apiVersion: "v1", name } });
  const free = await tokenFor("builder");
  const [ofPod, ofSecret, ofNode] = [await bound("Pod", "p"), await bound("Secret", "s"), await bound("Node", "n1")];
  const user = await whoami(ofPod);
  assert.ok(typeof user === "object");
  assert.equal(user.username, "system:serviceaccount:default:builder");
  const key = (name: string) => user.extra?.[`authentication.kubernetes.io/${name}`]?.[0] ?? "";
  assert.equal(key("pod-name"), "p");
  assert.equal(key("node-name"), "n1");
  assert.match(key("credential-id"), /^JTI=[0-9a-f-]{36}$/);
  assert.match(key("node-uid"), /^[0-9a-f-]{36}$/);
  for (const token of [ofSecret, ofNode, free]) assert.equal(await nameOf(token), user.username);

  const gone = async (path: string, token: string) => {
    assert.equal((await api.ask("DELETE", path)).code, 200);
    assert.equal(await nameOf(token), 401, path);
  };
  await gone(`${namespace}/pods/p?gracePeriodSeconds=0`, ofPod);
  await gone(`${namespace}/secrets/s`, ofSecret);
  await gone("/api/v1/nodes/n1", ofNode);
  await gone(`${namespace}/serviceaccounts/builder`, free);
});

test("a token is for its audiences", async () => {
  await create(`${namespace}/serviceaccounts`, {
    kind: "ServiceAccount",
    apiVersion: "v1",
    metadata: { name: "reader" },
  });
  const token = await tokenFor("reader", { audiences: ["vault"] });
  assert.equal(await nameOf(token), 401);
  assert.match(
    (await reviewToken(token))?.error ?? "",
    /token audiences \["vault"\] is invalid for the target audiences \["https:\/\/kubernetes\.default\.svc"\]/,
  );
  const status = await reviewToken(token, ["vault", "other"]);
  assert.equal(status?.user?.username, "system:serviceaccount:default:reader");
  assert.deepEqual(status?.audiences, ["vault"]);
});

test("a token review needs a token", async () => {
  const body = { kind: "TokenReview", apiVersion: "authentication.k8s.io/v1", spec: {} };
  const answer = await api.ask("POST", "/apis/authentication.k8s.io/v1/tokenreviews", { body });
  assert.equal(answer.code, 400);
});
