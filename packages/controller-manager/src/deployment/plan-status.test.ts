import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Deployment, DeploymentCondition, DeploymentStatus, ReplicaSet } from "@kube-ts/api/apps/v1";
import { findCondition } from "@kube-ts/api/conditions";
import { planDeploymentStatus } from "./plan-status.ts";
import type { Progress } from "./plan-status.ts";
import { deploymentOf, setOf } from "./testing/rollout-fixtures.ts";

const start = "2026-01-01T00:00:00Z";
const deadline = { replicas: 4, progressDeadlineSeconds: 600 };

interface Look {
  readonly deployment: Deployment;
  readonly sets?: readonly ReplicaSet[];
  readonly newSet?: ReplicaSet;
  readonly progress?: Progress;
  readonly seconds?: number;
}

function look({ deployment, sets = [], newSet, progress, seconds = 0 }: Look): DeploymentStatus {
  const nowMs = Date.parse(start) + seconds * 1_000;
  return planDeploymentStatus({
    deployment,
    newSet,
    allSets: newSet ? [...sets, newSet] : sets,
    progress,
    collisionCount: undefined,
    nowMs,
    now: new Date(nowMs).toISOString().replace(".000", ""),
  });
}

function progressing(reason: string, counts: DeploymentStatus = {}, status: DeploymentCondition["status"] = "True") {
  const condition = { type: "Progressing", status, reason, lastUpdateTime: start, lastTransitionTime: start };
  return { ...counts, conditions: [condition] };
}

const told = (status: DeploymentStatus, type = "Progressing") => {
  const condition = findCondition(status.conditions, type);
  return condition && `${condition.status} ${condition.reason}: ${condition.message}`;
};

describe("counts", () => {
  test("are summed over all replica sets", () => {
    const old = setOf("v1", { size: 3, available: 2 });
    const status = look({
      deployment: deploymentOf("v2", deadline),
      sets: [old],
      newSet: setOf("v2", { size: 2, available: 1 }),
    });
    const { conditions: _conditions, ...counts } = status;
    assert.deepEqual(counts, {
      observedGeneration: 1,
      replicas: 5,
      updatedReplicas: 2,
      readyReplicas: 3,
      availableReplicas: 3,
      unavailableReplicas: 2,
    });
  });
  test("of pods on their way out are told once every set tells them", () => {
    const tells = (name: string, terminatingReplicas: number): ReplicaSet => {
      const set = setOf(name, { size: 1 });
      return { ...set, status: { replicas: 1, ...set.status, terminatingReplicas } };
    };
    const deployment = deploymentOf("v2", deadline);
    assert.equal(look({ deployment, sets: [tells("v1", 2)], newSet: tells("v2", 1) }).terminatingReplicas, 3);
    assert.equal(
      look({ deployment, sets: [tells("v1", 2)], newSet: setOf("v2", { size: 1 }) }).terminatingReplicas,
      undefined,
    );
  });
});

describe("availability", () => {
  const cases: [number, string][] = [
    [3, "True MinimumReplicasAvailable: Deployment has minimum availability."],
    [2, "False MinimumReplicasUnavailable: Deployment does not have minimum availability."],
  ];
  for (const [available, expected] of cases) {
    test(`${available} of 4`, () => {
      const newSet = setOf("v1", { size: 4, available });
      assert.equal(told(look({ deployment: deploymentOf("v1", deadline), newSet }), "Available"), expected);
    });
  }
});

describe("progress", () => {
  const half = setOf("v1", { size: 4, available: 2 });
  const counted = { replicas: 4, updatedReplicas: 4, readyReplicas: 2, availableReplicas: 2 };
  const waiting = (reason: string, counts: DeploymentStatus = counted) =>
    deploymentOf("v1", deadline, progressing(reason, counts));
  const cases: [string, Look, string | undefined][] = [
    ["without a deadline nothing is told", { deployment: deploymentOf("v1"), newSet: half }, undefined],
    [
      "a new set",
      {
        deployment: deploymentOf("v1", deadline),
        newSet: setOf("v1", { size: 4, available: 0 }),
        progress: { kind: "created", setName: "v1" },
      },
      'True NewReplicaSetCreated: Created new replica set "v1"',
    ],
    [
      "a set that was there",
      { deployment: deploymentOf("v1", deadline), newSet: setOf("v1", { size: 0 }) },
      'True FoundNewReplicaSet: Found new replica set "v1"',
    ],
    [
      "more pods",
      { deployment: waiting("NewReplicaSetCreated", { replicas: 4 }), newSet: half },
      'True ReplicaSetUpdated: ReplicaSet "v1" is progressing.',
    ],
    [
      "complete",
      { deployment: waiting("ReplicaSetUpdated"), newSet: setOf("v1", { size: 4 }) },
      'True NewReplicaSetAvailable: ReplicaSet "v1" has successfully progressed.',
    ],
    [
      "hangs, but not for too long",
      { deployment: waiting("ReplicaSetUpdated"), newSet: half, seconds: 599 },
      "True ReplicaSetUpdated: undefined",
    ],
    [
      "hangs for too long",
      { deployment: waiting("ReplicaSetUpdated"), newSet: half, seconds: 600 },
      'False ProgressDeadlineExceeded: ReplicaSet "v1" has timed out progressing.',
    ],
    [
      "was complete long ago and lost a pod",
      { deployment: waiting("NewReplicaSetAvailable"), newSet: half, seconds: 9_000 },
      "True NewReplicaSetAvailable: undefined",
    ],
    [
      "was complete and is scaled",
      { deployment: waiting("NewReplicaSetAvailable", { replicas: 2, updatedReplicas: 2 }), newSet: half },
      "True NewReplicaSetAvailable: undefined",
    ],
    [
      "a set that could not be made",
      { deployment: deploymentOf("v1", deadline), progress: { kind: "failed", message: "quota" } },
      "False ReplicaSetCreateError: quota",
    ],
    [
      "paused",
      {
        deployment: deploymentOf("v1", { ...deadline, paused: true }, progressing("ReplicaSetUpdated")),
        newSet: half,
        seconds: 9_000,
      },
      "Unknown DeploymentPaused: Deployment is paused",
    ],
    [
      "resumed",
      { deployment: waiting("DeploymentPaused"), newSet: half, seconds: 9_000 },
      "Unknown DeploymentResumed: Deployment is resumed",
    ],
  ];
  for (const [name, given, expected] of cases) test(name, () => assert.equal(told(look(given)), expected));

  test("a look that finds nothing new changes nothing", () => {
    const deployment = deploymentOf("v1", deadline);
    const first = look({ deployment, newSet: half, progress: { kind: "created", setName: "v1" } });
    const second = look({ deployment: { ...deployment, status: first }, newSet: half, seconds: 60 });
    assert.deepEqual(second, first);
  });

  test("a replica set's failure is passed on", () => {
    const failing = setOf("v1", { size: 4, available: 0 });
    const failure = { type: "ReplicaFailure", status: "True", reason: "FailedCreate", message: "quota" } as const;
    const newSet = { ...failing, status: { replicas: 0, conditions: [failure] } };
    const status = look({ deployment: deploymentOf("v1", deadline), newSet });
    assert.equal(told(status, "ReplicaFailure"), "True FailedCreate: quota");
  });
});
