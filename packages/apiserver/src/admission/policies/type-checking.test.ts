import assert from "node:assert/strict";
import { it } from "node:test";
import type { NamedRuleWithOperations, ValidatingAdmissionPolicy } from "@kube-ts/api/admissionregistration/v1";
import { typeById } from "@kube-ts/api/schema-registry";
import { objectCelType } from "./object-cel-type.ts";
import { type CheckedKinds, typeWarnings } from "./type-checking.ts";

const kinds: CheckedKinds = {
  ofResource: ({ group, version, resource }) => {
    const kind = { deployments: "Deployment", replicasets: "ReplicaSet" }[resource];
    if (group !== "apps" || version !== "v1" || !kind) return undefined;
    return { kind: { group, version, kind }, variable: { type: objectCelType(typeById(`apps/v1.${kind}`)) } };
  },
  ofParams: () => ({ type: objectCelType(typeById("core/v1.ConfigMap")) }),
};

function warnings(
  spec: ValidatingAdmissionPolicy["spec"],
  rule: Partial<NamedRuleWithOperations> = {},
): readonly string[] {
  const resourceRules = [
    { operations: ["*" as const], apiGroups: ["apps"], apiVersions: ["v1"], resources: ["deployments"], ...rule },
  ];
  const policy = { metadata: { name: "p" }, spec: { matchConstraints: { resourceRules }, ...spec } };
  return typeWarnings(policy, kinds).map(({ fieldRef, warning }) => `${fieldRef} ${warning}`);
}

const validation = (expression: string, messageExpression = "") => ({
  validations: [{ expression, messageExpression }],
});

it("what fits the types is not warned of", () => {
  const right = "object.spec.template.spec.containers.all(c, c.image != '' && c.resources.limits.size() > 0)";
  assert.deepEqual(warnings(validation(right, "object.metadata.labels['a'] + string(object.spec.replicas)")), []);
});

it("fields that are not there and operators that do not fit are", () => {
  assert.deepEqual(warnings(validation("object.spec.replicated > 1", "object.metadata.name + 1")), [
    "spec.validations[0].expression apps/v1, Kind=Deployment: ERROR: <input>:1:12: undefined field 'replicated'\n | object.spec.replicated > 1\n | ...........^\n",
    "spec.validations[0].messageExpression apps/v1, Kind=Deployment: ERROR: <input>:1:22: found no matching overload for '_+_' applied to '(string, int)'\n | object.metadata.name + 1\n | .....................^\n",
  ]);
});

it("variables and parameters have their types", () => {
  const variables = [{ name: "n", expression: "object.spec.replicas" }];
  const spec = { variables, paramKind: { apiVersion: "v1", kind: "ConfigMap" } };
  assert.deepEqual(warnings({ ...spec, ...validation("variables.n > int(params.data['n'])") }), []);
  assert.match(warnings({ ...spec, ...validation("variables.n == 'a'") })[0] ?? "", /no matching overload for '_==_'/);
  assert.match(warnings({ ...spec, ...validation("params.nothing == 1") })[0] ?? "", /undefined field 'nothing'/);
});

it("all kinds are named that have a problem, and rules that leave them open are left out", () => {
  const wrong = validation("object.spec.strategy == null");
  const [both] = warnings(wrong, { resources: ["replicasets", "deployments"] });
  assert.match(both ?? "", /Kind=ReplicaSet: ERROR: .*undefined field 'strategy'/);
  for (const open of [
    { resources: ["*"] },
    { apiGroups: ["*"] },
    { apiVersions: ["*"] },
    { resources: ["deployments/scale"] },
  ]) {
    assert.deepEqual(warnings(validation("object.nothing"), open), []);
  }
});
