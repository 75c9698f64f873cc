import assert from "node:assert/strict";
import { test } from "node:test";
import { secrets } from "@kube-ts/api/resource-types";
import { FakeClock } from "@kube-ts/std/clock";
import { RequestAuthenticator } from "../authentication.ts";
import type { AuthenticationOutcome } from "../authenticator.ts";
import { bearerToken } from "../request-credentials.ts";
import { MemoryObjects } from "../testing/memory-objects.ts";
import { negotiableProtocols, webSocketToken } from "../websocket-token.ts";
import { BootstrapTokens } from "./bootstrap-token-authenticator.ts";
import { StaticTokens } from "./static-token-file.ts";
import { anyTokenAuthenticator, forApiAudiences } from "./token-authenticator.ts";
import { reviewToken } from "./token-review.ts";

const signal = new AbortController().signal;

test("a token file gives name, uid and groups", () => {
  const tokens = StaticTokens.parse('t1,alice,1,"dev,ops"\n\nt2, bob ,2\r\n"t,3","a ""b""",3,one\n', "tokens.csv");
  assert.deepEqual(tokens.userOf("t1"), {
    name: "alice",
    uid: "1",
    groups: ["dev", "ops", "system:authenticated"],
    extra: {},
  });
  assert.equal(tokens.userOf("t2")?.uid, "2");
  assert.equal(tokens.userOf("t,3")?.name, 'a "b"');
  for (const token of ["", "t", "t1 ", "T1", "t3"]) assert.equal(tokens.userOf(token), undefined);
});

test("a malformed token file is refused with its name and line", () => {
  assert.throws(
    () => StaticTokens.parse("t1,alice,1\nt2,bob\n", "tokens.csv"),
    /tokens\.csv must have at least 3 columns.*record 2/,
  );
  assert.throws(
    () => StaticTokens.parse('t1,"alice,1\n', "tokens.csv"),
    /tokens\.csv: line 1 has a stray or missing quote/,
  );
});

const encode = (text: string) => Buffer.from(text).toString("base64");

function bootstrap(data: Record<string, string> = {}, type = "bootstrap.kubernetes.io/token") {
  const objects = new MemoryObjects();
  const fields = {
    "token-id": "abcdef",
    "token-secret": "0123456789abcdef",
    "usage-bootstrap-authentication": "true",
    ...data,
  };
  const encoded = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, encode(value)]));
  objects.put(secrets, { metadata: { name: "bootstrap-token-abcdef", namespace: "kube-system" }, type, data: encoded });
  return new BootstrapTokens(objects, new FakeClock(Date.parse("2026-03-01T12:00:00Z")));
}

test("a bootstrap token stands for a new node", () => {
  assert.deepEqual(
    bootstrap({ "auth-extra-groups": "system:bootstrappers:b,system:bootstrappers:a" }).userOf(
      "abcdef.0123456789abcdef",
    ),
    {
      name: "system:bootstrap:abcdef",
      uid: "",
      groups: ["system:bootstrappers", "system:bootstrappers:a", "system:bootstrappers:b", "system:authenticated"],
      extra: {},
    },
  );
  assert.ok(bootstrap({ expiration: "2026-03-01T12:00:01Z" }).userOf("abcdef.0123456789abcdef"));
});

const deadBootstrapTokens: readonly [string, Record<string, string>, string?, string?][] = [
  ["wrong secret", {}, undefined, "abcdef.0123456789abcdee"],
  ["wrong form", {}, undefined, "abcdef.0123456789abcdef0"],
  ["unknown id", {}, undefined, "abcdeg.0123456789abcdef"],
  ["another id inside", { "token-id": "abcdeg" }],
  ["expired", { expiration: "2026-03-01T12:00:00Z" }],
  ["unreadable expiration", { expiration: "soon" }],
  ["not for authentication", { "usage-bootstrap-authentication": "false" }],
  ["a group of the system", { "auth-extra-groups": "system:masters" }],
  ["another type", {}, "Opaque"],
];

for (const [name, data, type, token = "abcdef.0123456789abcdef"] of deadBootstrapTokens) {
  test(`a bootstrap token is not good: ${name}`, () => {
    assert.equal(bootstrap(data, type).userOf(token), undefined);
  });
}

test("bearer tokens are read as upstream reads them", () => {
  assert.equal(bearerToken("Bearer abc"), "abc");
  assert.equal(bearerToken("bearer abc def"), "abc");
  for (const header of [undefined, "", "Bearer", "Bearer ", "Basic abc", "Bearer  abc"]) {
    assert.equal(bearerToken(header), undefined, `header ${header}`);
  }
});

test("browsers pass their token as a WebSocket subprotocol", () => {
  const prefix = "base64url.bearer.authorization.k8s.io.";
  const good = `${prefix}${Buffer.from("tøken").toString("base64url")}`;
  assert.deepEqual(webSocketToken(`v5.channel.k8s.io, ${good}`), { kind: "token", token: "tøken" });
  assert.deepEqual(negotiableProtocols(`v5.channel.k8s.io, ${good}, v4.channel.k8s.io`), [
    "v5.channel.k8s.io",
    "v4.channel.k8s.io",
  ]);
  assert.deepEqual(webSocketToken("v5.channel.k8s.io"), { kind: "none" });
  assert.deepEqual(webSocketToken(undefined), { kind: "none" });
  for (const header of [good, `${good}, ${good}, x`, `${prefix}a+b, x`, `${prefix}abcde, x`, `${prefix}_w, x`]) {
    assert.equal(webSocketToken(header).kind, "malformed", header);
  }
});

const tokens = forApiAudiences(StaticTokens.parse("t1,alice,1", "f"), ["api"]);

test("static tokens are for the API server alone", async () => {
  assert.equal((await tokens.authenticateToken("t1", undefined, signal)).kind, "user");
  const outcome = await tokens.authenticateToken("t1", ["api", "vault"], signal);
  assert.deepEqual(outcome.kind === "user" && outcome.audiences, ["api"]);
  assert.deepEqual(await tokens.authenticateToken("t1", ["vault"], signal), { kind: "unknown" });
});

const refusing = { authenticateToken: (): AuthenticationOutcome => ({ kind: "refused", reason: "no" }) };

test("a refusal does not keep another method from recognising the token", async () => {
  const union = anyTokenAuthenticator([refusing, tokens]);
  assert.equal((await union.authenticateToken("t1", undefined, signal)).kind, "user");
  assert.deepEqual(await union.authenticateToken("t2", undefined, signal), { kind: "refused", reason: "no" });
});

test("certificates come before tokens, and refused credentials are never anonymous", async () => {
  const byCertificate = { name: "cert", uid: "", groups: [], extra: {} };
  const certificates = (outcome: AuthenticationOutcome) => ({ authenticate: () => outcome });
  const authenticate = async (certificate: AuthenticationOutcome, token?: string, anonymous = true) => {
    const authenticator = new RequestAuthenticator({
      certificates: certificates(certificate),
      tokens,
      anonymous: { isAllowed: anonymous },
    });
    const outcome = await authenticator.authenticate({ certificate: undefined, token }, signal);
    return outcome.kind === "user" ? outcome.user.name : outcome.kind === "refused" ? outcome.reason : outcome.kind;
  };
  const bad: AuthenticationOutcome = { kind: "refused", reason: "x509: bad" };
  assert.equal(await authenticate({ kind: "user", user: byCertificate }, "wrong"), "cert");
  assert.equal(await authenticate({ kind: "user", user: byCertificate }, "t1"), "cert");
  assert.equal(await authenticate(bad, "t1"), "alice");
  assert.equal(await authenticate(bad, "wrong"), "[x509: bad, invalid bearer token]");
  assert.equal(await authenticate(bad), "x509: bad");
  assert.equal(await authenticate({ kind: "unknown" }, "wrong"), "invalid bearer token");
  assert.equal(await authenticate({ kind: "unknown" }), "system:anonymous");
  assert.equal(await authenticate({ kind: "unknown" }, undefined, false), "unknown");
});

test("a token review tells who a token is", async () => {
  const review = (token: string, audiences?: string[]) =>
    reviewToken({ metadata: {}, spec: { token, ...(audiences && { audiences }) } }, tokens, ["api"], signal);
  assert.deepEqual((await review("t1")).status, {
    authenticated: true,
    user: { username: "alice", uid: "1", groups: ["system:authenticated"] },
    audiences: ["api"],
  });
  assert.deepEqual((await review("nope")).status, { user: {}, error: "invalid bearer token" });
  assert.deepEqual((await review("t1", ["vault"])).status, { user: {}, error: "invalid bearer token" });
});
