import assert from "node:assert/strict";
import { createHmac, generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import type { Node, Pod, Secret, ServiceAccount } from "@kube-ts/api/core/v1";
import { nodes, pods, secrets, serviceAccounts } from "@kube-ts/api/resource-types";
import { FakeClock } from "@kube-ts/std/clock";
import { seededRandom } from "@kube-ts/std/random";
import { CompactSign } from "jose";
import type { AuthenticationOutcome } from "../authenticator.ts";
import { ServiceAccountTokenIssuer } from "../service-account-token-issuer.ts";
import { MemoryObjects } from "../testing/memory-objects.ts";
import { ServiceAccountTokenAuthenticator, type TokenUse } from "./service-account-token-authenticator.ts";
import { KeySet, parseSigningKey, parseVerificationKeys } from "./signing-keys.ts";

const issuer = "https://kubernetes.default.svc.cluster.local";
const startMs = Date.parse("2026-03-01T12:00:00Z");
const nowSeconds = startMs / 1000;
const signal = new AbortController().signal;

function pem(type: "rsa" | "ec"): string {
  const encoding = { type: "pkcs8", format: "pem" } as const;
  if (type === "ec") return generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export(encoding).toString();
  return generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export(encoding).toString();
}

const rsaPem = pem("rsa");
const rsaKey = parseSigningKey(rsaPem, "sa.key");
const ecKey = parseSigningKey(pem("ec"), "ec.key");
const strangerKey = parseSigningKey(pem("ec"), "stranger.key");

const account: ServiceAccount = { metadata: { name: "builder", namespace: "ci", uid: "sa-1" } };
const pod: Pod = {
  metadata: { name: "build-1", namespace: "ci", uid: "pod-1" },
  spec: { containers: [], serviceAccountName: "builder", nodeName: "n1" },
};
const node: Node = { metadata: { name: "n1", uid: "node-1" }, spec: {} };

function setUp(options: { keys?: KeySet; apiAudiences?: string[] } = {}) {
  const objects = new MemoryObjects();
  objects.put(serviceAccounts, account);
  objects.put(pods, pod);
  objects.put(nodes, node);
  const clock = new FakeClock(startMs);
  const apiAudiences = options.apiAudiences ?? [issuer];
  const keys = options.keys ?? new KeySet([rsaKey, ecKey]);
  const legacyUses: Secret[] = [];
  const uses: TokenUse[] = [];
  const authenticator = new ServiceAccountTokenAuthenticator(
    {
      issuers: [issuer],
      keys,
      apiAudiences,
      onLegacyTokenUse: (secret) => void legacyUses.push(secret),
      onUse: (use) => void uses.push(use),
    },
    objects,
    clock,
  );
  const issue = async (spec: object, key = rsaKey) => {
    const tokenIssuer = new ServiceAccountTokenIssuer(
      { issuer, key, apiAudiences, maxExpirationSeconds: 0, extendExpiration: true },
      objects,
      clock,
      seededRandom(1),
    );
    const request = await tokenIssuer.issue("ci", "builder", { metadata: {}, spec }, { warn: () => {} }, signal);
    return request.status?.token ?? "";
  };
  const authenticate = (token: string, audiences?: string[]) =>
    authenticator.authenticateToken(token, audiences, signal);
  return { objects, clock, issue, authenticate, legacyUses, uses };
}

function claims(changes: object = {}): object {
  return {
    aud: [issuer],
    exp: nowSeconds + 600,
    iat: nowSeconds,
    nbf: nowSeconds,
    iss: issuer,
    sub: "system:serviceaccount:ci:builder",
    "kubernetes.io": { namespace: "ci", serviceaccount: { name: "builder", uid: "sa-1" } },
    ...changes,
  };
}

function sign(payload: object, key = rsaKey, header: object = {}): Promise<string> {
  return new CompactSign(Buffer.from(JSON.stringify(payload)))
    .setProtectedHeader({ alg: key.algorithm, kid: key.id, ...header })
    .sign(key.privateKey);
}

function refusal(outcome: AuthenticationOutcome): string {
  return outcome.kind === "refused" ? outcome.reason : `not refused: ${JSON.stringify(outcome)}`;
}

for (const key of [rsaKey, ecKey]) {
  test(`a pod's ${key.algorithm} token says who, in which pod, on which node`, async () => {
    const { issue, authenticate } = setUp();
    const token = await issue(
      { boundObjectRef: { kind: "Pod", apiVersion: "v1", name: "build-1", uid: "pod-1" } },
      key,
    );
    const outcome = await authenticate(token);
    assert.deepEqual(outcome, {
      kind: "user",
      audiences: [issuer],
      user: {
        name: "system:serviceaccount:ci:builder",
        uid: "sa-1",
        groups: ["system:serviceaccounts", "system:serviceaccounts:ci", "system:authenticated"],
        extra: {
          "authentication.kubernetes.io/pod-name": ["build-1"],
          "authentication.kubernetes.io/pod-uid": ["pod-1"],
          "authentication.kubernetes.io/credential-id": [`JTI=${seededRandom(1).uuid()}`],
          "authentication.kubernetes.io/node-name": ["n1"],
          "authentication.kubernetes.io/node-uid": ["node-1"],
        },
      },
    });
  });
}

test("a known token gives the same user object and is still checked each time", async () => {
  const { objects, issue, authenticate } = setUp();
  const token = await issue({});
  const [first, second] = [await authenticate(token), await authenticate(token)];
  assert.equal(first.kind === "user" && first.user, second.kind === "user" && second.user);
  objects.remove(serviceAccounts, "ci", "builder");
  assert.equal(refusal(await authenticate(token)), 'serviceaccounts "builder" not found');
});

test("objects that the cache does not show yet are looked up", async () => {
  const { objects, issue, authenticate } = setUp();
  const token = await issue({});
  const fresh = objects.put(serviceAccounts, account);
  objects.hideFromCache(fresh);
  assert.equal((await authenticate(token)).kind, "user");
});

test("tokens of other issuers, and texts that are no tokens, are left to others", async () => {
  const { authenticate } = setUp();
  const foreign = await sign(claims({ iss: "https://elsewhere" }));
  for (const token of [foreign, "", "abcdef.0123456789abcdef", "a.b.c", "..", `${"x".repeat(70_000)}.y.z`]) {
    assert.deepEqual(await authenticate(token), { kind: "unknown" }, token.slice(0, 20));
  }
});

const badClaims: readonly [string, object, RegExp][] = [
  ["expired", { exp: nowSeconds - 61 }, /^service account token has expired$/],
  ["not yet valid", { nbf: nowSeconds + 61 }, /^service account token is not valid yet$/],
  ["issued in the future", { iat: nowSeconds + 61 }, /^service account token is issued in the future$/],
  [
    "for another audience",
    { aud: ["vault"] },
    /^token audiences \["vault"\] is invalid for the target audiences \["https:/,
  ],
  ["without the kubernetes.io claim", { "kubernetes.io": undefined }, /could not be validated/],
  [
    "of a service account with another uid",
    { "kubernetes.io": { namespace: "ci", serviceaccount: { name: "builder", uid: "old" } } },
    /^service account UID \(sa-1\) does not match claim \(old\)$/,
  ],
  [
    "of a missing service account",
    { "kubernetes.io": { namespace: "ci", serviceaccount: { name: "gone", uid: "x" } } },
    /^serviceaccounts "gone" not found$/,
  ],
];

for (const [name, changes, reason] of badClaims) {
  test(`a token ${name} is refused`, async () => {
    const { authenticate } = setUp();
    assert.match(refusal(await authenticate(await sign(claims(changes)))), reason);
  });
}

test("clocks may differ by a minute", async () => {
  const { authenticate } = setUp();
  const token = await sign(claims({ exp: nowSeconds - 59, nbf: nowSeconds + 59, iat: nowSeconds + 59 }));
  assert.equal((await authenticate(token)).kind, "user");
});

const bindings: readonly [string, object, (objects: MemoryObjects) => void, RegExp][] = [
  ["pod", { pod: { name: "build-1", uid: "pod-1" } }, (all) => all.remove(pods, "ci", "build-1"), /invalidated/],
  [
    "pod",
    { pod: { name: "build-1", uid: "pod-1" } },
    (all) => all.put(pods, { ...pod, metadata: { ...pod.metadata, uid: "pod-2" } }),
    /^pod UID \(pod-2\) does not match service account pod ref claim \(pod-1\)$/,
  ],
  [
    "pod that is long past its end",
    { pod: { name: "build-1", uid: "pod-1" } },
    (all) => all.put(pods, { ...pod, metadata: { ...pod.metadata, deletionTimestamp: "2026-03-01T11:58:59Z" } }),
    /invalidated/,
  ],
  ["secret", { secret: { name: "s", uid: "s-1" } }, (all) => all.remove(secrets, "ci", "s"), /invalidated/],
  ["node", { node: { name: "n1", uid: "node-1" } }, (all) => all.remove(nodes, "", "n1"), /invalidated/],
  [
    "node",
    { node: { name: "n1", uid: "node-1" } },
    (all) => all.put(nodes, { ...node, metadata: { name: "n1", uid: "node-2" } }),
    /^node UID \(node-2\) does not match service account node ref claim \(node-1\)$/,
  ],
];

for (const [kind, claim, change, reason] of bindings) {
  test(`a token bound to a ${kind} ends with it (${reason.source})`, async () => {
    const { objects, authenticate } = setUp();
    objects.put(secrets, { metadata: { name: "s", namespace: "ci", uid: "s-1" } });
    const kubernetes = { namespace: "ci", serviceaccount: { name: "builder", uid: "sa-1" }, ...claim };
    const token = await sign(claims({ "kubernetes.io": kubernetes }));
    assert.equal((await authenticate(token)).kind, "user");
    change(objects);
    assert.match(refusal(await authenticate(token)), reason);
  });
}

test("a pod that is terminating keeps its token for its grace period", async () => {
  const { objects, authenticate } = setUp();
  objects.put(pods, { ...pod, metadata: { ...pod.metadata, deletionTimestamp: "2026-03-01T12:00:30Z" } });
  const kubernetes = {
    namespace: "ci",
    serviceaccount: { name: "builder", uid: "sa-1" },
    pod: { name: "build-1", uid: "pod-1" },
  };
  assert.equal((await authenticate(await sign(claims({ "kubernetes.io": kubernetes })))).kind, "user");
});

function base64url(value: object | Buffer): string {
  return (Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value))).toString("base64url");
}

function forgeHmac(): string {
  const input = `${base64url({ alg: "HS256", kid: rsaKey.id })}.${base64url(claims())}`;
  const publicPem = rsaKey.publicKey.export({ type: "spki", format: "pem" });
  return `${input}.${createHmac("sha256", publicPem).update(input).digest("base64url")}`;
}

test("forgeries are refused", async () => {
  const { authenticate } = setUp();
  const genuine = await sign(claims());
  const [header = "", payload = "", signature = ""] = genuine.split(".");
  const admin = base64url(
    claims({ "kubernetes.io": { namespace: "kube-system", serviceaccount: { name: "x", uid: "y" } } }),
  );
  const forged = [
    `${base64url({ alg: "none" })}.${payload}.`,
    `${base64url({ alg: "none", kid: rsaKey.id })}.${payload}.${signature}`,
    forgeHmac(),
    `${header}.${admin}.${signature}`,
    `${header}.${payload}.`,
    `${base64url({ alg: "ES256", kid: rsaKey.id })}.${payload}.${signature}`,
    await sign(claims(), strangerKey),
    await sign(claims(), strangerKey, { kid: ecKey.id }),
    await sign(claims(), strangerKey, { kid: undefined }),
    await sign(claims(), rsaKey, { kid: "unknown" }),
  ];
  for (const [index, token] of forged.entries()) {
    assert.match(refusal(await authenticate(token)), /^invalid signature/, `forgery ${index}`);
  }
  assert.equal((await authenticate(genuine)).kind, "user");
});

test("no single changed character of a token gets through", async () => {
  const { authenticate } = setUp();
  const token = await sign(claims(), ecKey);
  const random = seededRandom(7);
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
  for (let attempt = 0; attempt < 150; attempt += 1) {
    const at = Math.floor(random.next() * (token.length - 1));
    const character = alphabet[Math.floor(random.next() * alphabet.length)] ?? "A";
    if (token[at] === character) continue;
    const changed = token.slice(0, at) + character + token.slice(at + 1);
    assert.notEqual((await authenticate(changed)).kind, "user", changed);
  }
});

test("a token without key id is tried with every key", async () => {
  const { authenticate } = setUp();
  assert.equal((await authenticate(await sign(claims(), ecKey, { kid: undefined }))).kind, "user");
});

test("requested audiences decide; without any the server's own do", async () => {
  const { issue, authenticate } = setUp();
  const token = await issue({ audiences: ["vault", "bank"] });
  assert.match(refusal(await authenticate(token)), /^token audiences \["vault" "bank"\]/);
  const outcome = await authenticate(token, ["bank", "other"]);
  assert.deepEqual(outcome.kind === "user" && outcome.audiences, ["bank"]);
});

test("a rotated key keeps old tokens valid while its public half is configured", async () => {
  const publicPem = rsaKey.publicKey.export({ type: "spki", format: "pem" }).toString();
  const keys = new KeySet([...parseVerificationKeys(publicPem, "old.pub"), ecKey]);
  const { authenticate } = setUp({ keys });
  assert.equal((await authenticate(await sign(claims()))).kind, "user");
});

test("it is told when tokens should have been renewed", async () => {
  const { objects, clock, issue, authenticate, uses } = setUp();
  const spec = { expirationSeconds: 3607, boundObjectRef: { kind: "Pod", apiVersion: "v1", name: "build-1" } };
  const token = await issue(spec);
  assert.equal((await authenticate(token)).kind, "user");
  await clock.advance(3_608_000);
  assert.equal((await authenticate(token)).kind, "user");
  assert.equal((await authenticate(await legacyToken(objects))).kind, "user");
  await authenticate("nonsense");
  assert.deepEqual(uses, ["valid", "stale", "legacy", "manual"]);
});

test("the audit is told of tokens that should not be used any more", async () => {
  const { objects, clock, issue, authenticate, uses, legacyUses } = setUp();
  const told = async (token: string) => {
    const outcome = await authenticate(token);
    return outcome.kind === "unknown" ? undefined : outcome.notes;
  };
  const spec = { expirationSeconds: 3607, boundObjectRef: { kind: "Pod", apiVersion: "v1", name: "build-1" } };
  const token = await issue(spec);
  assert.equal(await told(token), undefined);
  await clock.advance(3_617_000);
  const stale = "subject: system:serviceaccount:ci:builder, seconds after warning threshold: 10";
  assert.deepEqual(await told(token), { annotations: { "authentication.k8s.io/stale-token": stale } });
  assert.equal(await told(await issue({ expirationSeconds: 600 })), undefined);

  const legacy = "authentication.k8s.io/legacy-token";
  const subject = "system:serviceaccount:ci:builder";
  const manual = { [legacy]: subject, [`${legacy}-manual-secret`]: "builder-token" };
  assert.deepEqual(await told(await legacyToken(objects)), { annotations: manual });
  objects.put(serviceAccounts, { ...account, secrets: [{ name: "builder-token" }] });
  const generated = await told(await legacyToken(objects));
  const expected = { [legacy]: subject, [`${legacy}-autogenerated-secret`]: "builder-token" };
  assert.deepEqual(generated?.annotations, expected);
  assert.match(generated?.warning ?? "", /^Use tokens from the TokenRequest API or manually created/);
  const marked = await told(await legacyToken(objects, { "kubernetes.io/legacy-token-invalid-since": "2026-01-01" }));
  const invalidated = { [legacy]: subject, [`${legacy}-invalidated`]: "builder-token/ci" };
  assert.deepEqual(marked, { annotations: invalidated });
  const counted = ["legacy", "manual", "legacy", "auto-generated", "legacy", "invalidated"];
  assert.deepEqual(uses, ["valid", "stale", ...counted]);
  assert.equal(legacyUses.length, 3);
});

async function legacyToken(objects: MemoryObjects, labels: Record<string, string> = {}): Promise<string> {
  const token = await sign({
    iss: "kubernetes/serviceaccount",
    sub: "system:serviceaccount:ci:builder",
    "kubernetes.io/serviceaccount/namespace": "ci",
    "kubernetes.io/serviceaccount/secret.name": "builder-token",
    "kubernetes.io/serviceaccount/service-account.name": "builder",
    "kubernetes.io/serviceaccount/service-account.uid": "sa-1",
  });
  const data = { token: Buffer.from(token).toString("base64") };
  objects.put(secrets, { metadata: { name: "builder-token", namespace: "ci", labels }, data });
  return token;
}

test("a token from a secret is good while the secret holds it", async () => {
  const { objects, authenticate, legacyUses } = setUp();
  const token = await legacyToken(objects);
  const outcome = await authenticate(token);
  assert.equal(outcome.kind === "user" && outcome.user.name, "system:serviceaccount:ci:builder");
  assert.deepEqual(outcome.kind === "user" && outcome.audiences, [issuer]);
  assert.equal(legacyUses.length, 1);
  objects.put(secrets, { metadata: { name: "builder-token", namespace: "ci" }, data: { token: "AAAA" } });
  assert.equal(refusal(await authenticate(token)), "Token does not match server's copy");
  objects.remove(secrets, "ci", "builder-token");
  assert.equal(refusal(await authenticate(token)), "Token has been invalidated");
});

test("a secret's token can be marked invalid", async () => {
  const { objects, authenticate } = setUp();
  const token = await legacyToken(objects, { "kubernetes.io/legacy-token-invalid-since": "2026-01-01" });
  assert.match(refusal(await authenticate(token)), /^the token in secret ci\/builder-token .* has been marked invalid/);
});

test("keys are read from PEM in any form, and refused with the file's name", () => {
  const spki = rsaKey.publicKey.export({ type: "spki", format: "pem" }).toString();
  const pkcs1 = rsaKey.publicKey.export({ type: "pkcs1", format: "pem" }).toString();
  const ids = [spki, pkcs1, rsaPem].map((text) => parseVerificationKeys(text, "f")[0]?.id);
  assert.deepEqual(new Set(ids), new Set([rsaKey.id]));
  assert.equal(parseVerificationKeys(spki + rsaPem, "f").length, 2);
  assert.throws(() => parseVerificationKeys("hello", "sa.pub"), /^Error: sa\.pub: data does not contain any valid/);
  const ed = generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" }).toString();
  assert.throws(() => parseVerificationKeys(ed, "sa.pub"), /^Error: sa\.pub: .*key type is not supported/);
});
