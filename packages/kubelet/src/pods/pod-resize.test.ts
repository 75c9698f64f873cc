import assert from "node:assert/strict";
import { test } from "node:test";
import type { Container, Pod, PodStatus } from "@kube-ts/api/core/v1";
import { findCondition } from "@kube-ts/api/conditions";
import { RuntimeError } from "../runtime/runtime-error.ts";
import { testContainer, testPod } from "../testing/pod-fixtures.ts";
import { PodHarness } from "../testing/pod-harness.ts";
import { requestedResizes, resizeChanges } from "./resize-report.ts";

/** The pod as it is after so many changes of its spec. */
function asking(cpu: string, generation: number, more: Partial<Container> = {}): Pod {
  const resources = { requests: { memory: "64Mi", cpu }, limits: { memory: "64Mi" } };
  return testPod({ containers: [testContainer("app", { resources, ...more })] }, { generation });
}

async function running(h: PodHarness, pod = asking("100m", 1)): Promise<void> {
  h.workers.update(pod, false);
  h.start();
  await h.until("the pod runs", () => h.phase() === "Running");
  await h.until("it has started", () => h.events.lines.includes("Started Container started"));
  h.events.lines.length = 0;
}

const summary = (cpu: string, generation: number, error?: string) => {
  const resources = `{"limits":{"memory":"64Mi"},"requests":{"cpu":"${cpu}","memory":"64Mi"}}`;
  const failed = error === undefined ? "" : `,"error":"${error}"`;
  return `{"containers":[{"name":"app","resources":${resources}}],"generation":${generation}${failed}}`;
};

const condition = (h: PodHarness, type: string) => findCondition(h.statuses.get("uid-1")?.conditions, type);

test("a resize in place is told of when it starts and when it is done", async () => {
  await using h = await PodHarness.create();
  await running(h);
  h.workers.update(asking("200m", 2), false);
  await h.until("both events", () => h.events.lines.length === 2);
  assert.deepEqual(h.events.lines, [
    `ResizeStarted Pod resize started: ${summary("200m", 2)}`,
    `ResizeCompleted Pod resize completed: ${summary("200m", 2)}`,
  ]);
  assert.equal(h.runtime.container("app")?.resources.cpuShares, 204);
  assert.equal(h.containerStatus("app")?.resources?.requests?.["cpu"], "200m");
  assert.equal(condition(h, "PodResizeInProgress"), undefined);
  const text = await h.registry.metrics();
  const labels = 'resource="cpu",requirement="requests",operation="increase"';
  assert.ok(text.includes(`kubelet_container_requested_resizes_total{${labels}} 1\n`), text);
  assert.match(text, /^kubelet_pod_resize_duration_milliseconds_count\{success="true"\} 1$/m);
});

test("a resize by a new instance is done when that runs", async () => {
  await using h = await PodHarness.create();
  const resizePolicy = [{ resourceName: "cpu", restartPolicy: "RestartContainer" as const }];
  await running(h, asking("100m", 1, { resizePolicy }));
  h.workers.update(asking("200m", 2, { resizePolicy }), false);
  await h.until("it is done", () => h.events.lines.some((line) => line.startsWith("ResizeCompleted")));
  const reasons = h.events.lines.map((line) => line.split(" ")[0]);
  assert.equal(reasons[0], "ResizeStarted");
  assert.ok(reasons.indexOf("ResizeCompleted") > reasons.indexOf("Started"), reasons.join());
  assert.equal(reasons.filter((reason) => reason?.startsWith("Resize")).length, 2);
  assert.equal(h.containerStatus("app")?.restartCount, 1);
});

test("a failed try shows in the condition and as one event; the container keeps what it has until one succeeds", async () => {
  await using h = await PodHarness.create();
  await running(h);
  h.runtime.failNext("updateContainerResources", new RuntimeError("Unavailable", "busy"));
  h.workers.update(asking("200m", 2), false);
  await h.until("the error", () => condition(h, "PodResizeInProgress")?.reason === "Error");
  assert.equal(condition(h, "PodResizeInProgress")?.message, "busy");
  assert.equal(h.containerStatus("app")?.resources?.requests?.["cpu"], "100m");
  assert.equal(h.containerStatus("app")?.allocatedResources?.["cpu"], "200m");
  await h.pass(3_000);
  await h.until("it is done", () => condition(h, "PodResizeInProgress") === undefined);
  assert.deepEqual(h.events.lines, [
    `ResizeStarted Pod resize started: ${summary("200m", 2)}`,
    `ResizeError Pod resize error: ${summary("200m", 2, "busy")}`,
    `ResizeCompleted Pod resize completed: ${summary("200m", 2)}`,
  ]);
  assert.equal(h.containerStatus("app")?.resources?.requests?.["cpu"], "200m");
});

test("a deferred resize is told of once, and made when there is room", async () => {
  await using h = await PodHarness.create();
  await running(h);
  let used = 1;
  h.judgeResize = () => ({ reason: "Deferred", message: `used: ${(used += 1)}` });
  h.workers.update(asking("200m", 2), false);
  await h.until("it is deferred", () => condition(h, "PodResizePending")?.reason === "Deferred");
  await h.pass(61_000, 10_000);
  assert.equal(h.events.lines.length, 1);
  assert.match(h.events.lines[0] ?? "", /^ResizeDeferred Pod resize Deferred: \{.*"error":"used: 2"\}$/);
  h.judgeResize = () => undefined;
  await h.pass(31_000, 10_000);
  await h.until("it is done", () => h.events.lines.length === 3);
  assert.match(await h.registry.metrics(), /^kubelet_pod_deferred_accepted_resizes_total\{.*\} 1$/m);
});

test("what can never be is infeasible, and taking it back is no news", async () => {
  await using h = await PodHarness.create();
  await running(h);
  h.judgeResize = (pod) => (pod.metadata.generation === 2 ? { reason: "Infeasible", message: "too much" } : undefined);
  h.workers.update(asking("64", 2), false);
  await h.until("it is refused", () => condition(h, "PodResizePending")?.reason === "Infeasible");
  h.workers.update(asking("100m", 3), false);
  await h.until("it is taken back", () => condition(h, "PodResizePending") === undefined);
  assert.deepEqual(h.events.lines, [`ResizeInfeasible Pod resize Infeasible: ${summary("64", 2, "too much")}`]);
  assert.match(await h.registry.metrics(), /^kubelet_pod_infeasible_resizes_total\{.*\} 1$/m);
});

test("requests that change nothing of the limits are accepted and done at once", () => {
  const status = (memory: string): PodStatus => ({
    containerStatuses: [
      {
        name: "app",
        ready: true,
        restartCount: 0,
        image: "",
        imageID: "",
        containerID: "docker://1",
        state: { running: {} },
        allocatedResources: { memory },
      },
    ],
  });
  const types = (before: PodStatus, after: PodStatus) =>
    resizeChanges(testPod(), before, after).map(({ type }) => type);
  assert.deepEqual(types(status("1Gi"), status("2Gi")), ["started", "completed"]);
  assert.deepEqual(types(status("1Gi"), status("1Gi")), []);
  assert.deepEqual(types({}, status("1Gi")), []);
});

test("each amount that somebody asks to change is one request", () => {
  const before = testPod({
    containers: [testContainer("app", { resources: { requests: { cpu: "1" }, limits: { memory: "1Gi", cpu: "2" } } })],
  });
  const after = testPod({
    containers: [
      testContainer("app", { resources: { requests: { cpu: "1000m", memory: "1Mi" }, limits: { memory: "512Mi" } } }),
    ],
  });
  assert.deepEqual(
    requestedResizes(before, after).map(({ resource, requirement, operation }) => [requirement, resource, operation]),
    [
      ["limits", "cpu", "remove"],
      ["limits", "memory", "decrease"],
      ["requests", "memory", "add"],
    ],
  );
});
