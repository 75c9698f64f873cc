import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "@kube-ts/api/core/v1";
import type { ProbeResults } from "../probes/probe-results.ts";
import {
  exited,
  observe,
  testContainer,
  testInstance,
  testPod,
  testSandbox,
  testWork,
} from "../testing/pod-fixtures.ts";
import { type ObservedPod, nothingObserved } from "./observed-pod.ts";
import { planPod } from "./plan-pod.ts";
import type { PodAction } from "./pod-action.ts";
import type { PodPlan, PodWork } from "./pod-work.ts";

const nowMs = 100_000;

/** An action in a few words, for tables. */
function brief(action: PodAction): string {
  switch (action.type) {
    case "createSandbox":
      return `createSandbox ${action.attempt}`;
    case "stopSandbox":
    case "removeSandbox":
      return `${action.type} ${action.sandboxId}`;
    case "startContainer":
      return `start ${action.name}#${action.attempt}`;
    case "stopContainer":
      return `stop ${action.containerId} in ${(action.deadlineMs - nowMs) / 1000}s (${action.reason.code}, ${action.restart})`;
    case "removeContainer":
      return `remove ${action.containerId}`;
    default:
      return action.type;
  }
}

interface Row {
  readonly name: string;
  readonly pod?: Pod;
  readonly work?: Partial<PodWork>;
  readonly observed?: ObservedPod;
  readonly actions: readonly string[];
  readonly phase?: string;
  readonly wakeAfterMs?: number;
  readonly finished?: boolean;
  check?(plan: PodPlan): void;
}

const sidecar = testContainer("side", { restartPolicy: "Always" });
const initPod = testPod({ initContainers: [testContainer("one"), sidecar, testContainer("two")] });
const running = observe([testSandbox()], [testInstance("app")]);
const deleted = { deletionTimestamp: "1970-01-01T00:01:40Z", deletionGracePeriodSeconds: 30 };
const failing = (type: string, id: string): ProbeResults => ({
  get: (asked, containerId) => (asked === type && containerId === id ? "failure" : undefined),
});
const twoApps = testPod({ containers: [testContainer("app"), testContainer("b")], restartPolicy: "Never" });
const sidecarPod = testPod({ initContainers: [testContainer("first", { restartPolicy: "Always" }), sidecar] });
const sidecarsUp = [testInstance("first"), testInstance("side")];
const done = testPod({ restartPolicy: "Never" });

const rows: readonly Row[] = [
  {
    name: "a new pod gets its volumes first",
    work: { prepared: "no" },
    actions: ["prepare"],
    phase: "Pending",
  },
  {
    name: "volumes that cannot be set up are tried again at their time",
    work: { prepared: "no", retryAtMs: new Map([["volumes", nowMs + 4000]]) },
    actions: [],
    wakeAfterMs: 4000,
  },
  { name: "then a sandbox", actions: ["createSandbox 0"], phase: "Pending" },
  { name: "no sandbox while the network is not ready", work: { networkProblem: "no CNI" }, actions: [] },
  {
    name: "the host's network needs no CNI",
    pod: testPod({ hostNetwork: true }),
    work: { networkProblem: "no CNI" },
    actions: ["createSandbox 0"],
  },
  {
    name: "then all app containers side by side",
    pod: twoApps,
    observed: observe([testSandbox()], []),
    actions: ["start app#0", "start b#0"],
    phase: "Pending",
  },
  { name: "a running pod is left alone", observed: running, actions: [], phase: "Running" },
  {
    name: "a sandbox without an address is replaced",
    observed: observe([testSandbox({ ips: [] })], []),
    actions: ["stopSandbox s0"],
  },
  {
    name: "a sandbox that is being made is left alone",
    observed: observe([testSandbox({ ips: [] })], []),
    work: { inFlight: new Map([["sandbox", { type: "createSandbox", attempt: 0 }]]) },
    actions: ["createSandbox 0"],
  },
  {
    name: "containers of a dead sandbox stop before its network goes",
    observed: observe([testSandbox({ state: "notready" })], [testInstance("app")]),
    actions: ["stop app-0 in 30s (SandboxChanged, atOnce)"],
  },
  {
    name: "the network of a dead sandbox goes before a new one comes",
    observed: observe([testSandbox({ state: "notready" })], [exited("app", 137, 99_000)]),
    actions: ["stopSandbox s0"],
  },
  {
    name: "the new sandbox counts on",
    observed: observe([testSandbox({ state: "notready" })], [exited("app", 137, 99_000)]),
    work: { stoppedSandboxes: new Set(["s0"]) },
    actions: ["createSandbox 1"],
  },
  {
    name: "of two ready sandboxes the newest stays",
    observed: observe([testSandbox(), testSandbox({ id: "s1", attempt: 1, createdAtMs: 5 })], []),
    actions: ["stopSandbox s0", "start app#0"],
  },
  {
    name: "the first init container starts alone",
    pod: initPod,
    observed: observe([testSandbox()], []),
    actions: ["start one#0"],
    phase: "Pending",
    check: (plan) => assert.equal(plan.status.containerStatuses?.[0]?.state?.waiting?.reason, "PodInitializing"),
  },
  {
    name: "the sidecar follows a complete init container",
    pod: initPod,
    observed: observe([testSandbox()], [exited("one", 0, 2000)]),
    actions: ["start side#0"],
  },
  {
    name: "a running sidecar lets the next init container start",
    pod: initPod,
    observed: observe([testSandbox()], [exited("one", 0, 2000), testInstance("side")]),
    actions: ["start two#0"],
  },
  {
    name: "a crashed sidecar restarts while a later init container runs",
    pod: initPod,
    observed: observe([testSandbox()], [exited("one", 0, 2000), exited("side", 1, 3000), testInstance("two")]),
    actions: ["start side#1"],
  },
  {
    name: "app containers start after the last init container",
    pod: initPod,
    observed: observe([testSandbox()], [exited("one", 0, 2000), testInstance("side"), exited("two", 0, 2500)]),
    actions: ["start app#0"],
    phase: "Pending",
  },
  {
    name: "init containers that were collected do not run again once apps began",
    pod: initPod,
    observed: observe([testSandbox()], [testInstance("app")]),
    actions: ["start side#0"],
    phase: "Running",
  },
  {
    name: "init containers run again in a new sandbox",
    pod: initPod,
    observed: observe(
      [testSandbox({ id: "s1", attempt: 1, createdAtMs: 5 })],
      [exited("one", 0, 2000), exited("app", 137, 3000)],
    ),
    actions: ["start one#1"],
  },
  {
    name: "a failed init container is retried with back-off",
    pod: initPod,
    observed: observe([testSandbox()], [exited("one", 3, 95_000)]),
    work: { containers: new Map([["one", { backoff: { delayMs: 10_000, chosenAtMs: 94_000 } }]]) },
    actions: [],
    wakeAfterMs: 5_000,
    phase: "Pending",
  },
  {
    name: "a failed init container fails a pod that never restarts",
    pod: testPod({ initContainers: [testContainer("one")], restartPolicy: "Never" }),
    observed: observe([testSandbox()], [exited("one", 3, 95_000)]),
    actions: ["stopSandbox s0"],
    phase: "Failed",
  },
  {
    name: "a crashed container restarts at once the first time",
    observed: observe([testSandbox()], [exited("app", 1, 99_000)]),
    actions: ["start app#1"],
    phase: "Running",
    check: ({ actions: [first] }) =>
      assert.deepEqual(first?.type === "startContainer" && first.backoff, { delayMs: 10_000, chosenAtMs: nowMs }),
  },
  {
    name: "and is held back the next time",
    observed: observe([testSandbox()], [exited("app", 1, 99_000, { attempt: 1 })]),
    work: { containers: new Map([["app", { backoff: { delayMs: 160_000, chosenAtMs: 98_000 } }]]) },
    actions: [],
    wakeAfterMs: 159_000,
    phase: "Running",
    check: (plan) => {
      const [status] = plan.status.containerStatuses ?? [];
      assert.equal(
        status?.state?.waiting?.message,
        "back-off 2m40s restarting failed container=app pod=web_default(uid-1)",
      );
      assert.equal(status?.state?.waiting?.reason, "CrashLoopBackOff");
      assert.equal(status?.lastState?.terminated?.exitCode, 1);
      assert.equal(plan.crashing.get("app"), "app-1");
    },
  },
  {
    name: "ten minutes of running forget the back-off",
    observed: observe([testSandbox()], [exited("app", 1, 700_000, { attempt: 1 })]),
    work: { containers: new Map([["app", { backoff: { delayMs: 160_000, chosenAtMs: 98_000 } }]]) },
    actions: ["start app#2"],
  },
  {
    name: "OnFailure restarts a failure only",
    pod: testPod({ restartPolicy: "OnFailure", containers: [testContainer("app"), testContainer("b")] }),
    observed: observe([testSandbox()], [exited("app", 1, 99_000), exited("b", 0, 99_000)]),
    actions: ["start app#1"],
    phase: "Running",
  },
  {
    name: "a pod whose containers are done succeeds and its sandbox goes",
    pod: done,
    observed: observe([testSandbox()], [exited("app", 0, 99_000)]),
    actions: ["stopSandbox s0"],
    phase: "Succeeded",
    check: (plan) => {
      const ready = plan.status.conditions?.find(({ type }) => type === "Ready");
      assert.deepEqual([ready?.status, ready?.reason], ["False", "PodCompleted"]);
    },
  },
  {
    name: "one that failed makes the pod fail",
    pod: twoApps,
    observed: observe([testSandbox()], [exited("app", 0, 99_000), exited("b", 2, 99_000)]),
    actions: ["stopSandbox s0"],
    phase: "Failed",
  },
  {
    name: "a container's own rule restarts it in a pod that never restarts",
    pod: testPod({
      restartPolicy: "Never",
      containers: [
        testContainer("app", {
          restartPolicy: "Never",
          restartPolicyRules: [{ action: "Restart", exitCodes: { operator: "In", values: [42] } }],
        }),
      ],
    }),
    observed: observe([testSandbox()], [exited("app", 42, 99_000)]),
    actions: ["start app#1"],
  },
  {
    name: "a removed container comes back, counted",
    observed: observe([testSandbox()], []),
    work: {
      lastStatus: {
        startTime: "1970-01-01T00:00:00Z",
        containerStatuses: [
          {
            name: "app",
            ready: true,
            restartCount: 2,
            image: "demo:v1",
            imageID: "x",
            containerID: "docker://gone",
            state: { running: { startedAt: "1970-01-01T00:00:10Z" } },
          },
        ],
      },
    },
    actions: ["start app#3"],
    phase: "Running",
    check: (plan) => {
      const [status] = plan.status.containerStatuses ?? [];
      assert.equal(status?.lastState?.terminated?.exitCode, 137);
      assert.equal(status?.lastState?.terminated?.reason, "ContainerStatusUnknown");
    },
  },
  {
    name: "a removed container comes back at once although an older one is still there",
    observed: observe([testSandbox()], [exited("app", 1, 99_500)]),
    work: {
      containers: new Map([["app", { backoff: { delayMs: 10_000, chosenAtMs: 99_000 } }]]),
      lastStatus: {
        startTime: "1970-01-01T00:00:00Z",
        containerStatuses: [
          {
            name: "app",
            ready: true,
            restartCount: 1,
            image: "",
            imageID: "",
            containerID: "docker://gone",
            state: { running: {} },
          },
        ],
      },
    },
    actions: ["start app#2"],
    check: (plan) => assert.equal(plan.status.containerStatuses?.[0]?.restartCount, 1),
  },
  {
    name: "a removed container of a pod that never restarts has failed",
    pod: done,
    observed: observe([testSandbox()], []),
    work: {
      lastStatus: {
        startTime: "1970-01-01T00:00:00Z",
        containerStatuses: [
          {
            name: "app",
            ready: true,
            restartCount: 0,
            image: "",
            imageID: "",
            containerID: "docker://x",
            state: { running: {} },
          },
        ],
      },
    },
    actions: ["stopSandbox s0"],
    phase: "Failed",
  },
  {
    name: "a container whose start was interrupted makes way",
    observed: observe([testSandbox()], [testInstance("app", { state: "created" })]),
    actions: ["remove app-0"],
    phase: "Pending",
  },
  {
    name: "a failed start waits and says why",
    observed: observe([testSandbox()], []),
    work: {
      containers: new Map([["app", { startFailure: { reason: "ErrImagePull", message: "no such image" } }]]),
      retryAtMs: new Map([["start/app", nowMs + 7000]]),
    },
    actions: [],
    wakeAfterMs: 7000,
    phase: "Pending",
    check: (plan) =>
      assert.deepEqual(plan.status.containerStatuses?.[0]?.state?.waiting, {
        reason: "ErrImagePull",
        message: "no such image",
      }),
  },
  {
    name: "a changed image replaces the container at once",
    pod: testPod({ containers: [testContainer("app", { image: "demo:v2" })] }),
    observed: running,
    actions: ["stop app-0 in 30s (SpecChanged, atOnce)"],
  },
  {
    name: "a failed liveness probe stops the container within the probe's grace",
    pod: testPod({ containers: [testContainer("app", { livenessProbe: { terminationGracePeriodSeconds: 5 } })] }),
    observed: running,
    work: { probes: failing("liveness", "app-0") },
    actions: ["stop app-0 in 5s (LivenessProbe, backedOff)"],
  },
  {
    name: "and it runs again although it ended well",
    pod: testPod({ restartPolicy: "OnFailure" }),
    observed: observe([testSandbox()], [exited("app", 0, 99_000)]),
    work: { containers: new Map([["app", { replaced: { containerId: "app-0", atOnce: false } }]]) },
    actions: ["start app#1"],
  },
  {
    name: "a failed startup probe in a pod that never restarts ends the container",
    pod: testPod({ restartPolicy: "Never", containers: [testContainer("app", { startupProbe: {} })] }),
    observed: running,
    work: { probes: failing("startup", "app-0") },
    actions: ["stop app-0 in 30s (StartupProbe, byPolicy)"],
  },
  {
    name: "an ephemeral container starts once",
    pod: testPod({ ephemeralContainers: [{ name: "debug", image: "demo:v1" }] }),
    observed: running,
    actions: ["start debug#0"],
  },
  {
    name: "and never again",
    pod: testPod({ ephemeralContainers: [{ name: "debug", image: "demo:v1" }] }),
    observed: observe([testSandbox()], [testInstance("app"), exited("debug", 1, 99_000)]),
    actions: [],
    phase: "Running",
  },
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
  {
    name: "old instances are collected down to one behind the newest",
    observed: observe(
      [testSandbox()],
      [testInstance("app", { attempt: 3 }), ...[0, 1, 2].map((attempt) => exited("app", 1, 5000, { attempt }))],
    ),
    actions: ["remove app-1", "remove app-0"],
    phase: "Running",
  },
  {
    name: "an old sandbox goes with its last container",
    observed: observe(
      [testSandbox({ state: "notready" }), testSandbox({ id: "s1", attempt: 1, createdAtMs: 9 })],
      [testInstance("app", { attempt: 1, podSandboxId: "s1" })],
    ),
    work: { stoppedSandboxes: new Set(["s0"]) },
    actions: ["removeSandbox s0"],
  },
  {
    name: "stale volumes are refreshed beside what runs",
    observed: running,
    work: { prepared: "stale" },
    actions: ["prepare"],
    phase: "Running",
  },
  {
    name: "a restarted kubelet sets volumes up and touches no container",
    observed: running,
    work: { prepared: "no" },
    actions: ["prepare"],
    phase: "Running",
  },
];

for (const row of rows) {
  test(`plan: ${row.name}`, () => {
    const plan = planPod(testWork(row.work), row.pod ?? testPod(), row.observed ?? nothingObserved, nowMs);
    assert.deepEqual(plan.actions.map(brief), row.actions);
    if (row.phase) assert.equal(plan.status.phase, row.phase);
    if (row.wakeAfterMs !== undefined) assert.equal(plan.wakeAfterMs, row.wakeAfterMs);
    if (row.finished !== undefined) assert.equal(plan.finished, row.finished);
    row.check?.(plan);
  });
}

test("plan: the same arguments give the same plan, and a stored status gives a fixed point", () => {
  const first = planPod(testWork(), testPod(), running, nowMs);
  const again = planPod(testWork({ lastStatus: first.status }), testPod(), running, nowMs + 5000);
  assert.deepEqual(again.status, first.status);
});

test("plan: a container that is being started shows as waiting until its start is complete", () => {
  const start: PodAction = { type: "startContainer", name: "app", sandboxId: "s0", attempt: 0 };
  const plan = planPod(testWork({ inFlight: new Map([["start/app", start]]) }), testPod(), running, nowMs);
  assert.deepEqual(plan.actions, [start]);
  assert.equal(plan.status.containerStatuses?.[0]?.state?.waiting?.reason, "ContainerCreating");
});
