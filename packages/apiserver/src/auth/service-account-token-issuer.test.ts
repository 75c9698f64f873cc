import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import type { TokenRequestSpec } from "@kube-ts/api/authentication/v1";
import { nodes, pods, secrets, serviceAccounts } from "@kube-ts/api/resource-types";
import type { ApiError } from "@kube-ts/api/status-error";
import { FakeClock } from "@kube-ts/std/clock";
import { seededRandom } from "@kube-ts/std/random";
import { parseSigningKey } from "./service-accounts/signing-keys.ts";
import { ServiceAccountTokenIssuer, type TokenIssuerOptions } from "./service-account-token-issuer.ts";
import { MemoryObjects } from "./testing/memory-objects.ts";

const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const key = parseSigningKey(privateKey.export({ type: "pkcs8", format: "pem" }).toString(), "sa.key");
const startMs = Date.parse("2026-03-01T12:00:00Z");
const nowSeconds = startMs / 1000;
const signal = new AbortController().signal;

async function issue(spec: TokenRequestSpec, options: Partial<TokenIssuerOptions> = {}, metadata = {}) {
  const objects = new MemoryObjects();
  objects.put(serviceAccounts, { metadata: { name: "builder", namespace: "ci", uid: "sa-1" } });
  objects.put(pods, {
    metadata: { name: "p", namespace: "ci", uid: "pod-1" },
    spec: { containers: [], serviceAccountName: "builder", nodeName: "n1" },
  });
  objects.put(pods, {
    metadata: { name: "other", namespace: "ci" },
    spec: { containers: [], serviceAccountName: "x" },
  });
  objects.put(nodes, { metadata: { name: "n1", uid: "node-1" }, spec: {} });
  objects.put(secrets, { metadata: { name: "s", namespace: "ci", uid: "secret-1" } });
  const issuer = new ServiceAccountTokenIssuer(
    {
      issuer: "https://issuer",
      key,
      apiAudiences: ["api"],
      maxExpirationSeconds: 0,
      extendExpiration: true,
      ...options,
    },
    objects,
    new FakeClock(startMs),
    seededRandom(1),
  );
  const warnings: string[] = [];
  const known: string[] = [];
  const context = {
    warn: (message: string) => void warnings.push(message),
    issued: (credentialId: string) => void known.push(credentialId),
  };
  const answer = await issuer.issue("ci", "builder", { metadata, spec }, context, signal);
  const [header = "", payload = ""] = answer.status?.token?.split(".") ?? [];
  const decode = (text: string) =>
    JSON.parse(Buffer.from(text, "base64url").toString("utf8")) as Record<string, unknown>;
  return { answer, warnings, known, header: decode(header), payload: decode(payload) };
}

async function failure(spec: TokenRequestSpec, metadata = {}): Promise<ApiError> {
  try {
    await issue(spec, {}, metadata);
  } catch (error) {
    return error as ApiError;
  }
  throw new Error("no error");
}

test("claims are upstream's, in alphabetical order", async () => {
  const { answer, header, payload } = await issue({});
  assert.deepEqual(header, { alg: "ES256", kid: key.id });
  assert.equal(
    JSON.stringify(payload),
    JSON.stringify({
      aud: ["api"],
      exp: nowSeconds + 3600,
      iat: nowSeconds,
      iss: "https://issuer",
      jti: seededRandom(1).uuid(),
      "kubernetes.io": { namespace: "ci", serviceaccount: { name: "builder", uid: "sa-1" } },
      nbf: nowSeconds,
      sub: "system:serviceaccount:ci:builder",
    }),
  );
  assert.equal(answer.status?.expirationTimestamp, "2026-03-01T13:00:00Z");
  assert.deepEqual(answer.metadata, { name: "builder", namespace: "ci", creationTimestamp: "2026-03-01T12:00:00Z" });
  assert.deepEqual(answer.spec, { audiences: ["api"], expirationSeconds: 3600 });
});

test("the kubelet's tokens for pods live on for a year and ask for renewal after an hour", async () => {
  const spec = { expirationSeconds: 3607, boundObjectRef: { kind: "Pod", apiVersion: "v1", name: "p", uid: "pod-1" } };
  const { answer, payload } = await issue(spec);
  assert.equal(payload["exp"], nowSeconds + 365 * 24 * 3600);
  assert.deepEqual(payload["kubernetes.io"], {
    namespace: "ci",
    node: { name: "n1", uid: "node-1" },
    pod: { name: "p", uid: "pod-1" },
    serviceaccount: { name: "builder", uid: "sa-1" },
    warnafter: nowSeconds + 3607,
  });
  assert.equal(answer.status?.expirationTimestamp, "2026-03-01T13:00:07Z");
  assert.equal((await issue(spec, { extendExpiration: false })).payload["exp"], nowSeconds + 3607);
  assert.equal((await issue({ ...spec, audiences: ["vault"] })).payload["exp"], nowSeconds + 3607);
});

test("tokens can be bound to secrets and nodes", async () => {
  const secret = await issue({ boundObjectRef: { kind: "Secret", apiVersion: "v1", name: "s" } });
  assert.deepEqual((secret.payload["kubernetes.io"] as { secret: unknown }).secret, { name: "s", uid: "secret-1" });
  const node = await issue({ boundObjectRef: { kind: "Node", apiVersion: "v1", name: "n1" } });
  assert.deepEqual((node.payload["kubernetes.io"] as { node: unknown }).node, { name: "n1", uid: "node-1" });
});

test("the server's limit shortens tokens and says so", async () => {
  const { answer, payload, warnings } = await issue({ expirationSeconds: 7200 }, { maxExpirationSeconds: 3600 });
  assert.equal(payload["exp"], nowSeconds + 3600);
  assert.equal(answer.spec.expirationSeconds, 3600);
  assert.deepEqual(warnings, ["requested expiration of 7200 seconds shortened to 3600 seconds"]);
});

const bad: readonly [TokenRequestSpec, object, number, string][] = [
  [
    { expirationSeconds: 599 },
    {},
    422,
    'TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes',
  ],
  [
    { expirationSeconds: 2 ** 32 + 1 },
    {},
    422,
    'TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 4294967297: may not specify a duration larger than 2^32 seconds',
  ],
  [
    {},
    { name: "x" },
    422,
    'TokenRequest.authentication.k8s.io "builder" is invalid: metadata.name: Invalid value: "x": must match the service account name if specified',
  ],
  [
    { boundObjectRef: { kind: "ConfigMap", apiVersion: "v1", name: "c" } },
    {},
    400,
    "cannot bind token to object of type /v1, Kind=ConfigMap",
  ],
  [
    { boundObjectRef: { kind: "Deployment", apiVersion: "apps/v1", name: "c" } },
    {},
    400,
    "cannot bind token to object of type apps/v1, Kind=Deployment",
  ],
  [
    { boundObjectRef: { kind: "Pod", apiVersion: "v1", name: "other" } },
    {},
    400,
    'cannot bind token for serviceaccount "builder" to pod running with different serviceaccount name.',
  ],
  [{ boundObjectRef: { kind: "Pod", apiVersion: "v1", name: "none" } }, {}, 404, 'pods "none" not found'],
  [
    { boundObjectRef: { kind: "Pod", apiVersion: "v1", name: "p", uid: "old" } },
    {},
    409,
    'Operation cannot be fulfilled on Pod "p": the UID in the bound object reference (old) does not match the UID in record. The object might have been deleted and then recreated',
  ],
];

for (const [spec, metadata, code, message] of bad) {
  test(`${JSON.stringify(spec)} is answered with ${code}`, async () => {
    const error = await failure(spec, metadata);
    assert.equal(error.message, message);
    assert.equal(error.code, code);
  });
}

test("it is told what the token will be known by", async () => {
  const { known, payload } = await issue({});
  assert.deepEqual(known, [`JTI=${String(payload["jti"])}`]);
});

test("a token for an account that has been replaced by another of its name is refused", async () => {
  const { code, message } = await failure({}, { uid: "sa-0" });
  assert.equal(code, 409);
  assert.match(
    message,
    /TokenRequest\.authentication\.k8s\.io "builder": the UID in the token request \(sa-0\) does not/,
  );
  assert.equal((await issue({}, {}, { uid: "sa-1" })).answer.status?.token !== undefined, true);
});
