import assert from "node:assert/strict";
import { test } from "node:test";
import { createRegistry } from "@kube-ts/std/metrics";
import type { UserInfo } from "../auth/user.ts";
import { parseRequestInfo } from "../endpoints/request-info.ts";
import { Overload } from "../flow-control/overload.ts";
import type { Place } from "../flow-control/request-gate.ts";
import { InFlightLimits } from "./in-flight-limits.ts";

const user = (...groups: string[]): UserInfo => ({ name: "someone", uid: "", groups, extra: {} });

const methods = { get: "GET", list: "GET", create: "POST", update: "PUT", patch: "PATCH", delete: "DELETE" } as const;

function enter(limits: InFlightLimits, verb: keyof typeof methods, who = user()): Place {
  const url = `/api/v1/namespaces/a/pods${verb === "list" || verb === "create" ? "" : "/b"}`;
  const place = limits.enter(who, parseRequestInfo(methods[verb], url), new AbortController().signal, 1000);
  assert.ok(place);
  return place;
}

function refused(enter: () => unknown): void {
  assert.throws(enter, (error) => {
    assert.ok(error instanceof Overload);
    assert.equal(error.retryAfterSeconds, 1);
    return true;
  });
}

test("each kind has its bound, and places come free again", async () => {
  const registry = createRegistry();
  const limits = new InFlightLimits({ readOnly: 2, mutating: 1 }, registry);
  const reads = [enter(limits, "get"), enter(limits, "list")];
  const write = enter(limits, "create");
  refused(() => enter(limits, "get"));
  refused(() => enter(limits, "delete"));
  const metrics = await registry.metrics();
  assert.match(metrics, /apiserver_current_inflight_requests\{request_kind="readOnly"\} 2\n/);
  assert.match(metrics, /apiserver_dropped_requests_total\{request_kind="mutating"\} 1\n/);
  for (const entered of [...reads, write]) entered[Symbol.dispose]();
  enter(limits, "get");
  enter(limits, "patch");
});

test("administrators are never refused, and 0 is no bound", () => {
  const limits = new InFlightLimits({ readOnly: 1, mutating: 0 }, createRegistry());
  enter(limits, "get");
  enter(limits, "get", user("system:masters"));
  for (let index = 0; index < 1_000; index += 1) enter(limits, "update");
  refused(() => enter(limits, "get", user("system:authenticated")));
});

test("long-running requests are not counted", () => {
  const limits = new InFlightLimits({ readOnly: 1, mutating: 1 }, createRegistry());
  const watch = parseRequestInfo("GET", "/api/v1/pods?watch=1");
  for (let index = 0; index < 10; index += 1) {
    assert.equal(limits.enter(user(), watch, new AbortController().signal, undefined), undefined);
  }
  enter(limits, "get");
});
