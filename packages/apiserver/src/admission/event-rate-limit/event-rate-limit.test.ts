import assert from "node:assert/strict";
import { test } from "node:test";
import type { Event } from "@kube-ts/api/core/v1";
import { events, eventsV1, pods } from "@kube-ts/api/resource-types";
import { FakeClock } from "@kube-ts/std/clock";
import { readPluginConfig } from "../plugin-configuration.ts";
import { refusalOf, writeOf } from "../testing/attributes.ts";
import { eventRateLimitKind } from "./event-rate-limit-configuration.ts";
import { EventRateLimit } from "./event-rate-limit.ts";

function configuration(...limits: object[]): object {
  return { apiVersion: "eventratelimit.admission.k8s.io/v1alpha1", kind: "Configuration", limits };
}

function setUp(...limits: object[]) {
  const clock = new FakeClock();
  const plugin = new EventRateLimit(
    readPluginConfig("EventRateLimit", eventRateLimitKind, configuration(...limits)),
    clock,
  );
  const send = (about: { namespace?: string; user?: string; name?: string } = {}) => {
    const { namespace = "ns", user = "alice", name = "p" } = about;
    const event: Event = {
      metadata: { name: "e", namespace },
      source: { component: "kubelet", host: "h" },
      involvedObject: { kind: "Pod", namespace, name, apiVersion: "v1" },
      reportingComponent: "",
      reportingInstance: "",
    };
    const by = { name: user, uid: "", groups: [], extra: {} };
    return refusalOf(() => plugin.validate(writeOf(events, event, { user: by })));
  };
  return { clock, plugin, send };
}

test("no more events come in than the server's limit says", async () => {
  const { clock, send } = setUp({ type: "Server", qps: 1, burst: 2 });
  assert.deepEqual([await send(), await send()], ["", ""]);
  assert.equal(await send(), "429 Too many requests: limit reached on type Server for key ");
  await clock.advance(1000);
  assert.equal(await send({ namespace: "other" }), "");
  assert.match(await send(), /^429/);
});

const keys: readonly [string, object, object, string][] = [
  ["Namespace", { namespace: "a" }, { namespace: "b" }, "a"],
  ["User", { user: "a" }, { user: "b" }, "a"],
  ["SourceAndObject", { name: "a" }, { name: "b" }, "kubelethPodnsav1"],
];

for (const [type, one, other, key] of keys) {
  test(`limits by ${type} are each other's business not`, async () => {
    const { send } = setUp({ type, qps: 1, burst: 1 });
    assert.deepEqual([await send(one), await send(other)], ["", ""]);
    assert.equal(await send(one), `429 Too many requests: limit reached on type ${type} for key ${key}`);
  });
}

test("what was used longest ago is forgotten, so that memory has a bound", async () => {
  const { send } = setUp({ type: "User", qps: 1, burst: 1, cacheSize: 1 });
  assert.deepEqual([await send({ user: "a" }), await send({ user: "b" }), await send({ user: "a" })], ["", "", ""]);
});

test("what events say at great length is told apart, and not repeated", async () => {
  const { send } = setUp({ type: "SourceAndObject", qps: 1, burst: 1 });
  const name = "x".repeat(100_000);
  assert.deepEqual([await send({ name: `${name}a` }), await send({ name: `${name}b` })], ["", ""]);
  assert.ok((await send({ name: `${name}a` })).length < 400);
});

test("nothing but events is limited, in either group", async () => {
  const { plugin } = setUp({ type: "Server", qps: 1, burst: 1 });
  const pod = { metadata: { name: "p" }, spec: { containers: [] } };
  for (const _round of [1, 2]) assert.equal(await refusalOf(() => plugin.validate(writeOf(pods, pod))), "");
  const event = { metadata: { name: "e" }, eventTime: "2026-01-01T00:00:00.000000Z" };
  assert.equal(await refusalOf(() => plugin.validate(writeOf(eventsV1, event))), "");
  assert.match(await refusalOf(() => plugin.validate(writeOf(eventsV1, event))), /^429/);
});

test("a configuration has to be right", () => {
  const read =
    (...limits: object[]) =>
    () =>
      readPluginConfig("EventRateLimit", eventRateLimitKind, configuration(...limits));
  assert.throws(read(), /limits: Invalid value: \[\]: must not be empty/);
  assert.throws(
    read({ type: "Pod", qps: 1, burst: 1 }),
    /limits\[0\].type: Unsupported value: "Pod": supported values:/,
  );
  assert.throws(read({ type: "User", qps: 0, burst: -1 }), /burst: Invalid value: -1.*qps: Invalid value: 0/);
});
