import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Pod } from "@kube-ts/api/core/v1";
import type { PodDisruptionBudget, PodDisruptionBudgetSpec, PodDisruptionBudgetStatus } from "@kube-ts/api/policy/v1";
import { countHealthy, failedStatus, followDisrupted, needsScale, planBudgetStatus, wantedBy } from "./plan.ts";
import { untilStaleMs } from "./stale-target.ts";

const nowMs = Date.parse("2026-01-01T00:10:00Z");

const budget = (spec: PodDisruptionBudgetSpec, status?: Partial<PodDisruptionBudgetStatus>): PodDisruptionBudget => ({
  metadata: { name: "b", namespace: "ns", generation: 3 },
  spec,
  ...(status && { status: status as PodDisruptionBudgetStatus }),
});

const pod = (name: string, ready = true, metadata: Pod["metadata"] = {}): Pod => ({
  metadata: { name, namespace: "ns", ...metadata },
  spec: { containers: [] },
  status: { phase: "Running", conditions: [{ type: "Ready", status: ready ? "True" : "False" }] },
});

describe("how many pods a budget wants", () => {
  const cases: [PodDisruptionBudgetSpec, number, number, boolean][] = [
    [{ minAvailable: 2 }, 7, 2, false],
    [{ minAvailable: "50%" }, 5, 3, true],
    [{ minAvailable: "100%" }, 5, 5, true],
    [{ maxUnavailable: 1 }, 5, 4, true],
    [{ maxUnavailable: "30%" }, 5, 3, true],
    [{ maxUnavailable: 9 }, 5, 0, true],
    [{}, 0, 0, false],
  ];
  for (const [spec, expected, healthy, asks] of cases) {
    test(JSON.stringify(spec), () => {
      assert.deepEqual(wantedBy(budget(spec), 5, 7), { expected, healthy });
      assert.equal(needsScale(budget(spec)), asks);
    });
  }
});

describe("pods that were evicted", () => {
  const disruptedPods = { a: "2026-01-01T00:09:30Z", b: "2026-01-01T00:09:00Z", old: "2026-01-01T00:07:59Z" };
  const seen = followDisrupted(budget({}, { disruptedPods }), [pod("a"), pod("b"), pod("c"), pod("old")], nowMs);

  test("are awaited for two minutes", () => {
    assert.deepEqual(seen.pods, { a: disruptedPods.a, b: disruptedPods.b });
    assert.equal(seen.recheckMs, 60_000);
    assert.deepEqual(
      seen.late.map(({ metadata }) => metadata.name),
      ["old"],
    );
  });

  test("are forgotten when they are gone or going", () => {
    const going = pod("a", true, { deletionTimestamp: "2026-01-01T00:09:40Z" });
    const left = followDisrupted(budget({}, { disruptedPods }), [going], nowMs);
    assert.deepEqual(left, { pods: {}, late: [], recheckMs: undefined });
  });

  test("are not healthy", () => {
    const going = pod("d", true, { deletionTimestamp: "2026-01-01T00:09:40Z" });
    assert.equal(countHealthy([pod("a"), pod("c"), pod("e", false), going], seen.pods), 1);
  });
});

describe("the status of a budget", () => {
  const wanted = { expected: 3, healthy: 2 };

  test("allows what is healthy beyond what has to be", () => {
    const status = planBudgetStatus(budget({}), wanted, 3, {}, nowMs);
    assert.deepEqual(status, {
      observedGeneration: 3,
      disruptionsAllowed: 1,
      currentHealthy: 3,
      desiredHealthy: 2,
      expectedPods: 3,
      conditions: [
        {
          type: "DisruptionAllowed",
          status: "True",
          reason: "SufficientPods",
          message: "",
          observedGeneration: 3,
          lastTransitionTime: "2026-01-01T00:10:00Z",
        },
      ],
    });
    assert.equal(status && planBudgetStatus(budget({}, status), wanted, 3, {}, nowMs + 1000), undefined);
    const less = status && planBudgetStatus(budget({}, status), wanted, 1, {}, nowMs + 1000);
    assert.deepEqual(
      [less?.disruptionsAllowed, less?.conditions?.[0]?.reason, less?.conditions?.[0]?.lastTransitionTime],
      [0, "InsufficientPods", "2026-01-01T00:10:01Z"],
    );
  });

  test("allows nothing without pods", () => {
    assert.equal(planBudgetStatus(budget({}), { expected: 0, healthy: 0 }, 0, {}, nowMs)?.disruptionsAllowed, 0);
  });

  test("that cannot be told allows nothing, and says why", () => {
    const before = {
      observedGeneration: 2,
      disruptionsAllowed: 4,
      currentHealthy: 5,
      desiredHealthy: 1,
      expectedPods: 5,
    };
    const failed = failedStatus(budget({}, before), "no idea", nowMs);
    assert.equal(failed?.disruptionsAllowed, 0);
    assert.equal(failed?.currentHealthy, 5);
    const [condition] = failed?.conditions ?? [];
    assert.deepEqual(
      [condition?.status, condition?.reason, condition?.message, condition?.observedGeneration],
      ["False", "SyncFailed", "no idea", 2],
    );
    assert.equal(failed && failedStatus(budget({}, failed), "no idea", nowMs + 1000), undefined);
  });
});

test("who was to be disrupted is not for ever", () => {
  const target = (changes: object, phase: "Running" | "Failed" = "Running", metadata: Pod["metadata"] = {}): Pod => ({
    ...pod("p", true, metadata),
    status: {
      phase,
      conditions: [
        { type: "DisruptionTarget", status: "True", lastTransitionTime: "2026-01-01T00:09:00Z", ...changes },
      ],
    },
  });
  assert.equal(untilStaleMs(target({}), nowMs), 60_000);
  assert.equal(untilStaleMs(target({ lastTransitionTime: "2026-01-01T00:00:00Z" }), nowMs), 0);
  assert.equal(untilStaleMs(target({ status: "False" }), nowMs), undefined);
  assert.equal(untilStaleMs(target({ reason: "TerminationByKubelet" }), nowMs), undefined);
  assert.equal(untilStaleMs(target({}, "Failed"), nowMs), undefined);
  assert.equal(untilStaleMs(target({}, "Running", { deletionTimestamp: "2026-01-01T00:09:00Z" }), nowMs), undefined);
  assert.equal(untilStaleMs(pod("p"), nowMs), undefined);
});
