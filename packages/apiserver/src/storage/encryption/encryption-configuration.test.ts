import assert from "node:assert/strict";
import { test } from "node:test";
import { parseEncryptionConfiguration } from "./encryption-configuration.ts";

const secret = Buffer.alloc(32, 1).toString("base64");
const identity = { identity: {} };

function parse(...resources: readonly object[]) {
  const kind = { apiVersion: "apiserver.config.k8s.io/v1", kind: "EncryptionConfiguration" };
  return parseEncryptionConfiguration(JSON.stringify({ ...kind, resources }), "file");
}

test("a configuration says which providers resources have", () => {
  const kms = { apiVersion: "v2", name: "vault", endpoint: "unix:///run/kms.sock" };
  const [entry] = parse({
    resources: ["secrets", "things.example.com"],
    providers: [{ kms }, { aescbc: { keys: [{ name: "one", secret }] } }, identity],
  });
  assert.deepEqual(entry?.resources, ["secrets", "things.example.com"]);
  assert.deepEqual(entry?.providers, [
    { kind: "kms", name: "vault", endpoint: "unix:///run/kms.sock", timeoutMs: 3_000 },
    { kind: "aescbc", keys: [{ name: "one", secret: Buffer.alloc(32, 1) }] },
    { kind: "identity" },
  ]);
});

test("what is wrong is told in upstream's words, without secrets", () => {
  const one = (provider: object) => parse({ resources: ["secrets"], providers: [provider] });
  const kms = { apiVersion: "v2", name: "vault", endpoint: "unix:///run/kms.sock" };
  const cases: readonly [make: () => unknown, problem: RegExp][] = [
    [() => parse(), /resources: Required value: at least one resources is required/],
    [
      () => parse({ resources: ["secrets"] }),
      /resources\[0\]\.providers: Required value: at least one resources\[0\]\.providers is required/,
    ],
    [
      () => one({}),
      /provider does not contain any of the expected providers: KMS, AESGCM, AESCBC, Secretbox, Identity/,
    ],
    [
      () => one({ ...identity, aesgcm: { keys: [] } }),
      /more than one provider specified in a single element, should split into different list elements/,
    ],
    [() => one({ aesgcm: {} }), /providers\[0\]\.aesgcm\.keys: Required value: at least one keys is required/],
    [
      () => one({ aesgcm: { keys: [{ secret }] } }),
      /keys\[0\]\.name: Required value: name is a mandatory field for a key/,
    ],
    [
      () => one({ aesgcm: { keys: [{ name: "a" }] } }),
      /keys\[0\]\.secret: Required value: secret is a mandatory field for a key/,
    ],
    [() => one({ aesgcm: { keys: [{ name: "a", secret: "c2hvcnQ" }] } }), /"REDACTED": secrets must be base64 encoded/],
    [
      () => one({ aesgcm: { keys: [{ name: "a", secret: "c2hvcnQ=" }] } }),
      /"REDACTED": secret is not of the expected length, got 5, expected one of \[16 24 32\]/,
    ],
    [() => one({ secretbox: { keys: [{ name: "a", secret: "c2hvcnQ=" }] } }), /expected one of \[32\]/],
    [
      () => one({ kms: { ...kms, apiVersion: undefined } }),
      /KMSv1 is deprecated and will only receive security updates going forward\. Use KMSv2 instead\./,
    ],
    [() => one({ kms: { ...kms, name: "a:b" } }), /invalid KMS provider name a:b, must not contain ':'/],
    [
      () => one({ kms: { ...kms, endpoint: "tcp://a" } }),
      /unsupported scheme "tcp" for KMS provider, only unix is supported/,
    ],
    [() => one({ kms: { ...kms, cachesize: 5 } }), /cachesize is not supported in v2/],
    [() => one({ kms: { ...kms, timeout: "0s" } }), /timeout should be a positive value/],
    [
      () => parse({ resources: ["secrets"], providers: [{ kms }, { kms }] }),
      /duplicate KMS provider name vault, names must be unique/,
    ],
    [
      () => parse({ resources: ["secrets", "secrets"], providers: [identity] }),
      /the same resource cannot be specified multiple times/,
    ],
    [
      () => parse({ resources: ["secrets", "*."], providers: [identity] }),
      /using overlapping resources such as 'secrets' and '\*\.'/,
    ],
    [
      () => parse({ resources: ["*"], providers: [identity] }),
      /use '\*\.' to encrypt all the resources from core API group or \*\.\* to encrypt all resources/,
    ],
    [
      () => parse({ resources: ["pods.*"], providers: [identity] }),
      /encrypting the same resource across groups is not supported/,
    ],
    [
      () => parse({ resources: ["Secrets"], providers: [identity] }),
      /resource name should not contain capital letters/,
    ],
    [
      () => parse({ resources: ["deployments.extensions"], providers: [identity] }),
      /'extensions' group has been removed/,
    ],
    [() => parse({ resources: ["*.events.k8s.io"], providers: [identity] }), /Use 'events' instead in the config file/],
    [
      () => parse({ resources: ["apiserveripinfo"], providers: [identity] }),
      /resources which do not have REST API\/s cannot be encrypted/,
    ],
    [() => one({ aescbc: "c2hvcnQ=" }), /providers\[0\]\.aescbc: Invalid value: "REDACTED": must be an object/],
    [() => parseEncryptionConfiguration(" ", "file"), /encryption provider configuration file "file" is empty/],
  ];
  for (const [make, problem] of cases) {
    assert.throws(make, (error: Error) => {
      assert.match(error.message, problem);
      assert.ok(!error.message.includes("c2hvcnQ"));
      return true;
    });
  }
});
