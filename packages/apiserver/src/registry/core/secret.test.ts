import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Secret } from "@kube-ts/api/core/v1";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import { secretResource } from "./secret.ts";

const bench = new RuleBench<Secret>(secretResource);
const metadata = { name: "keys", creationTimestamp: "2026-01-31T11:59:00Z" };

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

describe("secret defaults", () => {
  it("store texts as data, over what is there", () => {
    const secret = bench.decode({ metadata, data: { a: base64("1"), b: base64("2") }, stringData: { b: "é", c: "" } });
    assert.deepEqual(secret.data, { a: base64("1"), b: base64("é"), c: "" });
    assert.equal(secret.stringData, undefined);
    assert.equal(secret.type, "Opaque");
  });
});

describe("a secret", () => {
  function create(what: string, fields: Draft, errors: readonly string[]): void {
    it(what, () => assert.deepEqual(bench.createErrors({ metadata, ...fields }), errors));
  }

  create("may be of any type", { type: "example.com/any", stringData: { a: "b" } }, []);
  create("has right keys", { stringData: { "a b": "c" } }, [
    `data[a b]: Invalid value: "a b": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')`,
  ]);
  create("holds no more than a mebibyte", { stringData: { a: "x".repeat(1024 * 1024 + 1) } }, [
    "data: Too long: may not be more than 1048576 bytes",
  ]);
  create("of an account names it", { type: "kubernetes.io/service-account-token" }, [
    "metadata.annotations[kubernetes.io/service-account.name]: Required value",
  ]);
  create("of Docker's old kind has its file", { type: "kubernetes.io/dockercfg" }, [
    "data[.dockercfg]: Required value",
  ]);
  create(
    "of Docker's kind has a right file",
    { type: "kubernetes.io/dockerconfigjson", stringData: { ".dockerconfigjson": "[]" } },
    [
      'data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": json: cannot unmarshal array into Go value of type map[string]interface {}',
    ],
  );
  create(
    "of Docker's kind has a file",
    { type: "kubernetes.io/dockerconfigjson", stringData: { ".dockerconfigjson": "" } },
    ['data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": unexpected end of JSON input'],
  );
  create(
    "of Docker's kind may be right",
    { type: "kubernetes.io/dockerconfigjson", stringData: { ".dockerconfigjson": '{"auths":{}}' } },
    [],
  );
  create("for basic authentication has a user or password", { type: "kubernetes.io/basic-auth" }, [
    "data[username]: Required value",
    "data[password]: Required value",
  ]);
  create(
    "for basic authentication may have a password only",
    { type: "kubernetes.io/basic-auth", stringData: { password: "x" } },
    [],
  );
  create("for SSH has a key", { type: "kubernetes.io/ssh-auth", stringData: { "ssh-privatekey": "" } }, [
    "data[ssh-privatekey]: Required value",
  ]);
  create("for TLS has a pair", { type: "kubernetes.io/tls", stringData: { "tls.crt": "" } }, [
    "data[tls.key]: Required value",
  ]);
});

describe("an update of a secret", () => {
  const old = bench.prepared({ metadata, stringData: { a: "b" } });
  const update = (before: Secret, change: Partial<Secret>) =>
    bench.updateErrors(before, (secret) => Object.assign(secret, change));

  it("may change data", () => assert.deepEqual(update(old, { data: { c: "" } }), []));
  it("keeps the type", () =>
    assert.deepEqual(update(old, { type: "example.com/any" }), [
      'type: Invalid value: "example.com/any": field is immutable',
    ]));
  it("keeps what is immutable", () =>
    assert.deepEqual(update({ ...old, immutable: true }, { data: {} }), [
      "data: Forbidden: field is immutable when `immutable` is set",
    ]));
});

it("shows the type and how many keys a secret holds", () => {
  assert.deepEqual(bench.row({ metadata, stringData: { a: "", b: "" } }), {
    Name: "keys",
    Type: "Opaque",
    Data: 2,
    Age: "60s",
  });
});
