import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "@kube-ts/api/status-error";
import { createRegistry } from "@kube-ts/std/metrics";
import type { UserInfo } from "../auth/user.ts";
import { InFlightLimits } from "./in-flight-limits.ts";

const user = (...groups: string[]): UserInfo => ({ name: "someone", uid: "", groups, extra: {} });

function refused(enter: () => unknown): void {
  assert.throws(enter, (error) => {
    assert.ok(error instanceof ApiError);
    assert.deepEqual([error.code, error.reason, error.retryAfterSeconds], [429, "TooManyRequests", 1]);
    return true;
  });
}

test("each kind has its bound, and places come free again", async () => {
  const registry = createRegistry();
  const limits = new InFlightLimits({ readOnly: 2, mutating: 1 }, registry);
  const reads = [limits.enter("get", user()), limits.enter("list", user())];
  const write = limits.enter("create", user());
  refused(() => limits.enter("get", user()));
  refused(() => limits.enter("delete", user()));
  const metrics = await registry.metrics();
  assert.match(metrics, /apiserver_current_inflight_requests\{request_kind="readOnly"\} 2\n/);
  assert.match(metrics, /apiserver_dropped_requests_total\{request_kind="mutating"\} 1\n/);
  for (const entered of [...reads, write]) entered[Symbol.dispose]();
  limits.enter("get", user());
  limits.enter("patch", user());
});

test("administrators are never refused, and 0 is no bound", () => {
  const limits = new InFlightLimits({ readOnly: 1, mutating: 0 }, createRegistry());
  limits.enter("get", user());
  limits.enter("get", user("system:masters"));
  for (let index = 0; index < 1_000; index += 1) limits.enter("update", user());
  refused(() => limits.enter("get", user("system:authenticated")));
});
