import assert from "node:assert/strict";
import { test } from "node:test";
import type { Taint } from "@kube-ts/api/core/v1";
import { applyTaints, parseTaints } from "./taint.ts";

test("taints are added, replaced and removed", () => {
  const change = parseTaints(["a=b:NoSchedule", "c:NoExecute", "d-", "e:NoSchedule-"]);
  const old: Taint[] = [
    { key: "d", effect: "NoSchedule" },
    { key: "d", effect: "NoExecute" },
    { key: "e", effect: "NoSchedule" },
    { key: "e", effect: "NoExecute" },
  ];
  assert.deepEqual(applyTaints("n", old, change, false).taints, [
    { key: "a", value: "b", effect: "NoSchedule" },
    { key: "c", effect: "NoExecute" },
    { key: "e", effect: "NoExecute" },
  ]);
  const again = parseTaints(["d=x:NoSchedule"]);
  assert.throws(() => applyTaints("n", old, again, false), {
    message: "node n already has d taint(s) with same effect(s) and --overwrite is false",
  });
  assert.equal(applyTaints("n", old, again, true).overwritten, true);
  assert.throws(() => applyTaints("n", [], parseTaints(["k-"]), false), { message: 'taint "k" not found' });
});

for (const [texts, message] of [
  [["k=v:Foo"], "invalid taint effect: Foo, unsupported taint effect"],
  [["k=v"], "invalid taint spec: k=v"],
  [["k=v:NoSchedule", "k-"], "can not both modify and remove the following taint(s) in the same command: k="],
] as const) {
  test(`${texts.join(" ")} is refused`, () => {
    assert.throws(() => parseTaints(texts), { message });
  });
}
