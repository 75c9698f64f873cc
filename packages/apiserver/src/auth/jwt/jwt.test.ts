import assert from "node:assert/strict";
import { test } from "node:test";
import { aggregateFieldErrors } from "@kube-ts/api/field-error";
import { FakeClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { type CryptoKey, type JWTPayload, SignJWT, exportJWK, generateKeyPair } from "jose";
import type { AuthenticationOutcome } from "../authenticator.ts";
import { type JwtAuthenticatorConfig, decodeAuthenticationConfiguration } from "./authentication-configuration.ts";
import { compileAuthentication } from "./compile-authentication.ts";
import { IssuerKeys } from "./issuer-keys.ts";
import { JwtAuthenticator } from "./jwt-authenticator.ts";
import { signingAlgorithms } from "./jwt-authenticators.ts";

const signal = new AbortController().signal;
const issuerUrl = "https://issuer.example.com";
const startMs = Date.parse("2026-03-01T12:00:00Z");
const nowSeconds = startMs / 1000;

const plain: JwtAuthenticatorConfig = {
  issuer: { url: issuerUrl, audiences: ["me"] },
  claimMappings: { username: { claim: "sub", prefix: "oidc:" } },
};

function compile(...jwt: readonly JwtAuthenticatorConfig[]) {
  const text = JSON.stringify({
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "AuthenticationConfiguration",
    jwt,
  });
  return compileAuthentication(decodeAuthenticationConfiguration(text, "f"), ["https://kubernetes.default.svc"]);
}

const pairs = new Map<string, ReturnType<typeof generateKeyPair>>();

/** Keys are costly to make: each is made once. */
function pairOf(id: string, algorithm: string): ReturnType<typeof generateKeyPair> {
  const pair = pairs.get(id) ?? generateKeyPair(algorithm, { extractable: true });
  pairs.set(id, pair);
  return pair;
}

/** An issuer without a network. */
class Issuer {
  readonly clock = new FakeClock(startMs);
  readonly keys: IssuerKeys;
  readonly #published: object[] = [];
  readonly #signing = new Map<string, CryptoKey>();
  fetches = 0;
  isDown = false;

  constructor() {
    this.keys = new IssuerKeys({
      issuerUrl,
      discoveryUrl: "",
      fetch: (url) => this.#answer(url),
      clock: this.clock,
      log: silentLogger,
    });
  }

  async addKey(id: string, algorithm = "RS256"): Promise<void> {
    const { publicKey, privateKey } = await pairOf(id, algorithm);
    this.#published.push({ ...(await exportJWK(publicKey)), kid: id, alg: algorithm, use: "sig" });
    this.#signing.set(id, privateKey);
  }

  dropKey(id: string): void {
    this.#published.splice(
      this.#published.findIndex((key) => (key as { kid: string }).kid === id),
      1,
    );
  }

  sign(claims: JWTPayload, id = "one", algorithm = "RS256"): Promise<string> {
    const key = this.#signing.get(id);
    assert.ok(key);
    const all = { iss: issuerUrl, aud: "me", sub: "alice", exp: nowSeconds + 3_600, ...claims };
    return new SignJWT(all).setProtectedHeader({ alg: algorithm, kid: id }).sign(key);
  }

  #answer(url: string): Promise<unknown> {
    if (this.isDown) return Promise.reject(new Error("down"));
    if (url.endsWith("/.well-known/openid-configuration")) {
      return Promise.resolve({ issuer: issuerUrl, jwks_uri: `${issuerUrl}/keys` });
    }
    this.fetches += 1;
    return Promise.resolve({ keys: this.#published });
  }
}

async function set(changes: Partial<JwtAuthenticatorConfig> = {}) {
  const issuer = new Issuer();
  await issuer.addKey("one");
  await issuer.keys.run(signal);
  const { authenticators, errors } = compile({ ...plain, ...changes });
  assert.deepEqual(errors, []);
  const [config] = authenticators;
  assert.ok(config);
  const authenticator = new JwtAuthenticator({
    config,
    keys: issuer.keys,
    algorithms: signingAlgorithms,
    apiAudiences: ["api"],
    clock: issuer.clock,
  });
  const ask = async (claims: JWTPayload, id?: string) =>
    authenticator.authenticateToken(await issuer.sign(claims, id), undefined, signal);
  return { issuer, authenticator, ask };
}

function reasonOf(outcome: AuthenticationOutcome): string {
  return outcome.kind === "refused" ? outcome.reason : outcome.kind;
}

test("claims become a user", async () => {
  const { ask, authenticator, issuer } = await set({
    claimMappings: {
      username: { claim: "sub", prefix: "oidc:" },
      groups: { claim: "roles", prefix: "role:" },
      uid: { claim: "oid" },
      extra: [{ key: "example.org/tenant", valueExpression: "claims.tenant" }],
    },
  });
  const outcome = await ask({ roles: ["a", "b"], oid: "u-1", tenant: "t", jti: "id-1" });
  assert.ok(outcome.kind === "user");
  const { extra, ...user } = outcome.user;
  assert.deepEqual(user, { name: "oidc:alice", groups: ["role:a", "role:b", "system:authenticated"], uid: "u-1" });
  assert.deepEqual(
    { ...extra },
    { "authentication.kubernetes.io/credential-id": ["JTI=id-1"], "example.org/tenant": ["t"] },
  );
  assert.deepEqual(outcome.audiences, ["api"]);
  const token = await issuer.sign({ oid: "u", tenant: "t" });
  assert.equal((await authenticator.authenticateToken(token, ["vault"], signal)).kind, "unknown");
  assert.equal((await authenticator.authenticateToken(token, ["api", "vault"], signal)).kind, "user");
});

test("expressions make users, too", async () => {
  const { ask } = await set({
    claimMappings: {
      username: { expression: "claims.email_verified ? 'mail:' + claims.email : ''" },
      groups: { expression: "claims.roles.split(',')" },
      uid: { expression: "claims.?oid.orValue('none')" },
    },
    userValidationRules: [{ expression: "!user.username.startsWith('system:')", message: "reserved" }],
  });
  const outcome = await ask({ email: "a@example.com", email_verified: true, roles: "x,,y" });
  assert.ok(outcome.kind === "user");
  assert.equal(outcome.user.name, "mail:a@example.com");
  assert.deepEqual(outcome.user.groups, ["x", "y", "system:authenticated"]);
  assert.equal(outcome.user.uid, "none");
});

const refused: readonly [string, Partial<JwtAuthenticatorConfig>, JWTPayload, RegExp][] = [
  ["another audience", {}, { aud: ["you"] }, /verify token: oidc: expected audience "me" got \["you"\]$/],
  ["expired", {}, { exp: nowSeconds - 1 }, /verify token: oidc: token is expired/],
  ["without an end", {}, { exp: undefined }, /verify token: oidc: token is expired/],
  ["not yet valid", {}, { nbf: nowSeconds + 61 }, /before the nbf \(not before\) time/],
  ["without a name", {}, { sub: undefined }, /^oidc: parse username claims "sub": claim not present$/],
  [
    "with a claim that is not the one required",
    { claimValidationRules: [{ claim: "hd", requiredValue: "example.com" }] },
    { hd: "other" },
    /^oidc: required claim hd value does not match\. Got = other, want = example\.com$/,
  ],
  [
    "without a required claim",
    { claimValidationRules: [{ claim: "hd", requiredValue: "x" }] },
    {},
    /^oidc: required claim hd not present in ID token$/,
  ],
  [
    "that a rule does not want",
    { claimValidationRules: [{ expression: "claims.exp - claims.nbf <= 86400", message: "too long" }] },
    { exp: nowSeconds + 200_000, nbf: nowSeconds },
    /validation expression 'claims\.exp - claims\.nbf <= 86400' failed: too long$/,
  ],
  [
    "that a rule cannot judge",
    { claimValidationRules: [{ expression: "claims.none == 1" }] },
    {},
    /error evaluating claim validation expression: expression 'claims\.none == 1' resulted in error: no such key: none$/,
  ],
  [
    "of a user of the system",
    {
      claimMappings: { username: { claim: "sub", prefix: "" } },
      userValidationRules: [{ expression: "!user.username.startsWith('system:')", message: "reserved" }],
    },
    { sub: "system:admin" },
    /error evaluating user info validation rule: validation expression .* failed: reserved$/,
  ],
  [
    "with an unverified address",
    { claimMappings: { username: { claim: "email", prefix: "" } } },
    { email: "a@b", email_verified: false },
    /^oidc: email not verified$/,
  ],
  [
    "whose groups are elsewhere",
    { claimMappings: { username: { claim: "sub", prefix: "" }, groups: { claim: "groups", prefix: "" } } },
    { _claim_names: { groups: "src1" }, _claim_sources: { src1: { endpoint: "https://x" } } },
    /distributed claims are not supported$/,
  ],
];

for (const [name, changes, claims, reason] of refused) {
  test(`a token ${name} is refused`, async () => {
    const { ask } = await set(changes);
    assert.match(reasonOf(await ask(claims)), reason);
  });
}

test("tokens of others are left to others, and those with a shared secret are refused", async () => {
  const { authenticator, issuer } = await set();
  const authenticate = async (token: string) =>
    reasonOf(await authenticator.authenticateToken(token, undefined, signal));
  for (const token of ["", "abc", "a.b.c", await issuer.sign({ iss: "https://other" })]) {
    assert.equal(await authenticate(token), "unknown");
  }
  const claims = { iss: issuerUrl, aud: "me", sub: "alice", exp: nowSeconds + 60 };
  const forged = await new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).sign(Buffer.from("x".repeat(32)));
  assert.match(await authenticate(forged), /unsupported algorithm/);
  const [header = "", payload = ""] = (await issuer.sign({})).split(".");
  assert.match(await authenticate(`${header}.${payload}.AAAA`), /failed to verify id token signature/);
  const none = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${payload}.`;
  assert.match(await authenticate(none), /unsupported algorithm/);
});

test("keys are fetched when they are needed, and not more often than they may be", async () => {
  const { ask, issuer } = await set();
  assert.equal((await ask({})).kind, "user");
  assert.equal((await ask({})).kind, "user");
  assert.equal(issuer.fetches, 1);
  await issuer.addKey("two");
  assert.equal((await ask({}, "two")).kind, "refused");
  assert.equal(issuer.fetches, 1);
  await issuer.clock.advance(5_000);
  assert.equal((await ask({}, "two")).kind, "user");
  assert.equal(issuer.fetches, 2);
});

test("a key that is withdrawn is forgotten, and an issuer that is down keeps nobody out", async () => {
  const { ask, issuer } = await set();
  assert.equal((await ask({})).kind, "user");
  issuer.isDown = true;
  await issuer.clock.advance(600_000);
  assert.equal((await ask({})).kind, "user");
  issuer.isDown = false;
  issuer.dropKey("one");
  await issuer.addKey("two");
  await issuer.clock.advance(600_000);
  assert.equal((await ask({})).kind, "user");
  await issuer.clock.advance(0);
  assert.equal((await ask({})).kind, "refused");
  assert.equal((await ask({}, "two")).kind, "user");
});

test("until the issuer has answered nobody is let in", async () => {
  const issuer = new Issuer();
  await issuer.addKey("one");
  issuer.isDown = true;
  const stop = new AbortController();
  const running = issuer.keys.run(stop.signal);
  await issuer.clock.advance(10_000);
  assert.equal(issuer.keys.isReady, false);
  issuer.isDown = false;
  await issuer.clock.advance(10_000);
  assert.equal(issuer.keys.isReady, true);
  stop.abort();
  await running;
});

const username = { claim: "sub", prefix: "" };
const wrong: readonly [string, JwtAuthenticatorConfig, string][] = [
  [
    "no issuer",
    { claimMappings: { username } },
    "[jwt[0].issuer.url: Required value, jwt[0].issuer.audiences: Required value: at least one jwt[0].issuer.audiences is required]",
  ],
  [
    "plain HTTP",
    { ...plain, issuer: { ...plain.issuer, url: "http://x" } },
    'jwt[0].issuer.url: Invalid value: "http://x": URL scheme must be https',
  ],
  [
    "a password in the URL",
    { ...plain, issuer: { ...plain.issuer, url: "https://a:b@x?q#f" } },
    '[jwt[0].issuer.url: Invalid value: "https://a:b@x?q#f": URL must not contain a username or password, jwt[0].issuer.url: Invalid value: "https://a:b@x?q#f": URL must not contain a query, jwt[0].issuer.url: Invalid value: "https://a:b@x?q#f": URL must not contain a fragment]',
  ],
  [
    "the server's own issuer",
    { ...plain, issuer: { ...plain.issuer, url: "https://kubernetes.default.svc" } },
    'jwt[0].issuer.url: Invalid value: "https://kubernetes.default.svc": URL must not overlap with disallowed issuers: [https://kubernetes.default.svc]',
  ],
  [
    "a discovery URL that is the issuer's",
    { ...plain, issuer: { ...plain.issuer, discoveryURL: `${issuerUrl}/` } },
    `jwt[0].issuer.discoveryURL: Invalid value: "${issuerUrl}/": discoveryURL must be different from URL`,
  ],
  [
    "several audiences without a policy",
    { ...plain, issuer: { url: issuerUrl, audiences: ["a", "b"] } },
    'jwt[0].issuer.audienceMatchPolicy: Invalid value: "": audienceMatchPolicy must be MatchAny for multiple audiences',
  ],
  [
    "an authority that is none",
    { ...plain, issuer: { ...plain.issuer, certificateAuthority: "x" } },
    'jwt[0].issuer.certificateAuthority: Invalid value: "<omitted>": data does not contain any valid RSA or ECDSA certificates',
  ],
  [
    "a claim without a prefix",
    { ...plain, claimMappings: { username: { claim: "sub" } } },
    "jwt[0].claimMappings.username.prefix: Required value: prefix is required when claim is set. It can be set to an empty string to disable prefixing",
  ],
  [
    "claim and expression",
    { ...plain, claimMappings: { username: { claim: "sub", expression: "claims.sub" } } },
    'jwt[0].claimMappings.username: Invalid value: "": claim and expression can\'t both be set',
  ],
  [
    "no user name",
    { ...plain, claimMappings: {} },
    "jwt[0].claimMappings.username: Required value: claim or expression is required",
  ],
  [
    "an address nobody has verified",
    { ...plain, claimMappings: { username: { expression: "claims.email" } } },
    'jwt[0].claimMappings.username.expression: Invalid value: "claims.email": claims.email_verified must be used in claimMappings.username.expression or claimMappings.extra[*].valueExpression or claimValidationRules[*].expression when claims.email is used in claimMappings.username.expression',
  ],
  [
    "a reserved key",
    { ...plain, claimMappings: { username, extra: [{ key: "x.k8s.io/a", valueExpression: "'1'" }] } },
    'jwt[0].claimMappings.extra[0].key: Invalid value: "x.k8s.io/a": k8s.io, kubernetes.io and their subdomains are reserved for Kubernetes use',
  ],
  [
    "a key without a domain",
    { ...plain, claimMappings: { username, extra: [{ key: "a", valueExpression: "'1'" }] } },
    'jwt[0].claimMappings.extra[0].key: Invalid value: "a": must be a domain-prefixed path (such as "acme.io/foo")',
  ],
  [
    "a rule that says nothing",
    { ...plain, claimValidationRules: [{}] },
    "jwt[0].claimValidationRules[0]: Required value: claim or expression is required",
  ],
  [
    "a rule that is no condition",
    { ...plain, userValidationRules: [{ expression: "user.username" }] },
    'jwt[0].userValidationRules[0].expression: Invalid value: "user.username": must evaluate to bool',
  ],
];

for (const [name, config, expected] of wrong) {
  test(`a configuration with ${name} is refused`, () => {
    assert.equal(aggregateFieldErrors(compile(config).errors), expected);
  });
}

test("issuers are told apart", () => {
  const other = { ...plain, issuer: { ...plain.issuer, discoveryURL: "https://x/y" } };
  const texts = aggregateFieldErrors(compile(other, other).errors);
  assert.match(texts, /jwt\[1\]\.issuer\.url: Duplicate value: "https:\/\/issuer\.example\.com"/);
  assert.match(texts, /jwt\[1\]\.issuer\.discoveryURL: Duplicate value/);
  const many = compile(...Array.from({ length: 65 }, () => plain)).errors;
  assert.equal(aggregateFieldErrors(many), "jwt: Too many: 65: must have at most 64 items");
});
