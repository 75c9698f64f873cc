import assert from "node:assert/strict";
import { test } from "node:test";
import { TokenWebhook } from "./token-webhook.ts";

const signal = new AbortController().signal;

function set(status: unknown, version = "v1") {
  const asked: object[] = [];
  const webhook = {
    post: (review: object) => {
      asked.push(review);
      return status instanceof Error ? Promise.reject(status) : Promise.resolve({ status });
    },
  };
  const tokens = new TokenWebhook(webhook, { version, apiAudiences: ["api"] });
  return { asked, ask: (audiences?: readonly string[]) => tokens.authenticateToken("t", audiences, signal) };
}

const known = (more: object = {}) => ({ authenticated: true, user: { username: "a", groups: ["g"] }, ...more });

test("a webhook tells whose a token is", async () => {
  const { asked, ask } = set(
    known({ user: { username: "a", uid: "1", groups: ["g"], extra: { k: ["v"] } } }),
    "v1beta1",
  );
  const outcome = await ask();
  assert.ok(outcome.kind === "user");
  const { extra, ...user } = outcome.user;
  assert.deepEqual(user, { name: "a", uid: "1", groups: ["g", "system:authenticated"] });
  assert.deepEqual({ ...extra }, { k: ["v"] });
  assert.deepEqual(asked, [
    {
      kind: "TokenReview",
      apiVersion: "authentication.k8s.io/v1beta1",
      metadata: { creationTimestamp: null },
      spec: { token: "t", audiences: ["api"] },
      status: { user: {} },
    },
  ]);
});

test("audiences have to meet", async () => {
  const audiences = async (offered: readonly string[] | undefined, wanted?: readonly string[]) => {
    const outcome = await set(known(offered && { audiences: offered })).ask(wanted);
    return outcome.kind === "user" ? outcome.audiences : outcome.kind;
  };
  assert.deepEqual(await audiences(undefined), ["api"]);
  assert.deepEqual(await audiences(["api", "x"]), ["api"]);
  assert.equal(await audiences(["x"]), "unknown");
  assert.deepEqual(await audiences(["x", "y"], ["y", "z"]), ["y"]);
  // A webhook that knows no audiences speaks for this server.
  assert.equal(await audiences(undefined, ["vault"]), "unknown");
  assert.deepEqual(await audiences(undefined, ["vault", "api"]), ["api"]);
});

test("a webhook may refuse, know nothing, answer nonsense or be out of reach", async () => {
  assert.deepEqual(await set({ authenticated: false, error: "why" }).ask(), { kind: "refused", reason: "why" });
  for (const status of [{ authenticated: false }, {}, undefined, "x", { authenticated: "true", user: {} }]) {
    assert.deepEqual(await set(status).ask(), { kind: "unknown" });
  }
  assert.deepEqual(await set(new Error("down")).ask(), { kind: "refused", reason: "down" });
});
