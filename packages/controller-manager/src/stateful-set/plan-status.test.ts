import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { StatefulSetStatus } from "@kube-ts/api/apps/v1";
import { planSet } from "./plan.ts";
import { nextAvailabilityMs, planStatus } from "./plan-status.ts";
import type { PodState } from "./testing/set-fixtures.ts";
import { setOf, viewOf } from "./testing/set-fixtures.ts";
import type { SetView } from "./view.ts";

const statusOf = (view: SetView) => planStatus(view, planSet(view).phases.flat(), 2);

/** Replicas, ready, available, current and updated ones. */
function counts({ replicas, readyReplicas, availableReplicas, currentReplicas, updatedReplicas }: StatefulSetStatus) {
  return [replicas, readyReplicas ?? 0, availableReplicas, currentReplicas ?? 0, updatedReplicas ?? 0].join(" ");
}

describe("the status of a set", () => {
  const cases: readonly (readonly [string, readonly PodState[], string])[] = [
    ["without pods", [], "0 0 0 0 0"],
    ["that starts", ["ok", "new"], "2 1 1 0 2"],
    ["that is updated", ["ok@old", "ok@old", "-ok@old"], "3 3 3 2 0"],
    ["whose last pod is about to go", ["ok@old", "ok@old", "ok@old"], "3 3 3 2 0"],
    ["with pods of a third revision", ["bad@other", "ok@old", "ok"], "3 2 2 1 1"],
    ["with pods too many", ["ok", "ok", "ok", "-ok"], "4 4 4 0 3"],
    ["with pods that are not ready for long", ["ok", "young", "bad"], "3 2 1 0 3"],
    ["that is complete", ["ok", "ok", "ok"], "3 3 3 3 3"],
  ];
  for (const [what, states, expected] of cases) {
    test(what, () => assert.equal(counts(statusOf(viewOf(setOf({ minReadySeconds: 10 }), states))), expected));
  }

  test("names the revisions, and one of them when the update is over", () => {
    const { currentRevision, updateRevision, collisionCount, observedGeneration } = statusOf(
      viewOf(setOf(), ["ok@old", "ok@old", "ok"]),
    );
    assert.deepEqual(
      [currentRevision, updateRevision, collisionCount, observedGeneration],
      ["web-old", "web-new", 2, 3],
    );
    assert.equal(statusOf(viewOf(setOf(), ["ok", "ok", "ok"])).currentRevision, "web-new");
    const onDelete = viewOf(setOf({ updateStrategy: { type: "OnDelete" } }), ["ok", "ok", "ok"]);
    assert.equal(statusOf(onDelete).currentRevision, "web-old", "nobody says that this is an update");
  });

  test("keeps conditions and leaves out what is zero", () => {
    const conditions = [{ type: "Odd", status: "True" } as const];
    const set = { ...setOf({ replicas: 1 }), status: { replicas: 0, availableReplicas: 0, conditions } };
    assert.deepEqual(statusOf(viewOf(set, [])), {
      observedGeneration: 3,
      replicas: 0,
      availableReplicas: 0,
      currentRevision: "web-old",
      updateRevision: "web-new",
      collisionCount: 2,
      conditions,
    });
  });
});

test("a set looks again when its first pod has been ready for long enough", () => {
  assert.equal(nextAvailabilityMs(viewOf(setOf({ minReadySeconds: 12 }), ["ok", "young", "bad"])), 7_000);
  assert.equal(nextAvailabilityMs(viewOf(setOf({ minReadySeconds: 12 }), ["ok", "-young"])), undefined);
  assert.equal(nextAvailabilityMs(viewOf(setOf(), ["young"])), undefined);
});
