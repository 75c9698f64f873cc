import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Pod } from "@kube-ts/api/core/v1";
import { burstReplicas, nextAvailabilityMs, planReplicas, planStatus } from "./plan.ts";
import type { ReplicaStatus, ReplicaView } from "./plan.ts";

const nowMs = Date.parse("2026-01-01T00:10:00Z");
const now = "2026-01-01T00:10:00Z";

interface Shape {
  readonly phase?: NonNullable<Pod["status"]>["phase"];
  readonly node?: string;
  /** Minutes past midnight since when it is ready. */
  readonly readyAt?: number;
  readonly createdAt?: number;
  readonly cost?: string;
  readonly restarts?: number;
  readonly deleted?: boolean;
  readonly labels?: Record<string, string>;
}

const minute = (value: number) => `2026-01-01T00:0${value}:00Z`;

function pod(name: string, shape: Shape = {}): Pod {
  const { phase = "Running", node, readyAt, createdAt = 0, cost, restarts = 0, deleted, labels = { app: "a" } } = shape;
  return {
    metadata: {
      name,
      uid: name,
      labels,
      creationTimestamp: minute(createdAt),
      ...(cost !== undefined && { annotations: { "controller.kubernetes.io/pod-deletion-cost": cost } }),
      ...(deleted && { deletionTimestamp: now }),
    },
    spec: { containers: [], ...(node !== undefined && { nodeName: node }) },
    status: {
      phase,
      ...(readyAt !== undefined && {
        conditions: [{ type: "Ready", status: "True", lastTransitionTime: minute(readyAt) }],
      }),
      containerStatuses: [{ name: "c", ready: true, restartCount: restarts, image: "", imageID: "" }],
    },
  };
}

function view(pods: readonly Pod[], rest: Partial<ReplicaView> = {}): ReplicaView {
  return {
    desired: 1,
    minReadySeconds: 0,
    templateLabels: { app: "a" },
    generation: 3,
    pods,
    relatedPods: pods,
    status: { replicas: 0 },
    tellsTerminating: true,
    ...rest,
  };
}

describe("how many pods to create or delete", () => {
  const cases: [string, ReplicaView, string][] = [
    ["none are missing", view([pod("a")]), "none"],
    ["some are missing", view([pod("a")], { desired: 3 }), "create 2"],
    ["never too many at once", view([], { desired: 10_000 }), `create ${burstReplicas}`],
    ["ended pods do not count", view([pod("a", { phase: "Failed" }), pod("b", { phase: "Succeeded" })]), "create 1"],
    ["nor do those that go", view([pod("a", { deleted: true })]), "create 1"],
    ["all have to go", view([pod("a"), pod("b")], { desired: 0 }), "delete a,b"],
  ];
  for (const [name, given, expected] of cases) {
    test(name, () => assert.equal(describeAction(given), expected));
  }
});

function describeAction(given: ReplicaView): string {
  const action = planReplicas(given);
  if (action.kind === "create") return `create ${action.count}`;
  if (action.kind === "none") return "none";
  return `delete ${action.pods.map(({ metadata }) => metadata.name).join(",")}`;
}

describe("which pod goes first", () => {
  const ready = { node: "n", readyAt: 1 };
  const cases: [string, Pod, Pod][] = [
    ["one without a node", pod("x"), pod("y", { node: "n" })],
    ["a pending one", pod("x", { node: "n", phase: "Pending" }), pod("y", { node: "n" })],
    ["one that is not ready", pod("x", { node: "n" }), pod("y", ready)],
    ["a cheap one", pod("x", { ...ready, cost: "-5" }), pod("y", ready)],
    ["one that became ready later", pod("x", { node: "n", readyAt: 5 }), pod("y", ready)],
    ["one that restarts often", pod("x", { ...ready, restarts: 4 }), pod("y", ready)],
    ["a young one", pod("x", { ...ready, createdAt: 4 }), pod("y", ready)],
  ];
  for (const [name, first, other] of cases) {
    test(name, () => {
      assert.equal(describeAction(view([other, first])), "delete x");
      assert.equal(describeAction(view([first, other])), "delete x");
    });
  }

  test("one on a crowded node, counting the pods of related sets", () => {
    const pods = [pod("y", { node: "empty", readyAt: 1 }), pod("x", { node: "full", readyAt: 1 })];
    const relatedPods = [...pods, pod("other", { node: "full" }), pod("gone", { node: "empty", phase: "Failed" })];
    assert.equal(describeAction(view(pods, { relatedPods })), "delete x");
  });
});

describe("status", () => {
  const pods = [
    pod("a", { readyAt: 9 }),
    pod("b", { readyAt: 1, labels: { app: "a", more: "x" } }),
    pod("c", { labels: {} }),
    pod("d", { readyAt: 1, deleted: true }),
    pod("e", { phase: "Failed", deleted: true }),
  ];

  test("counts the active pods", () => {
    assert.deepEqual(planStatus(view(pods, { minReadySeconds: 90 }), undefined, nowMs, now), {
      replicas: 3,
      fullyLabeledReplicas: 2,
      readyReplicas: 2,
      availableReplicas: 1,
      terminatingReplicas: 1,
      observedGeneration: 3,
    });
    assert.deepEqual(planStatus(view([], { tellsTerminating: false }), undefined, nowMs, now), {
      replicas: 0,
      observedGeneration: 3,
    });
  });

  test("tells of a failure, keeps its time and withdraws it", () => {
    const failure = { reason: "FailedCreate", message: "quota" } as const;
    const first = planStatus(view([]), failure, nowMs, now);
    const condition = { type: "ReplicaFailure", status: "True", ...failure, lastTransitionTime: now };
    assert.deepEqual(first.conditions, [condition]);
    const later = planStatus(view([], { status: first }), failure, nowMs + 60_000, "2026-01-01T00:11:00Z");
    assert.deepEqual(later.conditions, [condition]);
    const over: ReplicaStatus = planStatus(view([], { status: later }), undefined, nowMs, now);
    assert.equal(over.conditions, undefined);
  });

  test("waits for the first ready pod to become available", () => {
    const given = view([pod("a", { readyAt: 9 }), pod("b", { readyAt: 8 }), pod("c")], { minReadySeconds: 150 });
    assert.equal(nextAvailabilityMs(given, nowMs), 30_000);
    assert.equal(nextAvailabilityMs(view(pods), nowMs), undefined);
  });
});
