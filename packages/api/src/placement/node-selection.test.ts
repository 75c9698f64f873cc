import assert from "node:assert/strict";
import { test } from "node:test";
import type { NodeSelectorRequirement, NodeSelectorTerm, Pod } from "../core/v1.ts";
import { admitsNode, nodeSelection, NodeTerm, type SelectableNode } from "./node-selection.ts";

const node: SelectableNode = { name: "n1", labels: { zone: "a", cores: "8", empty: "" } };

function expression(key: string, operator: string, ...values: string[]): NodeSelectorTerm {
  return { matchExpressions: [{ key, operator: operator as NodeSelectorRequirement["operator"], values }] };
}

function field(key: string, operator: string, ...values: string[]): NodeSelectorTerm {
  return { matchFields: [{ key, operator: operator as NodeSelectorRequirement["operator"], values }] };
}

const rows: readonly (readonly [what: string, term: NodeSelectorTerm, matches: boolean])[] = [
  ["an empty term", {}, false],
  ["In", expression("zone", "In", "b", "a"), true],
  ["NotIn", expression("zone", "NotIn", "a"), false],
  ["NotIn without the label", expression("rack", "NotIn", "a"), true],
  ["Exists with an empty value", expression("empty", "Exists"), true],
  ["DoesNotExist", expression("rack", "DoesNotExist"), true],
  ["a key that every object inherits", expression("constructor", "Exists"), false],
  ["Gt", expression("cores", "Gt", "7"), true],
  ["Gt of the same", expression("cores", "Gt", "8"), false],
  ["Lt", expression("cores", "Lt", "9"), true],
  ["Gt on a label that is no integer", expression("zone", "Gt", "1"), false],
  ["a field", field("metadata.name", "In", "n1"), true],
  ["another name", field("metadata.name", "In", "n2"), false],
  ["not that name", field("metadata.name", "NotIn", "n2"), true],
  ["a field that nodes do not have is empty", field("spec.role", "NotIn", "x"), true],
  ["expressions and fields", { ...expression("zone", "In", "a"), ...field("metadata.name", "In", "n2") }, false],
];

for (const [what, term, matches] of rows) {
  test(`node selection: ${what}`, () => {
    const compiled = new NodeTerm(term);
    assert.equal(compiled.problem, undefined);
    assert.equal(compiled.matches(node), matches);
  });
}

const unusable: readonly (readonly [what: string, term: NodeSelectorTerm, problem: RegExp])[] = [
  ["an unknown operator", expression("zone", "Like", "a"), /^"Like" is not a valid node selector operator$/],
  [
    "an operator that every object inherits",
    expression("zone", "constructor"),
    /is not a valid node selector operator/,
  ],
  ["NotIn without values", expression("zone", "NotIn"), /values set can't be empty/],
  ["Exists with a value", expression("zone", "Exists", "a"), /values set must be empty/],
  ["NotIn with what is no label value", expression("zone", "NotIn", "no value"), /^values\[0\]\[zone\]: Invalid value/],
  ["Gt of what is no integer", expression("cores", "Gt", "1.5"), /the value must be an integer/],
  ["Gt of a negative number, which is no label value", expression("cores", "Gt", "-1"), /a valid label must be/],
  ["Lt of two bounds", expression("cores", "Lt", "9", "10"), /exactly one value is required/],
  ["Exists on a field", field("metadata.name", "Exists"), /^"Exists" is not a valid node field selector operator$/],
  ["a field with two values", field("metadata.name", "NotIn", "n2", "n3"), /^unexpected number of value \(2\)/],
];

for (const [what, term, problem] of unusable) {
  test(`node selection: ${what} matches nothing, and keeps no other term from matching`, () => {
    const compiled = new NodeTerm(term);
    assert.match(compiled.problem?.message ?? "", problem);
    assert.equal(compiled.matches(node), false);
    const required = { nodeSelectorTerms: [term, expression("zone", "In", "a")] };
    const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } };
    const pod: Pod = { metadata: {}, spec: { containers: [], affinity } };
    assert.equal(admitsNode(nodeSelection(pod), node), true);
  });
}

test("a pod needs its node selector and one of its terms", () => {
  const admits = (spec: Partial<Pod["spec"]>) =>
    admitsNode(nodeSelection({ metadata: {}, spec: { containers: [], ...spec } }), node);
  const requires = (...nodeSelectorTerms: NodeSelectorTerm[]) => ({
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
  });
  assert.equal(admits({}), true);
  assert.equal(admits({ nodeSelector: { zone: "a" } }), true);
  assert.equal(admits({ nodeSelector: { zone: "b" }, ...requires(expression("zone", "In", "a")) }), false);
  assert.equal(admits(requires()), false);
  assert.equal(admits(requires({}, expression("zone", "In", "a"))), true);
});
