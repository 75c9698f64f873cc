import assert from "node:assert/strict";
import { test } from "node:test";
import { decide } from "./certificate.ts";

test("a decision is added once", () => {
  const decided = decide({ metadata: { name: "a" } }, "Approved", "approved", false, "now");
  const condition = {
    type: "Approved",
    status: "True",
    reason: "KubectlApprove",
    message: "This CSR was approved by kubectl certificate approve.",
    lastUpdateTime: "now",
  };
  assert.deepEqual(decided, { metadata: { name: "a" }, status: { conditions: [condition] } });
  assert.equal(decide(decided ?? {}, "Approved", "approved", false, "later"), undefined);
  const again = decide(decided ?? {}, "Approved", "approved", true, "later");
  assert.deepEqual(again?.["status"], { conditions: [{ ...condition, lastUpdateTime: "later" }] });
});
