import assert from "node:assert/strict";
import { test } from "node:test";
import { planBinding, planRole } from "./reconcile-plan.ts";

const options = { removeExtraPermissions: false, removeExtraSubjects: false };
const role = (...rules: object[]) => ({ metadata: { name: "r" }, rules });
const rule = (resources: string[], verbs: string[]) => ({ apiGroups: [""], resources, verbs });

test("a role that is not there is created", () => {
  assert.equal(planRole(role(rule(["pods"], ["get"])), undefined, options).operation, "create");
});

test("what a role allows already, by a star too, is not added", () => {
  const plan = planRole(role(rule(["pods/log"], ["get"])), role(rule(["*"], ["*"])), options);
  assert.equal(plan.operation, "none");
});

test("what is missing is added, what is more stays unless told otherwise", () => {
  const wanted = role(rule(["pods", "secrets"], ["get"]));
  const current = role(rule(["pods"], ["get", "list"]));
  assert.deepEqual(planRole(wanted, current, options).object["rules"], [
    rule(["pods"], ["get", "list"]),
    rule(["secrets"], ["get"]),
  ]);
  const exact = planRole(wanted, current, { ...options, removeExtraPermissions: true });
  assert.deepEqual(exact.object["rules"], wanted.rules);
});

test("a binding to another role is made anew", () => {
  const binding = (name: string) => ({ metadata: { name: "b" }, roleRef: { kind: "Role", name }, subjects: [] });
  assert.equal(planBinding(binding("a"), binding("b"), options).operation, "recreate");
  assert.equal(planBinding(binding("a"), binding("a"), options).operation, "none");
});
