import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type TokenRecord,
  checkTokenRights,
  formatToken,
  newToken,
  parseToken,
  secretOfToken,
  tokenIdOf,
  tokenOfSecret,
} from "./bootstrap-token.ts";
import { joinCommandLine } from "./join-command-line.ts";
import { shortDuration, tokenObjects, tokenTable } from "./token-table.ts";

const nowMs = Date.parse("2026-01-01T00:00:00Z");
const hourMs = 3_600_000;
const record: TokenRecord = {
  token: { id: "abcdef", secret: "0123456789abcdef" },
  description: "for the lab",
  expiresMs: nowMs + 24 * hourMs,
  usages: ["signing", "authentication"],
  groups: ["system:bootstrappers:kubeadm:default-node-token"],
};

describe("a token's form", () => {
  test("is two parts of lower-case letters and digits", () => {
    assert.deepEqual(parseToken("abcdef.0123456789abcdef"), record.token);
    assert.equal(formatToken(record.token), "abcdef.0123456789abcdef");
    for (const wrong of [
      "",
      "abcdef",
      "ABCDEF.0123456789abcdef",
      "abcdef.0123456789abcde",
      "abcdef.0123456789abcdef\n",
    ]) {
      assert.throws(() => parseToken(wrong), /^Error: the bootstrap token ".*" was not of the form "/s);
    }
  });

  test("is that of new ones, which differ", () => {
    const tokens = Array.from({ length: 50 }, newToken);
    for (const token of tokens) assert.deepEqual(parseToken(formatToken(token)), token);
    assert.equal(new Set(tokens.map(formatToken)).size, 50);
  });

  test("may be the id alone where one is named", () => {
    assert.equal(tokenIdOf("abcdef"), "abcdef");
    assert.equal(tokenIdOf("abcdef.0123456789abcdef"), "abcdef");
    assert.throws(() => tokenIdOf("abc"), /given token didn't match pattern/);
  });
});

describe("a token's secret", () => {
  test("says what upstream's says, and is read back", () => {
    const secret = secretOfToken(record);
    assert.equal(secret.type, "bootstrap.kubernetes.io/token");
    assert.deepEqual(secret.metadata, { namespace: "kube-system", name: "bootstrap-token-abcdef" });
    const text = Object.entries(secret.data ?? {}).map(([key, value]) => [
      key,
      Buffer.from(value, "base64").toString(),
    ]);
    assert.deepEqual(Object.fromEntries(text), {
      "token-id": "abcdef",
      "token-secret": "0123456789abcdef",
      description: "for the lab",
      expiration: "2026-01-02T00:00:00Z",
      "usage-bootstrap-signing": "true",
      "usage-bootstrap-authentication": "true",
      "auth-extra-groups": "system:bootstrappers:kubeadm:default-node-token",
    });
    assert.deepEqual(tokenOfSecret(secret), record);
    const bare = { ...record, description: "", expiresMs: undefined, usages: [], groups: [] };
    assert.deepEqual(tokenOfSecret(secretOfToken(bare)), bare);
  });

  test("that holds none is an error with its name", () => {
    const secret = secretOfToken(record);
    const broken = (change: Record<string, string>) => ({ ...secret, data: { ...secret.data, ...change } });
    assert.throws(() => tokenOfSecret(broken({ "token-id": "" })), /no token-id data: bootstrap-token-abcdef/);
    assert.throws(() => tokenOfSecret(broken({ "token-secret": "" })), /no token-secret data: bootstrap-token-abcdef/);
    const tomorrow = Buffer.from("tomorrow").toString("base64");
    assert.throws(() => tokenOfSecret(broken({ expiration: tomorrow })), /can't parse expiration time .*"tomorrow"/);
    const renamed = { ...secret, metadata: { ...secret.metadata, name: "bootstrap-token-fedcba" } };
    assert.throws(() => tokenOfSecret(renamed), /Expected: "bootstrap-token-abcdef"/);
  });
});

test("rights that no token may give are refused", () => {
  assert.deepEqual(checkTokenRights(["authentication", "signing"], record.groups), ["signing", "authentication"]);
  assert.throws(
    () => checkTokenRights(["cooking"], []),
    /usage string: cooking, valid usage options: authentication,signing/,
  );
  assert.throws(() => checkTokenRights([], ["system:masters"]), /bootstrap group "system:masters" is invalid/);
});

test("a list has upstream's columns", () => {
  const forever: TokenRecord = { ...record, token: { id: "000000", secret: "0123456789abcdef" }, expiresMs: undefined };
  const bare: TokenRecord = {
    ...forever,
    token: { id: "zzzzzz", secret: "0123456789abcdef" },
    description: "a\u001b[1m",
    usages: [],
    groups: [],
  };
  assert.equal(
    tokenTable([bare, record, forever], nowMs),
    [
      "TOKEN                     TTL         EXPIRES                USAGES                   DESCRIPTION   EXTRA GROUPS",
      "000000.0123456789abcdef   <forever>   <never>                authentication,signing   for the lab   system:bootstrappers:kubeadm:default-node-token",
      "abcdef.0123456789abcdef   1d          2026-01-02T00:00:00Z   authentication,signing   for the lab   system:bootstrappers:kubeadm:default-node-token",
      "zzzzzz.0123456789abcdef   <forever>   <never>                <none>                   a\\x1b[1m      <none>",
      "",
    ].join("\n"),
  );
  assert.deepEqual(tokenObjects([bare]), [
    {
      kind: "BootstrapToken",
      apiVersion: "output.kubeadm.k8s.io/v1alpha3",
      token: "zzzzzz.0123456789abcdef",
      description: "a\u001b[1m",
    },
  ]);
});

test("durations are told in their largest unit", () => {
  const cases: [number, string][] = [
    [-5_000, "<invalid>"],
    [-1_500, "0s"],
    [59_000, "59s"],
    [60_000, "1m"],
    [hourMs, "1h"],
    [23.9 * hourMs, "23h"],
    [24 * hourMs, "1d"],
    [365 * 24 * hourMs, "1y"],
  ];
  for (const [durationMs, expected] of cases) assert.equal(shortDuration(durationMs), expected);
});

test("the join command says all that the machine needs", () => {
  const target = { endpoint: "192.0.2.11:6443", hashes: ["sha256:11", "sha256:22"] };
  const worker = joinCommandLine(target, record.token);
  assert.equal(
    worker,
    "kube-ts join 192.0.2.11:6443 --token abcdef.0123456789abcdef --discovery-token-ca-cert-hash sha256:11 --discovery-token-ca-cert-hash sha256:22",
  );
  assert.equal(joinCommandLine(target, record.token, "00ff"), `${worker} --control-plane --certificate-key 00ff`);
});
