import assert from "node:assert/strict";
import { test } from "node:test";
import { mergeCidrs } from "./merge-cidrs.ts";

const cases: readonly [readonly string[], readonly string[]][] = [
  [[], []],
  [["nonsense"], []],
  [["10.0.0.1/32", "10.0.0.1/32"], ["10.0.0.1/32"]],
  [["10.0.0.1/32", "10.0.0.0/32"], ["10.0.0.0/31"]],
  [
    ["10.0.0.1/32", "10.0.0.2/32"],
    ["10.0.0.1/32", "10.0.0.2/32"],
  ],
  [["10.0.0.0/24", "10.0.0.7/32", "10.0.1.0/24", "10.0.2.0/23"], ["10.0.0.0/22"]],
  [["128.0.0.0/1", "0.0.0.0/1"], ["0.0.0.0/0"]],
  [["fd00:0:0:1::/64", "fd00::/64"], ["fd00::/63"]],
];
for (const [given, expected] of cases) {
  test(`merges ${given.join(" ") || "nothing"}`, () => assert.deepEqual(mergeCidrs(given), expected));
}

test("a thousand addresses in a row become few ranges", () => {
  const given = Array.from({ length: 1_000 }, (_, index) => `10.1.${index >> 8}.${index & 255}/32`);
  assert.deepEqual(mergeCidrs(given), [
    "10.1.0.0/23",
    "10.1.2.0/24",
    "10.1.3.0/25",
    "10.1.3.128/26",
    "10.1.3.192/27",
    "10.1.3.224/29",
  ]);
});
