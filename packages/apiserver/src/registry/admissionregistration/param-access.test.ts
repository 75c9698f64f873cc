import assert from "node:assert/strict";
import { test } from "node:test";
import type {
  MutatingAdmissionPolicyBinding,
  ParamRef,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
} from "@kube-ts/api/admissionregistration/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { validatingAdmissionPolicies } from "@kube-ts/api/resource-types";
import { refusalOf } from "../../admission/testing/attributes.ts";
import type { AuthorizationAttributes } from "../../auth/authorizer.ts";
import { MemoryObjects } from "../../auth/testing/memory-objects.ts";
import type { WriteRequest } from "../write-request.ts";
import { paramAccessHooks } from "./param-access.ts";

/** Writes as a user who may do what `allowed` has, and records what was asked. */
function access(allowed: readonly string[], groups: readonly string[] = ["system:authenticated"]) {
  const asked: string[] = [];
  const objects = new MemoryObjects();
  const policy = (name: string, kind: string): ValidatingAdmissionPolicy => ({
    metadata: { name },
    spec: { paramKind: { apiVersion: "example.com/v1", kind } },
  });
  objects.put(validatingAdmissionPolicies, policy("known", "Limit"));
  objects.put(validatingAdmissionPolicies, policy("unknown", "Other"));
  const authorize = (attributes: AuthorizationAttributes) => {
    if (attributes.kind !== "resource") throw new Error("asked for a path");
    const { verb, group, version, resource, namespace, name } = attributes;
    const question = `${verb} ${group}/${version}/${resource} ${namespace}/${name}`;
    asked.push(question);
    return { decision: allowed.includes(question) ? ("allow" as const) : ("noOpinion" as const), reason: "" };
  };
  const hooks = paramAccessHooks({
    authorizer: () => ({ authorize }),
    source: () => objects,
    pluralOf: (group, kind) => (group === "example.com" && kind === "Limit" ? "limits" : undefined),
  });
  const user = { name: "alice", uid: "", groups, extra: {} };
  const request = { context: { user }, signal: new AbortController().signal } as unknown as WriteRequest<KubeObject>;
  const write = (plural: string, object: KubeObject, old?: KubeObject) => {
    const hook = hooks.get(`admissionregistration.k8s.io/${plural}`);
    assert.ok(hook?.beforeWrite);
    return refusalOf(async () => void (await hook.beforeWrite?.(object, old, request)));
  };
  return { asked, write };
}

const policy = (kind?: string): ValidatingAdmissionPolicy => ({
  metadata: { name: "p" },
  spec: { ...(kind !== undefined && { paramKind: { apiVersion: "example.com/v1", kind } }) },
});
const binding = (policyName: string, paramRef?: ParamRef): ValidatingAdmissionPolicyBinding => ({
  metadata: { name: "b" },
  spec: { policyName, ...(paramRef && { paramRef }) },
});

const onAll = "get example.com/v1/limits */*";

test("policies with parameters are for those who may read them all", async () => {
  for (const plural of ["validatingadmissionpolicies", "mutatingadmissionpolicies"]) {
    const refused = access([]);
    assert.match(
      await refused.write(plural, policy("Limit")),
      /^422 .*spec\.paramKind: Forbidden: user &\{alice {2}\[system:authenticated\] map\[\]\} must have "get" permission on all objects of the referenced paramKind \(kind=Limit, apiVersion=example\.com\/v1\)$/,
    );
    assert.deepEqual(refused.asked, [onAll]);
    assert.equal(await access([onAll]).write(plural, policy("Limit")), "");
  }
  const { asked, write } = access([]);
  assert.equal(await write("validatingadmissionpolicies", policy()), "");
  assert.equal(await write("validatingadmissionpolicies", policy("Limit"), policy("Limit")), "");
  assert.deepEqual(asked, []);
  assert.match(await write("validatingadmissionpolicies", policy("Limit"), policy()), /^422/);
  assert.match(await write("validatingadmissionpolicies", policy("Other")), /^422/);
  assert.deepEqual(asked, [onAll, "get example.com/v1/* */*"]);
  assert.equal(await access([], ["system:masters"]).write("validatingadmissionpolicies", policy("Limit")), "");
});

test("bindings are for those who may read the parameters that they name", async () => {
  const plural = "validatingadmissionpolicybindings";
  const cases: [string, ParamRef, string][] = [
    ["known", { name: "a", namespace: "ns" }, "get example.com/v1/limits ns/a"],
    ["known", { name: "a" }, "get example.com/v1/limits /a"],
    ["known", { selector: {} }, "list example.com/v1/limits /"],
    ["unknown", { name: "a" }, "get example.com/v1/* /a"],
    ["gone", { name: "a" }, "get */*/* /a"],
  ];
  for (const [policyName, paramRef, question] of cases) {
    const refused = access([]);
    assert.match(
      await refused.write(plural, binding(policyName, paramRef)),
      /^422 .*spec\.paramRef: Forbidden: user .* does not have "(get|list)" permission on the object referenced by paramRef$/,
    );
    assert.deepEqual(refused.asked, [question]);
    assert.equal(await access([question]).write(plural, binding(policyName, paramRef)), "");
  }
  const { asked, write } = access([]);
  assert.equal(await write(plural, binding("known")), "");
  assert.equal(await write(plural, binding("known", { name: "a" }), binding("known", { name: "a" })), "");
  assert.deepEqual(asked, []);
  assert.match(await write(plural, binding("known", { name: "a" }), binding("gone", { name: "a" })), /^422/);
});

test("a mutating policy's binding is judged by the mutating policy", async () => {
  const object: MutatingAdmissionPolicyBinding = binding("known", { name: "a" });
  const { asked, write } = access([]);
  assert.match(await write("mutatingadmissionpolicybindings", object), /^422/);
  assert.deepEqual(asked, ["get */*/* /a"]);
});
