import assert from "node:assert/strict";
import { test } from "node:test";
import type { Container, Pod } from "@kube-ts/api/core/v1";
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
import { type PlanRow, nowMs, testPlans } from "../testing/plan-rows.ts";
import { planPod } from "./plan-pod.ts";
import type { PodAction } from "./pod-action.ts";

const sidecar = testContainer("side", { restartPolicy: "Always" });
const initPod = testPod({ initContainers: [testContainer("one"), sidecar, testContainer("two")] });
const running = observe([testSandbox()], [testInstance("app")]);
const failing = (type: string, id: string): ProbeResults => ({
  get: (asked, containerId) => (asked === type && containerId === id ? "failure" : undefined),
});
const twoApps = testPod({ containers: [testContainer("app"), testContainer("b")], restartPolicy: "Never" });
const resized = (more: Partial<Container> = {}): Pod =>
  testPod({
    containers: [
      testContainer("app", { resources: { requests: { cpu: "200m" }, limits: { memory: "64Mi" } }, ...more }),
    ],
  });
const done = testPod({ restartPolicy: "Never" });

const restartingPod = testPod({
  restartPolicy: "Never",
  initContainers: [testContainer("init")],
  containers: [
    testContainer("app", {
      restartPolicy: "Never",
      restartPolicyRules: [{ action: "RestartAllContainers", exitCodes: { operator: "In", values: [42] } }],
    }),
    testContainer("other"),
  ],
});

const rows: readonly PlanRow[] = [
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
    name: "meanwhile it has not ended, so that it may run again in a pod that never restarts",
    pod: testPod({ restartPolicy: "Never", containers: [testContainer("app", { image: "demo:v2" })] }),
    observed: observe([testSandbox()], [exited("app", 137, 99_000)]),
    work: { containers: new Map([["app", { replaced: { containerId: "app-0", atOnce: true } }]]) },
    actions: ["start app#1"],
    check: ({ status }) => {
      const [app] = status.containerStatuses ?? [];
      assert.deepEqual(app?.state, { waiting: { reason: "ContainerCreating" } });
      assert.equal(app?.lastState?.terminated?.exitCode, 137);
    },
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
    name: "a container's end may stop all others",
    pod: restartingPod,
    observed: observe([testSandbox()], [exited("app", 42, 99_000), testInstance("other")]),
    actions: ["stop other-0 in 2s (RestartAll, byPolicy)"],
    phase: "Pending",
    check: ({ status }) => {
      const condition = status.conditions?.find(({ type }) => type === "AllContainersRestarting");
      assert.deepEqual([condition?.status, condition?.reason], ["True", "RestartAllContainersStarted"]);
      assert.equal(status.containerStatuses?.[0]?.state?.waiting?.reason, "RestartingAllContainers");
    },
  },
  {
    name: "then all of them go, those of the initialization, too",
    pod: restartingPod,
    observed: observe(
      [testSandbox()],
      [exited("app", 42, 99_000), exited("other", 137, 99_000), exited("init", 0, 98_000)],
    ),
    actions: ["remove init-0", "remove app-0", "remove other-0"],
  },
  {
    name: "unless the one that asks for it crashes too often",
    pod: restartingPod,
    observed: observe([testSandbox()], [exited("app", 42, 99_000), testInstance("other"), exited("init", 0, 9_000)]),
    work: { containers: new Map([["app", { backoff: { delayMs: 10_000, chosenAtMs: 90_000 } }]]) },
    actions: [],
    wakeAfterMs: 9_000,
    check: ({ status }) => assert.equal(status.containerStatuses?.[0]?.state?.waiting?.reason, "CrashLoopBackOff"),
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
    name: "limits that changed are changed in place",
    pod: resized(),
    observed: observe(
      [testSandbox()],
      [testInstance("app", { resources: { cpuShares: 102, memoryLimitBytes: 64 << 20 } })],
    ),
    actions: ['resize app-0 {"cpuShares":204}'],
    phase: "Running",
    check: (plan) =>
      assert.equal(plan.status.conditions?.find(({ type }) => type === "PodResizeInProgress")?.status, "True"),
  },
  {
    name: "or by a new instance when the container wants that",
    pod: resized({ resizePolicy: [{ resourceName: "cpu", restartPolicy: "RestartContainer" }] }),
    observed: observe(
      [testSandbox()],
      [testInstance("app", { resources: { cpuShares: 102, memoryLimitBytes: 64 << 20 } })],
    ),
    actions: ["stop app-0 in 30s (Resize, atOnce)"],
  },
  {
    name: "limits in force are left alone",
    pod: resized(),
    observed: observe(
      [testSandbox()],
      [testInstance("app", { resources: { cpuShares: 204, memoryLimitBytes: 64 << 20 } })],
    ),
    actions: [],
  },
  {
    name: "a change that the node has no room for waits, and the status says why",
    pod: resized(),
    observed: observe(
      [testSandbox()],
      [testInstance("app", { resources: { cpuShares: 102, memoryLimitBytes: 64 << 20 } })],
    ),
    work: {
      resizeRefusal: { reason: "Deferred", message: "no room" },
      lastStatus: {
        startTime: "1970-01-01T00:00:00Z",
        containerStatuses: [
          {
            name: "app",
            ready: true,
            restartCount: 0,
            image: "",
            imageID: "",
            containerID: "docker://app-0",
            state: { running: {} },
            allocatedResources: { cpu: "100m" },
            resources: { requests: { cpu: "100m" } },
          },
        ],
      },
    },
    actions: [],
    wakeAfterMs: 30_000,
    check: (plan) => {
      assert.deepEqual(plan.status.containerStatuses?.[0]?.allocatedResources, { cpu: "100m" });
      assert.equal(plan.status.conditions?.find(({ type }) => type === "PodResizePending")?.reason, "Deferred");
    },
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

testPlans(rows);

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
