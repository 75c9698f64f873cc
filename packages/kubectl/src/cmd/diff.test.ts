import assert from "node:assert/strict";
import { test } from "node:test";
import { maskSecrets } from "./diff.ts";

test("the values of secrets are hidden, that they differ is not", () => {
  const [live, merged] = maskSecrets({ data: { a: "MQ==", b: "Mg==" } }, { data: { a: "MQ==", b: "Mw==", c: "NA==" } });
  assert.deepEqual(live, { data: { a: "***", b: "*** (before)" } });
  assert.deepEqual(merged, { data: { a: "***", b: "*** (after)", c: "***" } });
});
