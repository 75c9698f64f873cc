import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { DeploymentStrategy } from "@kube-ts/api/apps/v1";
import { planResize, planRollingUpdate } from "./plan-scale.ts";
import type { Resize } from "./plan-scale.ts";
import { isScaling, rolloutLimits, sizeAnnotations } from "./rollout-limits.ts";
import { deploymentOf, setOf } from "./testing/rollout-fixtures.ts";

type Amount = number | string;

const rolling = (maxSurge: Amount, maxUnavailable: Amount): DeploymentStrategy => ({
  type: "RollingUpdate",
  rollingUpdate: { maxSurge, maxUnavailable },
});

const sizes = (resizes: readonly Resize[]) =>
  Object.fromEntries(resizes.map(({ set, replicas }) => [set.metadata.name, replicas]));

describe("limits of a rollout", () => {
  const cases: [number, Amount, Amount, number, number][] = [
    [10, "25%", "25%", 3, 2],
    [1, "25%", "25%", 1, 0],
    [10, 0, 0, 0, 1],
    [10, 0, "1%", 0, 1],
    [3, 5, 5, 5, 3],
    [0, "25%", "25%", 0, 0],
  ];
  for (const [replicas, surge, unavailable, maxSurge, maxUnavailable] of cases) {
    test(`${replicas} replicas, ${surge} more, ${unavailable} less`, () => {
      const deployment = deploymentOf("v1", { replicas, strategy: rolling(surge, unavailable) });
      if (replicas === 0) assert.equal(rolloutLimits(deployment).maxSurge, maxSurge);
      else assert.deepEqual(rolloutLimits(deployment), { maxSurge, maxUnavailable });
    });
  }
});

/** Plays a rolling update to its end, with every new pod available at once, and notes [new, old] after each step. */
function playRollout(replicas: number, strategy: DeploymentStrategy): [number, number][] {
  const deployment = deploymentOf("new", { replicas, strategy });
  let [grown, left] = [0, replicas];
  const steps: [number, number][] = [];
  for (let round = 0; round < 100; round += 1) {
    const plan = sizes(
      planRollingUpdate(deployment, setOf("new", { size: grown, createdAt: 1 }), [setOf("old", { size: left })]),
    );
    if (Object.keys(plan).length === 0) return steps;
    grown = plan["new"] ?? grown;
    left = plan["old"] ?? left;
    steps.push([grown, left]);
  }
  throw new Error("the rollout does not end");
}

describe("a rolling update, step by step", () => {
  test("one more, none less", () => {
    assert.deepEqual(playRollout(3, rolling(1, 0)), [
      [1, 3],
      [1, 2],
      [2, 2],
      [2, 1],
      [3, 1],
      [3, 0],
    ]);
  });
  test("none more, one less", () => {
    assert.deepEqual(playRollout(3, rolling(0, 1)), [
      [0, 2],
      [1, 2],
      [1, 1],
      [2, 1],
      [2, 0],
      [3, 0],
    ]);
  });
  test("a quarter each way", () => {
    const steps = playRollout(10, rolling("25%", "25%"));
    assert.deepEqual(steps, [
      [3, 10],
      [3, 5],
      [8, 5],
      [8, 0],
      [10, 0],
    ]);
  });
  test("all at once", () => {
    assert.deepEqual(playRollout(4, rolling("100%", "100%")), [
      [4, 4],
      [4, 0],
    ]);
  });
});

describe("a rolling update", () => {
  const deployment = deploymentOf("new", { replicas: 10, strategy: rolling(2, 2) });
  test("does not go on before new pods are available", () => {
    const plan = planRollingUpdate(deployment, setOf("new", { size: 4, available: 0 }), [setOf("old", { size: 8 })]);
    assert.deepEqual(sizes(plan), {});
  });
  test("gives up unhealthy old pods first, of the oldest set first", () => {
    const old = [
      setOf("second", { size: 4, available: 1, createdAt: 2 }),
      setOf("first", { size: 4, available: 2, createdAt: 1 }),
    ];
    const plan = planRollingUpdate(deployment, setOf("new", { size: 4, available: 4, createdAt: 3 }), old);
    assert.deepEqual(sizes(plan), { first: 2, second: 2 });
  });
  test("shrinks a new set that is too large", () => {
    assert.deepEqual(sizes(planRollingUpdate(deployment, setOf("new", { size: 12 }), [])), { new: 10 });
  });
});

describe("a deployment that is resized", () => {
  const noted = (replicas: number, max: number) => ({
    "deployment.kubernetes.io/desired-replicas": String(replicas),
    "deployment.kubernetes.io/max-replicas": String(max),
  });
  const deployment = deploymentOf("new", { replicas: 20, strategy: rolling(3, 2) });

  test("is seen by what its sets note", () => {
    assert.equal(isScaling(deployment, [setOf("a", { size: 10, annotations: noted(10, 13) })]), true);
    assert.equal(isScaling(deployment, [setOf("a", { size: 0, annotations: noted(10, 13) })]), false);
    assert.equal(isScaling(deployment, [setOf("a", { size: 10, annotations: sizeAnnotations(deployment) })]), false);
    assert.equal(isScaling(deployment, [setOf("a", { size: 10 })]), false);
  });
  test("gives all to its only set", () => {
    assert.deepEqual(sizes(planResize(deployment, setOf("new", { size: 5 }), [])), { new: 20 });
    assert.deepEqual(sizes(planResize(deployment, undefined, [setOf("a", { size: 0 }), setOf("b", { size: 5 })])), {
      b: 20,
    });
  });
  test("has an only set of the right size note its own size again", () => {
    const set = setOf("new", { size: 20, annotations: noted(10, 13) });
    assert.deepEqual(sizes(planResize(deployment, set, [])), { new: 20 });
  });
  test("in the middle of a rollout every set gets its share", () => {
    const old = setOf("old", { size: 8, annotations: noted(10, 13) });
    const fresh = setOf("new", { size: 5, available: 2, createdAt: 1, annotations: noted(10, 13) });
    assert.deepEqual(sizes(planResize(deployment, fresh, [old])), { old: 14, new: 9 });
  });
  test("and when it shrinks to nothing they all do", () => {
    const none = deploymentOf("new", { replicas: 0, strategy: rolling(3, 2) });
    const sets = [setOf("old", { size: 8, annotations: noted(10, 13) })];
    const fresh = setOf("new", { size: 5, available: 1, annotations: noted(10, 13) });
    assert.deepEqual(sizes(planResize(none, fresh, sets)), { old: 0, new: 0 });
  });
  test("a saturated new set ends the old ones", () => {
    const plan = planResize(deployment, setOf("new", { size: 20 }), [setOf("old", { size: 3 })]);
    assert.deepEqual(sizes(plan), { old: 0 });
  });
});
