import assert from "node:assert/strict";
import { test } from "node:test";
import { ownLabels } from "./labels.ts";

test("labels have the keys of the object and no others", () => {
  const labels = ownLabels({ zone: "a", constructor: "b" });
  assert.deepEqual(
    [labels["zone"], labels["constructor"], labels["toString"], labels["__proto__"]],
    ["a", "b", undefined, undefined],
  );
  assert.equal(ownLabels(undefined)["constructor"], undefined);
});
