import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldErrorText } from "@kube-ts/api/field-error";
import { decodeAuthorizationConfiguration } from "./authorization-configuration.ts";
import { compileAuthorization } from "./compile-authorization.ts";

const webhook = {
  timeout: "3s",
  subjectAccessReviewVersion: "v1",
  failurePolicy: "Deny",
  connectionInfo: { type: "KubeConfigFile", kubeConfigFile: "/etc/webhook.conf" },
};
const hook = (changes: object) => ({ type: "Webhook", name: "hook", webhook: { ...webhook, ...changes } });

function compile(authorizers: readonly object[] | undefined, version = "v1") {
  const text = JSON.stringify({
    apiVersion: `apiserver.config.k8s.io/${version}`,
    kind: "AuthorizationConfiguration",
    authorizers,
  });
  const fileProblem = (path: string) => (path === "/etc/webhook.conf" ? undefined : "error loading file: none");
  return compileAuthorization(decodeAuthorizationConfiguration(text, "authz.yaml"), fileProblem);
}

test("authorizers keep their order, and webhooks get their defaults", () => {
  for (const version of ["v1", "v1beta1"]) {
    const { authorizers, errors } = compile(
      [{ type: "Node", name: "node" }, hook({}), { ...hook({}), name: "other" }, { type: "RBAC", name: "rbac" }],
      version,
    );
    assert.deepEqual(errors, []);
    assert.deepEqual(
      authorizers.map(({ type, name }) => `${type}/${name}`),
      ["Node/node", "Webhook/hook", "Webhook/other", "RBAC/rbac"],
    );
    const compiled = authorizers[1]?.type === "Webhook" ? authorizers[1].webhook : undefined;
    assert.deepEqual([compiled?.authorizedMs, compiled?.unauthorizedMs, compiled?.timeoutMs], [300_000, 30_000, 3_000]);
  }
});

const bad: readonly [string, readonly object[] | undefined, string][] = [
  ["nothing", undefined, "authorizers: Required value: at least one authorization mode must be defined"],
  ["no type", [{ name: "x" }], "authorizers[0].type: Required value"],
  [
    "a type of another world",
    [{ type: "Magic", name: "x" }],
    'authorizers[0].type: Unsupported value: "Magic": supported values: "ABAC", "AlwaysAllow", "AlwaysDeny", "Node", "RBAC", "Webhook"',
  ],
  [
    "a type twice",
    [
      { type: "RBAC", name: "a" },
      { type: "RBAC", name: "b" },
    ],
    'authorizers[1].type: Duplicate value: "RBAC"',
  ],
  ["no name", [{ type: "RBAC" }], "authorizers[0].name: Required value"],
  ["a name twice", [hook({}), hook({})], 'authorizers[1].name: Duplicate value: "hook"'],
  [
    "a webhook without one",
    [{ type: "Webhook", name: "x" }],
    "authorizers[0].webhook: Required value: required when type=Webhook",
  ],
  [
    "a webhook that is none",
    [{ ...hook({}), type: "RBAC" }],
    'authorizers[0].webhook: Invalid value: "non-null": may only be specified when type=Webhook',
  ],
  ["no timeout", [hook({ timeout: "0s" })], "authorizers[0].timeout: Required value"],
  [
    "a long timeout",
    [hook({ timeout: "31s" })],
    'authorizers[0].timeout: Invalid value: "31s": must be > 0s and <= 30s',
  ],
  [
    "a negative lifetime",
    [hook({ authorizedTTL: "-1s" })],
    'authorizers[0].authorizedTTL: Invalid value: "-1s": must be > 0s',
  ],
  [
    "another version",
    [hook({ subjectAccessReviewVersion: "v2" })],
    'authorizers[0].subjectAccessReviewVersion: Unsupported value: "v2": supported values: "v1", "v1beta1"',
  ],
  [
    "conditions without their version",
    [hook({ matchConditions: [{ expression: "true" }] })],
    "authorizers[0].matchConditionSubjectAccessReviewVersion: Required value: required if match conditions are specified",
  ],
  ["no failure policy", [hook({ failurePolicy: "" })], "authorizers[0].failurePolicy: Required value"],
  [
    "a relative kubeconfig",
    [hook({ connectionInfo: { type: "KubeConfigFile", kubeConfigFile: "webhook.conf" } })],
    'authorizers[0].connectionInfo.kubeConfigFile: Invalid value: "webhook.conf": must be an absolute path',
  ],
  [
    "a kubeconfig that is not there",
    [hook({ connectionInfo: { type: "KubeConfigFile", kubeConfigFile: "/none" } })],
    'authorizers[0].connectionInfo.kubeConfigFile: Invalid value: "/none": error loading file: none',
  ],
  [
    "a kubeconfig inside of a cluster",
    [hook({ connectionInfo: { type: "InClusterConfig", kubeConfigFile: "/none" } })],
    'authorizers[0].connectionInfo.kubeConfigFile: Invalid value: "/none": can only be set when type=KubeConfigFile',
  ],
];

for (const [name, authorizers, expected] of bad) {
  test(`${name} is refused`, () => {
    assert.deepEqual(compile(authorizers).errors.map(fieldErrorText), [expected]);
  });
}

test("match conditions are checked", () => {
  const conditions = ["request.user == 'x'", "request.user == 'x'", " ", "request.nothing", "1"];
  const { errors } = compile([
    hook({
      matchConditionSubjectAccessReviewVersion: "v1",
      matchConditions: conditions.map((expression) => ({ expression })),
    }),
  ]);
  const texts = errors.map(fieldErrorText);
  assert.match(texts[0] ?? "", /matchConditions\[1\]\.expression: Duplicate value/);
  assert.match(texts[1] ?? "", /matchConditions\[2\]\.expression: Required value/);
  assert.match(
    texts[2] ?? "",
    /matchConditions\[3\]\.expression: Invalid value: .*compilation failed: ERROR: .*undefined field 'nothing'/s,
  );
  assert.match(texts[3] ?? "", /matchConditions\[4\]\.expression: Invalid value: "1": must evaluate to bool/);
  assert.equal(texts.length, 4);
});

test("fields that the kind does not have are refused", () => {
  assert.throws(() => compile([{ type: "RBAC", name: "x", mode: 1 }]), /strict decoding error: unknown field/);
});
