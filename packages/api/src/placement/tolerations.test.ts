import assert from "node:assert/strict";
import { test } from "node:test";
import type { Taint, Toleration } from "../core/v1.ts";
import { keepsAway, tolerates, untoleratedTaint } from "./tolerations.ts";

const taint: Taint = { key: "class", value: "7", effect: "NoSchedule" };

const rows: readonly (readonly [what: string, toleration: Toleration, covers: boolean, taint?: Taint])[] = [
  ["Equal with the value", { key: "class", operator: "Equal", value: "7" }, true],
  ["Equal with another value", { key: "class", operator: "Equal", value: "8" }, false],
  ["no operator is Equal", { key: "class", value: "7" }, true],
  ["an empty operator is Equal", { key: "class", operator: "" as "Equal", value: "8" }, false],
  ["no value is an empty one", { key: "class" }, true, { key: "class", effect: "NoSchedule" }],
  ["Exists asks for no value", { key: "class", operator: "Exists" }, true],
  ["Exists with another key", { key: "other", operator: "Exists" }, false],
  ["an empty key with Exists covers everything", { operator: "Exists" }, true],
  ["an empty key with Equal goes by the value: the same", { key: "", operator: "Equal", value: "7" }, true],
  ["an empty key with Equal goes by the value: another", { key: "", operator: "Equal", value: "8" }, false],
  ["an empty effect fits every effect", { key: "class", operator: "Exists", effect: "" as "NoExecute" }, true],
  ["another effect", { key: "class", operator: "Exists", effect: "NoExecute" }, false],
  ["Gt is behind a gate that is off", { key: "class", operator: "Gt", value: "6" }, false],
  ["Lt is behind a gate that is off", { key: "class", operator: "Lt", value: "8" }, false],
  ["an operator that nobody knows", { key: "class", operator: "Like" as "Equal", value: "7" }, false],
];

for (const [what, toleration, covers, of = taint] of rows) {
  test(`tolerations: ${what}`, () => assert.equal(tolerates(toleration, of), covers));
}

test("the first taint that keeps the pod away is found", () => {
  const soft: Taint = { key: "soft", effect: "PreferNoSchedule" };
  const hard: Taint = { key: "hard", effect: "NoExecute" };
  assert.equal(untoleratedTaint([soft, taint, hard], undefined, keepsAway), taint);
  assert.equal(untoleratedTaint([soft, taint, hard], [{ key: "class", operator: "Exists" }], keepsAway), hard);
  assert.equal(untoleratedTaint([soft, taint, hard], [{ operator: "Exists" }], keepsAway), undefined);
});
