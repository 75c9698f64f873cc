import assert from "node:assert/strict";
import { test } from "node:test";
import { type HealthCheck, pingCheck, reportHealth } from "./health.ts";
import { silentLogger } from "./log.ts";

const broken: HealthCheck = {
  name: "etcd",
  check: async () => {
    throw new Error("connection refused");
  },
};

function report(checks: readonly HealthCheck[], query = "", subject?: string) {
  return reportHealth("livez", checks, subject, new URLSearchParams(query), silentLogger);
}

test("the endpoint answers in upstream's format", async () => {
  const informers: HealthCheck = { name: "informers", check: () => {} };
  assert.deepEqual(await report([pingCheck, informers]), { status: 200, body: "ok" });
  assert.deepEqual(await report([pingCheck, informers], "verbose"), {
    status: 200,
    body: "[+]ping ok\n[+]informers ok\nlivez check passed\n",
  });
  assert.deepEqual(await report([pingCheck, broken]), {
    status: 500,
    body: "[+]ping ok\n[-]etcd failed: reason withheld\nlivez check failed\n",
  });
});

test("checks can be excluded, and an exclusion of nothing is pointed out", async () => {
  assert.deepEqual(await report([pingCheck, broken], "exclude=etcd&verbose=1"), {
    status: 200,
    body: "[+]ping ok\n[+]etcd excluded: ok\nlivez check passed\n",
  });
  assert.deepEqual(await report([pingCheck], "exclude=nope&verbose"), {
    status: 200,
    body: '[+]ping ok\nwarn: some health checks cannot be excluded: no matches for "nope"\nlivez check passed\n',
  });
});

test("a single check tells its reason", async () => {
  assert.deepEqual(await report([pingCheck, broken], "", "ping"), { status: 200, body: "ok" });
  assert.deepEqual(await report([pingCheck, broken], "", "etcd"), {
    status: 500,
    body: "internal server error: connection refused\n",
  });
  assert.equal((await report([pingCheck], "", "nope")).status, 404);
});
