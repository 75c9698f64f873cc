import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { Registry } from "@kube-ts/std/metrics";
import type { AuthorizationAttributes } from "../authorizer.ts";
import { compileMatchConditions } from "./match-conditions.ts";
import { WebhookAuthorizer, type WebhookAuthorizerOptions } from "./webhook-authorizer.ts";
import { AuthorizationWebhookMetrics } from "./webhook-metrics.ts";

const signal = new AbortController().signal;
const attributes: AuthorizationAttributes & { readonly kind: "resource" } = {
  kind: "resource",
  user: { name: "alice", uid: "1", groups: ["dev"], extra: { "example.org/key": ["v"] } },
  verb: "list",
  group: "",
  version: "v1",
  resource: "pods",
  subresource: "",
  namespace: "default",
  name: "",
};

function set(answer: () => object, options: Partial<WebhookAuthorizerOptions> = {}, conditions: string[] = []) {
  const asked: { readonly [field: string]: unknown }[] = [];
  const clock = new FakeClock(1_000);
  const registry = new Registry();
  const webhook = {
    post: (review: object) => {
      asked.push(review as { readonly [field: string]: unknown });
      try {
        return Promise.resolve({ status: answer() });
      } catch (error) {
        return Promise.reject(error);
      }
    },
  };
  const authorizer = new WebhookAuthorizer({
    name: "hook",
    webhook,
    version: "v1",
    authorizedMs: 5_000,
    unauthorizedMs: 1_000,
    failurePolicy: "NoOpinion",
    matchConditions: compileMatchConditions(conditions, "", []),
    clock,
    log: silentLogger,
    metrics: new AuthorizationWebhookMetrics(registry),
    ...options,
  });
  const ask = async (changes: object = {}) => authorizer.authorize({ ...attributes, ...changes }, signal);
  return { asked, clock, ask, authorizer, registry };
}

test("a webhook allows, denies, or leaves it to others", async () => {
  assert.deepEqual(await set(() => ({ allowed: true, reason: "fine" })).ask(), { decision: "allow", reason: "fine" });
  assert.deepEqual(await set(() => ({ allowed: false, denied: true })).ask(), { decision: "deny", reason: "" });
  assert.deepEqual(await set(() => ({ allowed: false })).ask(), { decision: "noOpinion", reason: "" });
  const both = await set(() => ({ allowed: true, denied: true })).ask();
  assert.equal(both.problem, "webhook subject access review returned both allow and deny response");
  assert.equal(both.decision, "deny");
});

test("a webhook is told everything there is to know", async () => {
  const { asked, ask } = set(() => ({}));
  await ask({ fieldSelector: "spec.nodeName=n1,status.phase!=Failed", labelSelector: "app in (b,a),!gone" });
  assert.deepEqual(asked[0]?.["spec"], {
    resourceAttributes: {
      namespace: "default",
      verb: "list",
      version: "v1",
      resource: "pods",
      fieldSelector: {
        requirements: [
          { key: "spec.nodeName", operator: "In", values: ["n1"] },
          { key: "status.phase", operator: "NotIn", values: ["Failed"] },
        ],
      },
      labelSelector: {
        requirements: [
          { key: "app", operator: "In", values: ["a", "b"] },
          { key: "gone", operator: "DoesNotExist" },
        ],
      },
    },
    user: "alice",
    groups: ["dev"],
    extra: { "example.org/key": ["v"] },
    uid: "1",
  });
  const old = set(() => ({}), { version: "v1beta1" });
  await old.authorizer.authorize({ kind: "path", user: attributes.user, verb: "get", path: "/logs" }, signal);
  assert.equal(old.asked[0]?.["apiVersion"], "authorization.k8s.io/v1beta1");
  const spec = old.asked[0]?.["spec"] as
    | { readonly group?: unknown; readonly nonResourceAttributes?: unknown }
    | undefined;
  assert.deepEqual([spec?.group, spec?.nonResourceAttributes], [["dev"], { path: "/logs", verb: "get" }]);
});

test("decisions are remembered as long as they may be, failures never", async () => {
  let status: object = { allowed: true };
  const { asked, ask, clock } = set(() => {
    if ("error" in status) throw new Error("down");
    return status;
  });
  await ask();
  await ask();
  assert.equal(asked.length, 1);
  await ask({ name: "other" });
  assert.equal(asked.length, 2);
  await clock.advance(5_001);
  status = { allowed: false };
  await ask();
  await clock.advance(999);
  await ask();
  assert.equal(asked.length, 3);
  await clock.advance(2);
  status = { error: true };
  assert.equal((await ask()).problem, "down");
  assert.equal((await ask()).problem, "down");
  assert.equal(asked.length, 5);
});

test("what is too long to be kept is asked for each time", async () => {
  const { asked, ask } = set(() => ({ allowed: true }));
  for (let turn = 0; turn < 2; turn += 1) await ask({ name: "x".repeat(10_000) });
  assert.equal(asked.length, 2);
});

test("without an answer the failure policy decides", async () => {
  const fail = () => {
    throw new Error("down");
  };
  assert.deepEqual(await set(fail).ask(), { decision: "noOpinion", reason: "", problem: "down" });
  const strict = set(fail, { failurePolicy: "Deny" });
  assert.deepEqual(await strict.ask(), { decision: "deny", reason: "", problem: "down" });
});

test("a webhook is asked only where its conditions hold", async () => {
  const conditions = ["has(request.resourceAttributes)", "request.resourceAttributes.namespace == 'default'"];
  const { asked, ask, authorizer } = set(() => ({ allowed: true }), { failurePolicy: "Deny" }, conditions);
  assert.equal((await ask()).decision, "allow");
  assert.deepEqual(await ask({ namespace: "other" }), { decision: "noOpinion", reason: "" });
  const path = await authorizer.authorize({ kind: "path", user: attributes.user, verb: "get", path: "/" }, signal);
  assert.deepEqual(path, { decision: "noOpinion", reason: "" });
  assert.equal(asked.length, 1);
});

test("a condition that cannot be evaluated is a failure, unless another one does not hold", async () => {
  const broken = "request.extra['none'][0] == 'x'";
  const failing = set(() => ({}), { failurePolicy: "Deny" }, [broken]);
  const answer = await failing.ask();
  assert.equal(answer.decision, "deny");
  assert.match(answer.problem ?? "", /no such key: none/);
  const decided = set(() => ({}), { failurePolicy: "Deny" }, [broken, "request.user == 'bob'"]);
  assert.deepEqual(await decided.ask(), { decision: "noOpinion", reason: "" });
});

test("rules cannot be listed", () => {
  const { incomplete, problems } = set(() => ({})).authorizer.rulesFor();
  assert.equal(incomplete, true);
  assert.deepEqual(problems, ["webhook authorizer does not support user rule resolution"]);
});

test("failures that leave the question to others and match conditions are counted", async () => {
  const failing = set(
    () => {
      throw new Error("unreachable");
    },
    {},
    ["request.user == 'alice'"],
  );
  await failing.ask();
  await failing.ask({ user: { ...attributes.user, name: "bob" } });
  const text = await failing.registry.metrics();
  const counted = text.split("\n").filter((line) => /_total\{/.test(line));
  assert.deepEqual(counted, [
    'apiserver_authorization_webhook_evaluations_fail_open_total{name="hook",result="error"} 1',
    'apiserver_authorization_match_condition_exclusions_total{type="Webhook",name="hook"} 1',
  ]);
  assert.match(text, /match_condition_evaluation_seconds_count\{type="Webhook",name="hook"\} 2/);
});
