import assert from "node:assert/strict";
import { test } from "node:test";
import { parseVariables } from "./env.ts";

test("variables are set and removed", () => {
  assert.deepEqual(parseVariables(["A=b=c", "B-", "C="]), {
    set: [
      { name: "A", value: "b=c" },
      { name: "C", value: "" },
    ],
    remove: ["B"],
  });
});

for (const [pairs, message] of [
  [["1X=2"], /"1X" is not a valid key name/],
  [["A=1", "A-"], /can not both modify and remove/],
  [["nonsense"], /unknown argument: nonsense/],
] as const) {
  test(`${pairs.join(" ")} is refused`, () => {
    assert.throws(() => parseVariables(pairs), { message });
  });
}
