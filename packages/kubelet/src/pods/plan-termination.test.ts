import assert from "node:assert/strict";
import { exited, observe, testContainer, testInstance, testPod, testSandbox } from "../testing/pod-fixtures.ts";
import { type PlanRow, nowMs, testPlans } from "../testing/plan-rows.ts";

const sidecar = testContainer("side", { restartPolicy: "Always" });
const running = observe([testSandbox()], [testInstance("app")]);
const deleted = { deletionTimestamp: "1970-01-01T00:01:40Z", deletionGracePeriodSeconds: 30 };
const sidecarPod = testPod({ initContainers: [testContainer("first", { restartPolicy: "Always" }), sidecar] });
const sidecarsUp = [testInstance("first"), testInstance("side")];

const rows: readonly PlanRow[] = [
  {
    name: "deletion stops all app containers together",
    pod: testPod({ containers: [testContainer("app"), testContainer("b")] }, deleted),
    observed: observe([testSandbox()], [testInstance("app"), testInstance("b")]),
    actions: ["stop app-0 in 30s (PodEnds, byPolicy)", "stop b-0 in 30s (PodEnds, byPolicy)"],
    phase: "Running",
  },
  {
    name: "sidecars stop last, in reverse order",
    pod: { ...sidecarPod, metadata: { ...sidecarPod.metadata, ...deleted } },
    observed: observe([testSandbox()], [exited("app", 0, 99_000), ...sidecarsUp]),
    work: { termination: { graceSeconds: 30, deadlineMs: nowMs + 12_000 } },
    actions: ["stop side-0 in 12s (PodEnds, byPolicy)"],
  },
  {
    name: "a sidecar is given two seconds when the others took all",
    pod: { ...sidecarPod, metadata: { ...sidecarPod.metadata, ...deleted } },
    observed: observe([testSandbox()], [exited("app", 0, 99_000), exited("side", 0, 99_000), testInstance("first")]),
    work: { termination: { graceSeconds: 30, deadlineMs: nowMs } },
    actions: ["stop first-0 in 2s (PodEnds, byPolicy)"],
  },
  {
    name: "a shorter grace period brings the deadline nearer",
    pod: testPod({}, { ...deleted, deletionGracePeriodSeconds: 5 }),
    observed: running,
    work: { termination: { graceSeconds: 30, deadlineMs: nowMs + 20_000 } },
    actions: ["stop app-0 in 5s (PodEnds, byPolicy)"],
  },
  {
    name: "after the containers the sandbox",
    pod: testPod({}, deleted),
    observed: observe([testSandbox()], [exited("app", 143, 99_000)]),
    actions: ["stopSandbox s0"],
    phase: "Failed",
  },
  {
    name: "then volumes and cgroup",
    pod: testPod({}, deleted),
    observed: observe([testSandbox({ state: "notready" })], [exited("app", 0, 99_000)]),
    work: { stoppedSandboxes: new Set(["s0"]) },
    actions: ["tearDown"],
    phase: "Succeeded",
  },
  {
    name: "then the object",
    pod: testPod({}, deleted),
    observed: observe([testSandbox({ state: "notready" })], [exited("app", 0, 99_000)]),
    work: { stoppedSandboxes: new Set(["s0"]), tornDown: true },
    actions: ["deletePod"],
  },
  {
    name: "nothing is removed while the API still shows the pod",
    pod: testPod({}, deleted),
    observed: observe([testSandbox({ state: "notready" })], [exited("app", 0, 99_000)]),
    work: { stoppedSandboxes: new Set(["s0"]), tornDown: true, deleteAccepted: true },
    actions: [],
    finished: false,
  },
  {
    name: "and at last what the runtime kept",
    observed: observe([testSandbox({ state: "notready" })], [exited("app", 0, 99_000)]),
    work: { removed: true, stoppedSandboxes: new Set(["s0"]), tornDown: true },
    actions: ["removeSandbox s0"],
    finished: false,
  },
  {
    name: "a pod of which nothing is left is finished",
    work: { removed: true, tornDown: true },
    actions: [],
    finished: true,
  },
  {
    name: "a pod that vanished from the API is ended with its own grace",
    observed: running,
    work: { removed: true },
    actions: ["stop app-0 in 30s (PodEnds, byPolicy)"],
  },
  {
    name: "a start that was cancelled must end before the sandbox goes",
    pod: testPod({}, deleted),
    observed: observe([testSandbox()], []),
    work: { inFlight: new Map([["start/app", { type: "startContainer", name: "app", sandboxId: "s0", attempt: 0 }]]) },
    actions: [],
  },
  {
    name: "the active deadline ends the pod",
    pod: testPod({ activeDeadlineSeconds: 100 }),
    observed: running,
    actions: ["stop app-0 in 30s (PodEnds, byPolicy)"],
    check: (plan) => assert.equal(plan.termination?.outcome?.reason, "DeadlineExceeded"),
  },
  {
    name: "and fails it once nothing runs",
    pod: testPod({ activeDeadlineSeconds: 100 }),
    observed: observe([testSandbox()], [exited("app", 0, 99_000)]),
    actions: ["stopSandbox s0"],
    phase: "Failed",
    check: (plan) => assert.equal(plan.status.reason, "DeadlineExceeded"),
  },
  {
    name: "a deadline to come wakes the worker",
    pod: testPod({ activeDeadlineSeconds: 130 }),
    observed: running,
    actions: [],
    wakeAfterMs: 30_000,
  },
  {
    name: "a pod that the API calls finished is not run again",
    pod: { ...testPod(), status: { phase: "Failed", reason: "NodeLost" } },
    observed: running,
    actions: ["stop app-0 in 30s (PodEnds, byPolicy)"],
  },
  {
    name: "a refused pod fails and starts nothing",
    work: { rejection: { reason: "OutOfcpu", message: "Node didn't have enough resource: cpu" }, prepared: "no" },
    actions: ["tearDown"],
    phase: "Failed",
    check: (plan) => {
      assert.equal(plan.status.reason, "OutOfcpu");
      assert.equal(plan.status.message, "Pod was rejected: Node didn't have enough resource: cpu");
    },
  },
  {
    name: "an evicted pod fails with the eviction's words",
    observed: observe([testSandbox()], [exited("app", 0, 99_000)]),
    work: {
      termination: {
        graceSeconds: 1,
        deadlineMs: nowMs,
        outcome: {
          reason: "Evicted",
          message: "The node was low on resource: memory.",
          disruption: "TerminationByKubelet",
        },
      },
    },
    actions: ["stopSandbox s0"],
    phase: "Failed",
    check: (plan) => {
      assert.equal(plan.status.reason, "Evicted");
      assert.equal(
        plan.status.conditions?.find(({ type }) => type === "DisruptionTarget")?.reason,
        "TerminationByKubelet",
      );
    },
  },
];

testPlans(rows);
