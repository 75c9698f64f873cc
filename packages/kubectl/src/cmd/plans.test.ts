import assert from "node:assert/strict";
import { test } from "node:test";
import { threeWayPatch } from "./apply-patch.ts";
import { parsePairs, splitArguments } from "./edit-metadata.ts";
import { rolloutStatus } from "./rollout-status.ts";
import { parseGoal } from "./wait.ts";
import { hashedName } from "./create/name-hash.ts";

const deployments = {
  group: "apps",
  version: "v1",
  plural: "deployments",
  singular: "deployment",
  kind: "Deployment",
  namespaced: true,
  shortNames: [],
  categories: [],
  verbs: [],
  subresources: [],
};

function deployment(containers: unknown[], more: object = {}) {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "d" },
    spec: { template: { spec: { containers } }, ...more },
  };
}

test("apply adds and changes what the file says, removes what it said before, and leaves the rest", () => {
  const original = deployment(
    [
      { name: "a", image: "1" },
      { name: "gone", image: "1" },
    ],
    { paused: true },
  );
  const modified = deployment([{ name: "a", image: "2" }]);
  const live = deployment(
    [
      { name: "a", image: "1" },
      { name: "gone", image: "1" },
      { name: "sidecar", image: "9" },
    ],
    { paused: true, replicas: 4 },
  );
  const patch = threeWayPatch(deployments, original, modified, live, true);
  assert.deepEqual(
    patch?.preview,
    deployment(
      [
        { name: "a", image: "2" },
        { name: "sidecar", image: "9" },
      ],
      { replicas: 4 },
    ),
  );
  assert.equal(patch?.contentType, "application/strategic-merge-patch+json");
  assert.equal(threeWayPatch(deployments, modified, modified, { ...modified }, true), undefined);
});

test("kinds that are not known here are merged by JSON merge patch", () => {
  const custom = { ...deployments, group: "x.io", kind: "Foo" };
  const patch = threeWayPatch(
    custom,
    { spec: { a: 1, b: [1] } },
    { spec: { b: [2] } },
    { spec: { a: 1, b: [1], c: 3 } },
    true,
  );
  assert.deepEqual(patch?.body, { spec: { a: null, b: [2] } });
  assert.deepEqual(patch?.preview, { spec: { b: [2], c: 3 } });
});

test("labels come after resources", () => {
  assert.deepEqual(splitArguments(["pods", "x", "a=1", "b-"], "label"), {
    resources: ["pods", "x"],
    pairs: ["a=1", "b-"],
  });
  assert.throws(() => splitArguments(["a=1", "x"], "label"), /all resources must be specified before label changes: x/);
  const kind = { field: "labels", singular: "label" } as const;
  assert.deepEqual(parsePairs(["a=1", "b-"], kind), { set: new Map([["a", "1"]]), remove: ["b"] });
  assert.throws(() => parsePairs(["a=1", "a-"], kind), /can not both modify and remove a label/);
  assert.throws(() => parsePairs(["a=b c"], kind), /invalid label value/);
});

test("the progress of a rollout", () => {
  const status = (values: object) =>
    rolloutStatus(
      "Deployment",
      { metadata: { name: "d", generation: 2 }, spec: { replicas: 3 }, status: { observedGeneration: 2, ...values } },
      0,
    );
  assert.equal(status({ observedGeneration: 1 }).text, "Waiting for deployment spec update to be observed...\n");
  assert.equal(
    status({ updatedReplicas: 1 }).text,
    'Waiting for deployment "d" rollout to finish: 1 out of 3 new replicas have been updated...\n',
  );
  assert.equal(
    status({ updatedReplicas: 3, replicas: 4 }).text,
    'Waiting for deployment "d" rollout to finish: 1 old replicas are pending termination...\n',
  );
  assert.equal(status({ updatedReplicas: 3, replicas: 3, availableReplicas: 2 }).done, false);
  assert.deepEqual(status({ updatedReplicas: 3, replicas: 3, availableReplicas: 3 }), {
    text: 'deployment "d" successfully rolled out\n',
    done: true,
  });
  assert.throws(
    () => status({ conditions: [{ type: "Progressing", reason: "ProgressDeadlineExceeded" }] }),
    /exceeded its progress deadline/,
  );
});

test("what to wait for", () => {
  const holds = (goal: string, object: Record<string, unknown>) => {
    const parsed = parseGoal(goal);
    return parsed.kind === "condition" && parsed.test(object);
  };
  const ready = {
    metadata: { generation: 1 },
    status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
  };
  assert.equal(holds("condition=ready", ready), true);
  assert.equal(holds("condition=Ready=False", ready), false);
  assert.equal(holds("jsonpath={.status.phase}=Running", ready), true);
  assert.equal(holds("jsonpath='{.status.phase}'=Pending", ready), false);
  assert.equal(holds('jsonpath={.status.conditions[?(@.type=="Ready")].status}=True', ready), true);
  assert.equal(
    holds("condition=Ready", {
      ...ready,
      metadata: { generation: 2 },
      status: { ...ready.status, observedGeneration: 1 },
    }),
    false,
  );
  assert.throws(() => parseGoal("foo"), /unrecognized condition: "foo"/);
});

test("hashes of names are upstream's", () => {
  assert.equal(hashedName("c", { data: { a: "b" }, kind: "ConfigMap", name: "c" }), "c-m4h6ctkgb2");
  assert.equal(hashedName("c", { data: { a: "Yg==" }, kind: "Secret", name: "c", type: "" }), "c-mdmchtdbm6");
});

test("without overwriting, a change that undoes somebody else's is refused", () => {
  const original = deployment([{ name: "a", image: "1" }]);
  const modified = deployment([{ name: "a", image: "2" }]);
  const live = deployment([{ name: "a", image: "3" }]);
  assert.throws(
    () => threeWayPatch(deployments, original, modified, live, false),
    /conflicts with changes made from original to current/,
  );
  assert.ok(threeWayPatch(deployments, original, modified, original, false));
});
