import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type {
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
} from "@kube-ts/api/admissionregistration/v1";
import type { CompileExpression, ExpressionUse } from "../meta/compile-expression.ts";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import { mutatingAdmissionPolicyResource } from "./mutating-admission-policy.ts";
import { mutatingAdmissionPolicyBindingResource, validatingAdmissionPolicyBindingResource } from "./policy-binding.ts";
import { validatingAdmissionPolicyResource } from "./validating-admission-policy.ts";

const metadata = { name: "limits", creationTimestamp: "2026-01-31T11:59:00Z" };
const rule = { operations: ["CREATE"], apiGroups: ["apps"], apiVersions: ["v1"], resources: ["deployments"] };
const matchConstraints = { resourceRules: [rule] };
const compiled: { expression: string; use: ExpressionUse }[] = [];
/** Takes every expression that does not say that it is wrong. */
const compile: CompileExpression = (expression, use) => {
  compiled.push({ expression, use });
  return expression.includes("wrong") ? { reason: "invalid", detail: "it says so" } : undefined;
};
const qualifiedText =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const label1035Text =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

describe("a validating admission policy", () => {
  const bench = new RuleBench<ValidatingAdmissionPolicy>(validatingAdmissionPolicyResource(compile));
  const plain = { matchConstraints, validations: [{ expression: "true" }] };

  it("is filled in", () => {
    assert.deepEqual(bench.decode({ metadata, spec: plain }).spec, {
      matchConstraints: {
        resourceRules: [{ ...rule, scope: "*" }],
        matchPolicy: "Equivalent",
        namespaceSelector: {},
        objectSelector: {},
      },
      validations: [{ expression: "true" }],
      failurePolicy: "Fail",
    });
  });

  function create(what: string, spec: Draft, errors: readonly string[]): void {
    it(what, () => assert.deepEqual(bench.createErrors({ metadata, spec: { ...plain, ...spec } }), errors));
  }

  create("may be right", { paramKind: { apiVersion: "v1", kind: "ConfigMap" } }, []);
  create("checks or notes something", { validations: [] }, [
    "spec.validations: Required value: validations or auditAnnotations must contain at least one item",
    "spec.auditAnnotations: Required value: validations or auditAnnotations must contain at least one item",
  ]);
  create("is for something", { matchConstraints: undefined, failurePolicy: "Panic" }, [
    'spec.failurePolicy: Unsupported value: "Panic": supported values: "Fail", "Ignore"',
    "spec.matchConstraints: Required value",
  ]);
  create("is for some resources", { matchConstraints: { matchPolicy: "Nearly" } }, [
    'spec.matchConstraints.matchPolicy: Unsupported value: "Nearly": supported values: "Equivalent", "Exact"',
    "spec.matchConstraints.resourceRules: Required value",
  ]);
  create(
    "is for different objects",
    { matchConstraints: { resourceRules: [{ ...rule, operations: ["EAT"], resourceNames: ["a/b", "c", "c"] }] } },
    [
      `spec.matchConstraints.resourceRules[0].resourceNames[0]: Invalid value: "a/b": may not contain '/'`,
      'spec.matchConstraints.resourceRules[0].resourceNames[2]: Duplicate value: "c"',
      'spec.matchConstraints.resourceRules[0].operations[0]: Unsupported value: "EAT": supported values: "*", "CONNECT", "CREATE", "DELETE", "UPDATE"',
    ],
  );
  create("has parameters of a kind", { paramKind: {} }, [
    "spec.paramKind.apiVersion: Required value",
    "spec.paramKind.kind: Required value",
  ]);
  create("has parameters of a right kind", { paramKind: { apiVersion: "A b/1", kind: "1" } }, [
    `spec.paramKind.apiVersion: Invalid value: "A b": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
    `spec.paramKind.apiVersion: Invalid value: "1": ${label1035Text}`,
    `spec.paramKind.kind: Invalid value: "1": may have mixed case, but should otherwise match: ${label1035Text}`,
  ]);
  create("has parameters of one version", { paramKind: { apiVersion: "a/b/c", kind: "A" } }, [
    'spec.paramKind.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c',
  ]);
  create("has parameters of a version", { paramKind: { apiVersion: "apps/", kind: "A" } }, [
    'spec.paramKind.apiVersion: Invalid value: "apps/": version must be specified',
  ]);
  create(
    "has right variables",
    { variables: [{ name: "a", expression: "1" }, {}, { name: "in", expression: "wrong" }] },
    [
      "spec.variables[1].name: Required value: name is not specified",
      "spec.variables[1].expression: Required value: expression is not specified",
      'spec.variables[2].name: Invalid value: "in": must be a valid CEL identifier',
      'spec.variables[2].expression: Invalid value: "wrong": it says so',
    ],
  );
  create(
    "has right checks",
    {
      validations: [
        { expression: " ", message: " ", messageExpression: " ", reason: "Odd" },
        { expression: "wrong", message: "a\nb", messageExpression: "wrong too", reason: "Forbidden" },
      ],
    },
    [
      "spec.validations[0].expression: Required value: expression is not specified",
      'spec.validations[0].messageExpression: Invalid value: " ": must be non-empty if specified',
      'spec.validations[0].message: Invalid value: " ": must be non-empty if specified',
      'spec.validations[0].reason: Unsupported value: "Odd": supported values: "Forbidden", "Invalid", "RequestEntityTooLarge"',
      'spec.validations[1].expression: Invalid value: "wrong": it says so',
      'spec.validations[1].messageExpression: Invalid value: "wrong too": it says so',
      'spec.validations[1].message: Invalid value: "a\\nb": must not contain line breaks',
    ],
  );
  create(
    "has right annotations",
    {
      auditAnnotations: [
        { key: "a b", valueExpression: " " },
        { key: "c", valueExpression: "x".repeat(5121) },
        { key: "c", valueExpression: "wrong" },
      ],
    },
    [
      `spec.auditAnnotations[0].key: Invalid value: "limits/a b": ${qualifiedText}`,
      "spec.auditAnnotations[0].valueExpression: Required value: valueExpression is not specified",
      "spec.auditAnnotations[1].valueExpression: Required value: must not exceed 5120 bytes in length",
      'spec.auditAnnotations[2].valueExpression: Invalid value: "wrong": it says so',
      'spec.auditAnnotations[2].key: Duplicate value: "c"',
    ],
  );
  create("has right conditions", { matchConditions: [{ name: "a", expression: "wrong" }] }, [
    'spec.matchConditions[0].expression: Invalid value: "wrong": it says so',
  ]);

  it("has expressions that see what belongs to them", () => {
    compiled.length = 0;
    const variables = [
      { name: "a", expression: "1" },
      { name: "b", expression: "2" },
    ];
    const spec = {
      ...plain,
      paramKind: { apiVersion: "v1", kind: "ConfigMap" },
      variables,
      matchConditions: [{ name: "c", expression: "true" }],
      validations: [{ expression: "v", messageExpression: "m" }],
      auditAnnotations: [{ key: "k", valueExpression: "x" }],
    };
    bench.createErrors({ metadata, spec });
    const shared = { environment: "admission", hasParams: true, hasAuthorizer: true };
    const all = { all: variables, count: 2 };
    assert.deepEqual(compiled, [
      { expression: "true", use: { ...shared, result: "bool" } },
      { expression: "1", use: { ...shared, result: "any", variables: { all: variables, count: 0 } } },
      { expression: "2", use: { ...shared, result: "any", variables: { all: variables, count: 1 } } },
      { expression: "v", use: { ...shared, result: "bool", variables: all } },
      { expression: "m", use: { ...shared, result: "string", variables: all, hasAuthorizer: false } },
      { expression: "x", use: { ...shared, result: "stringOrNull", variables: all } },
    ]);
  });

  it("counts changes and has a status of its own", () => {
    const old = bench.prepared({ metadata, spec: plain, status: { observedGeneration: 7 } });
    assert.deepEqual([old.status, old.metadata.generation], [{}, 1]);
    assert.equal(bench.updated(old, (next) => (next.spec.failurePolicy = "Ignore")).metadata.generation, 2);
    const change = (next: ValidatingAdmissionPolicy) => {
      next.metadata.labels = { a: "b" };
      next.spec.failurePolicy = "Ignore";
      next.status = { typeChecking: { expressionWarnings: [{ fieldRef: "spec.a[", warning: "" }] } };
    };
    const updated = bench.updated(old, change, "status");
    assert.deepEqual([updated.spec.failurePolicy, updated.metadata.labels], ["Fail", undefined]);
    const [warning, fieldRef] = bench.updateErrors(old, change, "status");
    assert.equal(warning, "status.typeChecking.expressionWarnings[0].warning: Required value");
    assert.match(
      fieldRef ?? "",
      /^status\.typeChecking\.expressionWarnings\[0\]\.fieldRef: Invalid value: "spec\.a\[": invalid JSONPath: /,
    );
  });

  it("is shown", () => {
    const row = { Name: "limits", Validations: 1, ParamKind: "<unset>", Age: "60s" };
    assert.deepEqual(bench.row({ metadata, spec: plain }), row);
    const paramKind = { apiVersion: "a.com/v1", kind: "Limit" };
    assert.deepEqual(bench.row({ metadata, spec: { ...plain, paramKind } }), { ...row, ParamKind: "a.com/v1/Limit" });
  });
});

describe("a mutating admission policy", () => {
  const bench = new RuleBench<MutatingAdmissionPolicy>(mutatingAdmissionPolicyResource(compile));
  const jsonPatch = { expression: "[]" };
  const plain = {
    matchConstraints,
    mutations: [{ patchType: "JSONPatch", jsonPatch }],
    reinvocationPolicy: "Never",
  };

  function create(what: string, spec: Draft, errors: readonly string[]): void {
    it(what, () => assert.deepEqual(bench.createErrors({ metadata, spec: { ...plain, ...spec } }), errors));
  }

  create("may be right", {}, []);
  create("changes something", { mutations: [], reinvocationPolicy: undefined }, [
    "spec.mutations: Required value: mutations must contain at least one item",
    "spec.reinvocationPolicy: Required value",
  ]);
  create(
    "changes nothing that is gone",
    { matchConstraints: { resourceRules: [{ ...rule, operations: ["DELETE"] }] } },
    [
      'spec.matchConstraints.resourceRules.operations: Unsupported value: "DELETE": supported values: "*", "CONNECT", "CREATE", "UPDATE"',
    ],
  );
  create(
    "makes right changes",
    {
      mutations: [
        {},
        { patchType: "Hammer" },
        { patchType: "JSONPatch", applyConfiguration: { expression: "Object{}" } },
        { patchType: "ApplyConfiguration", jsonPatch },
        { patchType: "ApplyConfiguration", applyConfiguration: { expression: " " } },
        { patchType: "JSONPatch", jsonPatch: { expression: "wrong" } },
      ],
    },
    [
      "spec.mutations[0].patchType: Required value",
      'spec.mutations[1].patchType: Unsupported value: "Hammer": supported values: "ApplyConfiguration", "JSONPatch"',
      "spec.mutations[2].jsonPatch: Required value: must be specified when patchType is JSONPatch",
      'spec.mutations[2].applyConfiguration: Invalid value: "{applyConfiguration}": must not be specified when patchType is JSONPatch',
      "spec.mutations[3].applyConfiguration: Required value: must be specified when patchType is ApplyConfiguration",
      'spec.mutations[3].jsonPatch: Invalid value: "{jsonPatch}": must not be specified when patchType is ApplyConfiguration',
      "spec.mutations[4].applyConfiguration.expression: Required value",
      'spec.mutations[5].jsonPatch.expression: Invalid value: "wrong": it says so',
    ],
  );

  it("is shown", () => {
    assert.deepEqual(bench.row({ metadata, spec: plain }), {
      Name: "limits",
      Mutations: 1,
      ParamKind: "<unset>",
      Age: "60s",
    });
  });
});

describe("a binding of a policy", () => {
  const bench = new RuleBench<ValidatingAdmissionPolicyBinding>(validatingAdmissionPolicyBindingResource);
  const mutating = new RuleBench<MutatingAdmissionPolicyBinding>(mutatingAdmissionPolicyBindingResource);
  const plain = { policyName: "limits", validationActions: ["Deny"] };

  function create(what: string, spec: Draft, errors: readonly string[]): void {
    it(what, () => assert.deepEqual(bench.createErrors({ metadata, spec: { ...plain, ...spec } }), errors));
  }

  create("may be right", { paramRef: { name: "a", parameterNotFoundAction: "Deny" } }, []);
  create("has a policy and actions", { policyName: "", validationActions: [] }, [
    "spec.policyName: Required value",
    "spec.validationActions: Required value: at least one validation action is required",
  ]);
  create("has known actions, each once", { validationActions: ["Laugh", "Audit", "Audit"] }, [
    'spec.validationActions[0]: Unsupported value: "Laugh": supported values: "Audit", "Deny", "Warn"',
    'spec.validationActions[2]: Duplicate value: "Audit"',
  ]);
  create("refuses or warns", { validationActions: ["Deny", "Warn"] }, [
    'spec.validationActions: Invalid value: ["Deny","Warn"]: must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)',
  ]);
  create("has parameters by name or selector", { paramRef: {} }, [
    "spec.paramRef: Required value: one of name or selector must be specified",
    "spec.paramRef.parameterNotFoundAction: Required value",
  ]);
  create(
    "has parameters by name or selector only",
    { paramRef: { name: "a/b", selector: {}, parameterNotFoundAction: "Cry" } },
    [
      `spec.paramRef.name: Invalid value: "a/b": may not contain '/'`,
      "spec.paramRef.name: Forbidden: name and selector are mutually exclusive",
      "spec.paramRef.selector: Forbidden: name and selector are mutually exclusive",
      'spec.paramRef.parameterNotFoundAction: Unsupported value: "Cry": supported values: "Deny", "Allow"',
    ],
  );
  create("matches right resources", { matchResources: { matchPolicy: "Nearly", resourceRules: [rule] } }, [
    'spec.matchResources.matchPolicy: Unsupported value: "Nearly": supported values: "Equivalent", "Exact"',
  ]);

  it("changes nothing that is gone", () => {
    const matchResources = { resourceRules: [{ ...rule, operations: ["DELETE"] }] };
    assert.deepEqual(mutating.createErrors({ metadata, spec: { policyName: "limits", matchResources } }), [
      'spec.matchResources.resourceRules.operations: Unsupported value: "DELETE": supported values: "*", "CONNECT", "CREATE", "UPDATE"',
    ]);
  });

  it("counts changes", () => {
    const old = bench.prepared({ metadata, spec: plain });
    assert.equal(bench.updated(old, (next) => (next.spec.policyName = "other")).metadata.generation, 2);
  });

  it("is shown", () => {
    const row = { Name: "limits", PolicyName: "limits", ParamRef: "<unset>", Age: "60s" };
    assert.deepEqual(bench.row({ metadata, spec: plain }), row);
    assert.deepEqual(mutating.row({ metadata, spec: plain }), row);
    const refText = (paramRef: Draft) => bench.row({ metadata, spec: { ...plain, paramRef } })["ParamRef"];
    assert.equal(refText({ name: "a" }), "*/a");
    assert.equal(refText({ name: "a", namespace: "b" }), "b/a");
    const selector = {
      matchLabels: { a: "b" },
      matchExpressions: [{ key: "c", operator: "In", values: ["d", "e"] }],
    };
    assert.equal(
      refText({ selector }),
      "&LabelSelector{MatchLabels:map[string]string{a: b,},MatchExpressions:[]LabelSelectorRequirement{LabelSelectorRequirement{Key:c,Operator:In,Values:[d e],},},}",
    );
  });
});
