import assert from "node:assert/strict";
import { test } from "node:test";
import { parseKind } from "./apply-prune.ts";

test("kinds to prune are named by group, version and kind", () => {
  assert.deepEqual(parseKind("core/v1/ConfigMap"), ["v1", "ConfigMap"]);
  assert.deepEqual(parseKind("apps/v1/Deployment"), ["apps/v1", "Deployment"]);
  assert.throws(() => parseKind("v1/ConfigMap"), {
    message: "invalid GroupVersionKind format: v1/ConfigMap, please follow <group/version/kind>",
  });
});
