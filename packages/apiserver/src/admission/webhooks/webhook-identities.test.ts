import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "@kube-ts/std/clock";
import { KubeconfigIdentities, userNameFor } from "./webhook-identities.ts";

const users = ["hook.ns.svc:8443", "*.ns.svc:8443", "*.example.com", "*", "mine"].map((name) => ({
  name,
  user: { token: `for ${name}` },
}));
const current = { contexts: [{ name: "x", context: { user: "mine" } }], "current-context": "x" };

const cases: readonly [string, string | undefined][] = [
  ["hook.ns.svc:8443", "hook.ns.svc:8443"],
  ["other.ns.svc:8443", "*.ns.svc:8443"],
  ["other.ns.svc:443", "*"],
  ["a.example.com:443", "*.example.com"],
  ["a.b.example.com:443", "*.example.com"],
  ["a.example.com:444", "*"],
];

for (const [authority, user] of cases) {
  test(`${authority} knows the server as ${user}`, () =>
    assert.equal(userNameFor({ users, ...current }, authority), user));
}

test("without a user for all it is the one of the current context, if any", () => {
  const few = users.filter(({ name }) => name === "mine");
  assert.equal(userNameFor({ users: few, ...current }, "a:443"), "mine");
  assert.equal(userNameFor({ users: few }, "a:443"), undefined);
});

test("a webhook is shown the user's credentials", async () => {
  const identities = new KubeconfigIdentities({ users, ...current }, new FakeClock());
  const signal = AbortSignal.timeout(60_000);
  const identity = await identities.of("hook.ns.svc:8443", signal);
  assert.deepEqual(identity?.headers, { authorization: "Bearer for hook.ns.svc:8443" });
  assert.equal(identity.cert, undefined);
  assert.equal(await new KubeconfigIdentities({}, new FakeClock()).of("a:443", signal), undefined);
});
