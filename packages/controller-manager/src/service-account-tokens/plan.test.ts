import assert from "node:assert/strict";
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { describe, test } from "node:test";
import type { Secret, ServiceAccount } from "@kube-ts/api/core/v1";
import { decodeProtectedHeader, jwtVerify } from "jose";
import { LegacyTokenSigner } from "./legacy-token.ts";
import { belongsTo, planSecret, tokenSecretType } from "./plan.ts";

const account: ServiceAccount = { metadata: { namespace: "ns", name: "robot", uid: "u1" } };
const base64 = (text: string) => Buffer.from(text).toString("base64");

function secret(uid: string | undefined, data: Record<string, string> = {}, name = "robot"): Secret {
  const annotations: Record<string, string> = { "kubernetes.io/service-account.name": name };
  if (uid !== undefined) annotations["kubernetes.io/service-account.uid"] = uid;
  return { type: tokenSecretType, metadata: { namespace: "ns", name: "s", uid: "s1", annotations }, data };
}

describe("whose a secret is", () => {
  const cases: [string, Secret, boolean][] = [
    ["names the account", secret(undefined), true],
    ["names its uid too", secret("u1"), true],
    ["another account of that name", secret("u0"), false],
    ["another account", secret(undefined, {}, "other"), false],
    ["another type", { ...secret(undefined), type: "Opaque" }, false],
  ];
  for (const [name, given, expected] of cases) test(name, () => assert.equal(belongsTo(given, account), expected));
});

describe("what a secret lacks", () => {
  const full = { token: "t", namespace: base64("ns"), "ca.crt": base64("CA") };
  test("a new one lacks everything", () => {
    const { token, filled } = planSecret(secret(undefined), account, "CA");
    assert.equal(token, true);
    assert.deepEqual(filled?.data, { namespace: base64("ns"), "ca.crt": base64("CA") });
    assert.equal(filled?.metadata.annotations?.["kubernetes.io/service-account.uid"], "u1");
  });
  test("a complete one nothing", () => {
    assert.deepEqual(planSecret(secret("u1", full), account, "CA"), { token: false, filled: undefined });
  });
  test("an old authority is replaced, other data stays", () => {
    const { token, filled } = planSecret(secret("u1", { ...full, "ca.crt": "old", mine: "x" }), account, "CA");
    assert.equal(token, false);
    assert.deepEqual(filled?.data, { ...full, mine: "x" });
  });
  test("without an authority of ours it is left alone", () => {
    assert.equal(planSecret(secret("u1", { ...full, "ca.crt": "theirs" }), account, undefined).filled, undefined);
  });
});

describe("tokens", () => {
  const keys = [
    ["RS256", generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey],
    ["ES256", generateKeyPairSync("ec", { namedCurve: "prime256v1" }).privateKey],
  ] as const;
  for (const [algorithm, key] of keys) {
    test(`are signed with ${algorithm}`, async () => {
      const signer = new LegacyTokenSigner(key.export({ type: "pkcs8", format: "pem" }).toString());
      const subject = { namespace: "ns", secretName: "s", accountName: "robot", accountUid: "u1" };
      const token = await signer.sign(subject);
      assert.equal(decodeProtectedHeader(token).alg, algorithm);
      const { payload } = await jwtVerify(token, createPublicKey(key));
      assert.deepEqual(payload, {
        iss: "kubernetes/serviceaccount",
        "kubernetes.io/serviceaccount/namespace": "ns",
        "kubernetes.io/serviceaccount/secret.name": "s",
        "kubernetes.io/serviceaccount/service-account.name": "robot",
        "kubernetes.io/serviceaccount/service-account.uid": "u1",
        sub: "system:serviceaccount:ns:robot",
      });
    });
  }
});
