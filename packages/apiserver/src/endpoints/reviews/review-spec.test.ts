import assert from "node:assert/strict";
import { test } from "node:test";
import type { FieldSelectorAttributes, LabelSelectorAttributes } from "@kube-ts/api/authorization/v1";
import { fieldErrorText } from "@kube-ts/api/field-error";
import type { UserInfo } from "../../auth/user.ts";
import { reviewSpecErrors, reviewedAttributes } from "./review-spec.ts";

const user: UserInfo = { name: "x", uid: "", groups: [], extra: {} };
const about = (fieldSelector?: FieldSelectorAttributes, labelSelector?: LabelSelectorAttributes) => ({
  resourceAttributes: {
    verb: "list",
    resource: "pods",
    ...(fieldSelector && { fieldSelector }),
    ...(labelSelector && { labelSelector }),
  },
});

function selectors(fieldSelector?: FieldSelectorAttributes, labelSelector?: LabelSelectorAttributes) {
  const { attributes, problems } = reviewedAttributes(user, about(fieldSelector, labelSelector));
  assert.ok(attributes.kind === "resource");
  return [attributes.fieldSelector, attributes.labelSelector, ...problems];
}

test("selectors are read from text and from requirements", () => {
  assert.deepEqual(selectors(), [undefined, undefined]);
  assert.deepEqual(selectors({ rawSelector: "spec.nodeName=n1" }, { rawSelector: "a in (b)" }), [
    "spec.nodeName=n1",
    "a in (b)",
  ]);
  assert.deepEqual(
    selectors(
      { requirements: [{ key: "spec.nodeName", operator: "In", values: ["n,1"] }] },
      {
        requirements: [
          { key: "a", operator: "NotIn", values: ["c", "b"] },
          { key: "d", operator: "Exists" },
        ],
      },
    ),
    ["spec.nodeName=n\\,1", "a notin (b,c),d"],
  );
});

test("what cannot be read is left out, and the review says so", () => {
  assert.deepEqual(selectors({ rawSelector: "nonsense" }, { rawSelector: "a in" }), [
    "",
    "",
    "spec.resourceAttributes.fieldSelector ignored due to parse error",
    "spec.resourceAttributes.labelSelector ignored due to parse error",
  ]);
  const newer = { key: "b", operator: "Newer" as "In", values: ["1"] };
  assert.deepEqual(selectors({ requirements: [{ key: "a", operator: "In", values: ["1"] }, newer] }), [
    "a=1",
    undefined,
    "spec.resourceAttributes.fieldSelector partially ignored due to parse error",
  ]);
});

const bad: readonly [string, FieldSelectorAttributes | undefined, LabelSelectorAttributes | undefined, string][] = [
  [
    "both forms",
    { rawSelector: "a=b", requirements: [{ key: "a", operator: "In", values: ["b"] }] },
    undefined,
    'spec.resourceAttributes.fieldSelector.rawSelector: Invalid value: "a=b": may not specified at the same time as requirements',
  ],
  [
    "neither form",
    undefined,
    {},
    "spec.resourceAttributes.labelSelector.requirements: Required value: when spec.resourceAttributes.labelSelector is specified, requirements or rawSelector is required",
  ],
  [
    "no values",
    { requirements: [{ key: "a", operator: "In" }] },
    undefined,
    "spec.resourceAttributes.fieldSelector.requirements[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
  ],
  [
    "no key",
    { requirements: [{ key: "", operator: "Exists" }] },
    undefined,
    "spec.resourceAttributes.fieldSelector.requirements[0].key: Required value: must be specified",
  ],
  [
    "values of no use",
    undefined,
    { requirements: [{ key: "a", operator: "Exists", values: ["b"] }] },
    "spec.resourceAttributes.labelSelector.requirements[0].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
  ],
];

for (const [name, fields, labels, expected] of bad) {
  test(`${name}: refused`, () => {
    assert.deepEqual(reviewSpecErrors(about(fields, labels)).map(fieldErrorText), [expected]);
  });
}

test("an operator that is not known here is no error", () => {
  const requirements = [{ key: "a", operator: "Newer" as "In", values: ["1"] }];
  assert.deepEqual(reviewSpecErrors(about({ requirements }, { requirements })), []);
});
