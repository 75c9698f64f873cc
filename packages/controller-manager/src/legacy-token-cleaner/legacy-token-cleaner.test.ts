import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Secret, ServiceAccount } from "@kube-ts/api/core/v1";
import { configMaps, pods, secrets, serviceAccounts } from "@kube-ts/api/resource-types";
import { formatTime } from "@kube-ts/api/rfc3339";
import { MemoryCluster } from "../testing/memory-cluster.ts";
import { RunningControllers } from "../testing/running-controllers.ts";
import { legacyTokenCleaner } from "./legacy-token-cleaner.ts";
import { planToken, trackedSinceMs } from "./plan.ts";

const nowMs = Date.parse("2026-01-01T00:00:00Z");
const dayMs = 24 * 3_600_000;
const lastUsed = "kubernetes.io/legacy-token-last-used";
const invalidSince = "kubernetes.io/legacy-token-invalid-since";

const account: ServiceAccount = {
  metadata: { namespace: "ns", name: "default", uid: "1" },
  secrets: [{ name: "token" }],
};

function token(labels: Record<string, string> = {}, ageDays = 11, name = "token"): Secret {
  const annotations = { "kubernetes.io/service-account.name": "default", "kubernetes.io/service-account.uid": "1" };
  const creationTimestamp = formatTime(nowMs - ageDays * dayMs);
  const metadata = { namespace: "ns", name, uid: "2", creationTimestamp, labels, annotations };
  return { metadata, type: "kubernetes.io/service-account-token" };
}

describe("after ten days without a use", () => {
  const mark = { kind: "mark", day: "2026-01-01" };
  const keep = { kind: "keep" };
  const other: ServiceAccount = { ...account, metadata: { ...account.metadata, uid: "3" } };
  const cases: [string, Secret, object, { account?: ServiceAccount | undefined; mounted?: boolean }?][] = [
    ["a token is marked", token(), mark],
    ["a token that was used before is marked", token({ [lastUsed]: "2025-12-21" }), mark],
    ["a token that was used since stays", token({ [lastUsed]: "2025-12-22" }), keep],
    ["a token of whose uses nothing is known stays", token({ [lastUsed]: "lately" }), keep],
    ["a new token stays", token({}, 10), keep],
    ["a token without its account stays", token(), keep, { account: undefined }],
    ["a token of an account of former times stays", token(), keep, { account: other }],
    ["a token that somebody made by hand stays", token({}, 11, "own"), keep],
    ["a token that a pod mounts stays", token(), keep, { mounted: true }],
    ["a token with a mark stays for another period", token({ [invalidSince]: "2025-12-22" }), keep],
    ["a token that was marked before that is deleted", token({ [invalidSince]: "2025-12-21" }), { kind: "delete" }],
    ["a mark that cannot be read is made again", token({ [invalidSince]: "x" }), mark],
  ];
  for (const [what, secret, expected, more = {}] of cases) {
    test(what, () => {
      const view = { secret, account, isMounted: () => more.mounted ?? false, ...more };
      assert.deepEqual(planToken(view, nowMs, 10 * dayMs), expected);
    });
  }
});

test("uses are known for sure from the day after the tracking began", () => {
  assert.equal(trackedSinceMs("2025-12-31"), nowMs);
  for (const day of [undefined, "", "2025-13-01", "yesterday"]) assert.equal(trackedSinceMs(day), undefined);
});

test("unused tokens are marked, then deleted, once uses were tracked for long enough", async () => {
  const cluster = new MemoryCluster();
  const name = "kube-apiserver-legacy-service-account-token-tracking";
  cluster.create(configMaps, { metadata: { namespace: "kube-system", name }, data: { since: "2025-12-31" } });
  cluster.create(serviceAccounts, { ...account, secrets: [{ name: "token" }, { name: "used" }] });
  cluster.create(secrets, token());
  cluster.create(secrets, token({}, 11, "used"));
  cluster.create(secrets, token({}, 11, "own"));
  cluster.create(pods, {
    metadata: { namespace: "ns", name: "p" },
    spec: { containers: [{ name: "c" }], volumes: [{ name: "v", secret: { secretName: "used" } }] },
  });
  const args = ["--legacy-service-account-token-clean-up-period=240h"];
  await using running = await RunningControllers.start(cluster, [legacyTokenCleaner], args);
  const marks = () =>
    Object.fromEntries(cluster.list(secrets).map(({ metadata }) => [metadata.name, metadata.labels?.[invalidSince]]));
  const unmarked = { token: undefined, used: undefined, own: undefined };
  const days = async (count: number) => {
    for (let day = 0; day < count; day += 1) {
      await cluster.clock.advance(dayMs);
      await running.settle();
    }
  };
  assert.deepEqual(marks(), unmarked);
  await days(9);
  assert.deepEqual(marks(), unmarked);
  await days(1);
  assert.deepEqual(marks(), { ...unmarked, token: "2026-01-11" });
  await days(10);
  assert.deepEqual(marks(), { ...unmarked, token: "2026-01-11" });
  await days(1);
  assert.deepEqual(marks(), { used: undefined, own: undefined });
});
