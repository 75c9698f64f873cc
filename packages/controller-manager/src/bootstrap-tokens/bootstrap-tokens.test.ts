import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ConfigMap, Secret } from "@kube-ts/api/core/v1";
import { configMaps, secrets } from "@kube-ts/api/resource-types";
import { formatTime } from "@kube-ts/api/rfc3339";
import { compactVerify } from "jose";
import { MemoryCluster } from "../testing/memory-cluster.ts";
import { RunningControllers } from "../testing/running-controllers.ts";
import { bootstrapSignerController } from "./bootstrap-signer-controller.ts";
import { remainingMs, signingToken } from "./bootstrap-token.ts";
import { tokenCleanerController } from "./token-cleaner-controller.ts";

const nowMs = Date.parse("2026-01-01T00:00:00Z");
const hourMs = 3_600_000;
const value = "0123456789abcdef";

function token(id: string, fields: Record<string, string> = {}, change: Partial<Secret> = {}): Secret {
  const all = { "token-id": id, "token-secret": value, "usage-bootstrap-signing": "true", ...fields };
  const data = Object.fromEntries(
    Object.entries(all).map(([key, text]) => [key, Buffer.from(text).toString("base64")]),
  );
  const metadata = { namespace: "kube-system", name: `bootstrap-token-${id}` };
  return { metadata, type: "bootstrap.kubernetes.io/token", data, ...change };
}

const inOneHour = formatTime(nowMs + hourMs);

describe("a token signs", () => {
  const cases: [string, Secret, boolean][] = [
    ["while it has no end", token("abcdef"), true],
    ["before its end", token("abcdef", { expiration: inOneHour }), true],
    ["not after its end", token("abcdef", { expiration: formatTime(nowMs) }), false],
    ["not when its end cannot be read", token("abcdef", { expiration: "soon" }), false],
    ["only when it is for signing", token("abcdef", { "usage-bootstrap-signing": "yes" }), false],
    ["not under another id", token("abcdef", { "token-id": "fedcba" }), false],
    ["not without a secret", token("abcdef", { "token-secret": "" }), false],
    ["not in a secret of another name", token("abcdef", {}, { metadata: { name: "bootstrap-token-ABCDEF" } }), false],
    ["not in a secret of another type", token("abcdef", {}, { type: "Opaque" }), false],
  ];
  for (const [when, secret, expected] of cases) {
    test(when, () => assert.equal(signingToken(secret, nowMs) !== undefined, expected));
  }
  test("with what the secret holds", () => {
    assert.deepEqual(signingToken(token("abcdef"), nowMs), { id: "abcdef", secret: value });
    assert.equal(remainingMs(token("abcdef", { expiration: inOneHour }), nowMs), hourMs);
  });
});

function clusterInfo(data: Record<string, string>): ConfigMap {
  return { metadata: { namespace: "kube-public", name: "cluster-info" }, data };
}

test("the cluster's description carries a signature of every token, and no other", async () => {
  const cluster = new MemoryCluster();
  cluster.create(secrets, token("aaaaaa"));
  cluster.create(secrets, token("bbbbbb", { expiration: inOneHour }));
  cluster.create(configMaps, clusterInfo({ kubeconfig: "one", other: "kept", "jws-kubeconfig-cccccc": "stale" }));
  await using running = await RunningControllers.start(cluster, [bootstrapSignerController]);
  const data = () => cluster.get(configMaps, "cluster-info", "kube-public").data;
  const check = async (content: string) => {
    const { kubeconfig, other, ...signatures } = data() ?? {};
    assert.deepEqual({ kubeconfig, other }, { kubeconfig: content, other: "kept" });
    assert.deepEqual(Object.keys(signatures), ["jws-kubeconfig-aaaaaa", "jws-kubeconfig-bbbbbb"]);
    for (const [key, signature] of Object.entries(signatures)) {
      const whole = signature.replace("..", `.${Buffer.from(content).toString("base64url")}.`);
      const { protectedHeader } = await compactVerify(whole, Buffer.from(value), { algorithms: ["HS256"] });
      assert.equal(`jws-kubeconfig-${protectedHeader.kid}`, key);
    }
  };
  await check("one");
  cluster.change(configMaps, "cluster-info", { data: { kubeconfig: "two" } }, "kube-public");
  await running.settle();
  await check("two");
  await cluster.clock.advance(hourMs);
  await running.settle();
  assert.deepEqual(Object.keys(data() ?? {}), ["kubeconfig", "other", "jws-kubeconfig-aaaaaa"]);
  cluster.remove(secrets, "bootstrap-token-aaaaaa", "kube-system");
  await running.settle();
  assert.deepEqual(data(), { kubeconfig: "two", other: "kept" });
});

test("nothing is signed where there is nothing to sign", async () => {
  const cluster = new MemoryCluster();
  cluster.create(secrets, token("aaaaaa"));
  cluster.create(configMaps, clusterInfo({ other: "kept" }));
  await using _running = await RunningControllers.start(cluster, [bootstrapSignerController]);
  assert.equal(cluster.writes, 0);
});

test("tokens are deleted when their time is over, other secrets are not", async () => {
  const cluster = new MemoryCluster();
  cluster.create(secrets, token("aaaaaa"));
  cluster.create(secrets, token("bbbbbb", { expiration: inOneHour }));
  cluster.create(secrets, token("cccccc", { expiration: "soon" }));
  cluster.create(secrets, token("dddddd", { expiration: formatTime(nowMs + 60 * 24 * hourMs) }));
  cluster.create(secrets, token("eeeeee", { expiration: formatTime(nowMs) }, { type: "Opaque" }));
  await using running = await RunningControllers.start(cluster, [tokenCleanerController]);
  const left = () => cluster.list(secrets).map(({ metadata }) => metadata.name?.slice(-6));
  assert.deepEqual(left(), ["aaaaaa", "bbbbbb", "dddddd", "eeeeee"]);
  await cluster.clock.advance(hourMs);
  await running.settle();
  assert.deepEqual(left(), ["aaaaaa", "dddddd", "eeeeee"]);
  await cluster.clock.advance(60 * 24 * hourMs);
  await running.settle();
  assert.deepEqual(left(), ["aaaaaa", "eeeeee"]);
});
