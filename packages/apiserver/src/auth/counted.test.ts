import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "@kube-ts/std/clock";
import { HotCounter } from "@kube-ts/std/hot-metrics";
import { Registry } from "@kube-ts/std/metrics";
import { alwaysAllow, alwaysDeny } from "./authorization.ts";
import type { AuthenticationOutcome } from "./authenticator.ts";
import type { AuthorizationAttributes } from "./authorizer.ts";
import { CountedAuthenticator } from "./counted-authenticator.ts";
import { CountedAuthorizer } from "./counted-authorizer.ts";
import { TimedAuthorizer } from "./timed-authorizer.ts";

const signal = new AbortController().signal;
const named = (name: string): AuthenticationOutcome => ({
  kind: "user",
  user: { name, uid: "", groups: [], extra: {} },
});

async function linesOf(registry: Registry): Promise<string[]> {
  const lines = (await registry.metrics()).split("\n");
  return lines.filter((line) => line !== "" && !line.startsWith("#") && !line.includes("_duration_seconds"));
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
  const counted = new CountedAuthenticator(inner, registry, new FakeClock(0));
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
  const decisions = new HotCounter({
    name: "decisions",
    help: "Decisions.",
    labelNames: ["type", "name", "decision"],
    registry,
  });
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

test("attempts are timed by how they ended", async () => {
  const registry = new Registry();
  const clock = new FakeClock(0);
  const answers = [
    { decision: "allow", reason: "" },
    { decision: "deny", reason: "" },
    { decision: "noOpinion", reason: "" },
    { decision: "noOpinion", reason: "", problem: "down" },
  ] as const;
  let next = 0;
  const slow = {
    authorize: async () => {
      const answer = answers[next] ?? answers[0];
      next += 1;
      await clock.advance(3);
      return answer;
    },
  };
  const timed = new TimedAuthorizer(slow, registry, clock);
  const user = { name: "x", uid: "", groups: [], extra: {} };
  for (const answer of answers) {
    assert.equal(await timed.authorize({ kind: "path", user, verb: "get", path: "/" }, signal), answer);
  }
  const text = await registry.metrics();
  for (const result of ["allowed", "denied", "no-opinion", "error"]) {
    assert.match(text, new RegExp(`^authorization_attempts_total\\{result="${result}"\\} 1$`, "m"));
    assert.match(text, new RegExp(`^authorization_duration_seconds_bucket\\{le="0.002",result="${result}"\\} 0$`, "m"));
    assert.match(text, new RegExp(`^authorization_duration_seconds_bucket\\{le="0.004",result="${result}"\\} 1$`, "m"));
  }
});
