import assert from "node:assert/strict";
import { test } from "node:test";
import { Registry } from "@kube-ts/std/metrics";
import { alwaysAllow, alwaysDeny } from "./authorization.ts";
import type { AuthenticationOutcome } from "./authenticator.ts";
import type { AuthorizationAttributes } from "./authorizer.ts";
import { CountedAuthenticator } from "./counted-authenticator.ts";
import { CountedAuthorizer } from "./counted-authorizer.ts";
import { OutcomeCounter } from "./outcome-counter.ts";

const signal = new AbortController().signal;
const named = (name: string): AuthenticationOutcome => ({
  kind: "user",
  user: { name, uid: "", groups: [], extra: {} },
});

async function linesOf(registry: Registry): Promise<string[]> {
  return (await registry.metrics()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

test("attempts are counted, and names that anybody may have are not shown", async () => {
  const registry = new Registry();
  const outcomes = [
    named("admin"),
    named("alice"),
    named("bob"),
    named("a@example.com"),
    { kind: "refused", reason: "no" } as const,
    { kind: "unknown" } as const,
  ];
  let next = 0;
  const inner = {
    authenticate: () => {
      const outcome = outcomes[next] ?? named("x");
      next += 1;
      return next % 2 === 0 ? outcome : Promise.resolve(outcome);
    },
  };
  const counted = new CountedAuthenticator(inner, registry);
  for (const expected of outcomes) {
    assert.equal(await counted.authenticate({ certificate: undefined, token: undefined }, signal), expected);
  }
  const expected = [
    'authentication_attempts{result="success"} 4',
    'authentication_attempts{result="error"} 1',
    'authentication_attempts{result="failure"} 1',
    'authenticated_user_requests{username="admin"} 1',
    'authenticated_user_requests{username="other"} 2',
    'authenticated_user_requests{username="email_id"} 1',
  ];
  assert.deepEqual(await linesOf(registry), expected);
  // Reading does not count.
  assert.deepEqual(await linesOf(registry), expected);
});

test("decisions are counted by who made them", async () => {
  const registry = new Registry();
  const decisions = new OutcomeCounter("decisions", "Decisions.", ["type", "name", "decision"], registry);
  const attributes: AuthorizationAttributes = {
    kind: "path",
    user: { name: "x", uid: "", groups: [], extra: {} },
    verb: "get",
    path: "/",
  };
  const open = new CountedAuthorizer(alwaysAllow, { type: "AlwaysAllow", name: "open" }, decisions);
  const closed = new CountedAuthorizer(alwaysDeny, { type: "AlwaysDeny", name: "closed" }, decisions);
  for (let turn = 0; turn < 3; turn += 1) await open.authorize(attributes, signal);
  await closed.authorize(attributes, signal);
  assert.deepEqual(await linesOf(registry), ['decisions{type="AlwaysAllow",name="open",decision="allowed"} 3']);
  assert.equal(open.rulesFor(attributes.user, "").rules.length, 2);
});
