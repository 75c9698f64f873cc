import assert from "node:assert/strict";
import { test } from "node:test";
import type { Taint, Toleration } from "@kube-ts/api/core/v1";
import { maxStayMs } from "./plan.ts";

const taint = (key: string, effect: Taint["effect"] = "NoExecute", value = ""): Taint => ({ key, effect, value });

const cases: [string, Taint[], Toleration[], number | undefined][] = [
  ["no taints", [], [], undefined],
  ["a taint that does not execute", [taint("a", "NoSchedule")], [], undefined],
  ["not tolerated", [taint("a")], [], 0],
  ["tolerated for good", [taint("a")], [{ key: "a", operator: "Exists" }], undefined],
  ["tolerated for a while", [taint("a")], [{ key: "a", operator: "Exists", tolerationSeconds: 300 }], 300_000],
  ["a negative time is none", [taint("a")], [{ operator: "Exists", tolerationSeconds: -1 }], 0],
  ["everything is tolerated", [taint("a"), taint("b")], [{ operator: "Exists" }], undefined],
  ["the value differs", [taint("a", "NoExecute", "x")], [{ key: "a", value: "y" }], 0],
  ["the value is the same", [taint("a", "NoExecute", "x")], [{ key: "a", value: "x" }], undefined],
  ["the effect differs", [taint("a")], [{ key: "a", operator: "Exists", effect: "NoSchedule" }], 0],
  ["one of two is not tolerated", [taint("a"), taint("b")], [{ key: "a", operator: "Exists" }], 0],
  [
    "the shortest time counts",
    [taint("a"), taint("b")],
    [
      { key: "a", operator: "Exists", tolerationSeconds: 60 },
      { key: "b", operator: "Exists", tolerationSeconds: 30 },
    ],
    30_000,
  ],
];

for (const [name, taints, tolerations, expected] of cases) {
  test(name, () => assert.equal(maxStayMs(taints, tolerations), expected));
}
