import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Pod } from "@kube-ts/api/core/v1";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import { podResource } from "./pod.ts";

const bench = new RuleBench<Pod>(podResource);

const created = "2026-01-31T11:00:00Z";
const running = { running: { startedAt: created } };
const image = "nginx:1";

function containerStatus(name: string, state: Draft, more: Draft = {}): Draft {
  return { name, state, ready: false, restartCount: 0, image, imageID: "", ...more };
}

interface Parts {
  readonly meta?: Draft;
  readonly spec?: Draft;
  readonly status?: Draft;
}

function rowOf({ meta = {}, spec = {}, status = {} }: Parts): Record<string, unknown> {
  return bench.row({
    metadata: { name: "web", creationTimestamp: created, ...meta },
    spec: { containers: [{ name: "a", image }], ...spec },
    status,
  });
}

describe("the columns of a pod", () => {
  it("show all of it", () => {
    const row = rowOf({
      spec: {
        nodeName: "n1",
        readinessGates: [{ conditionType: "example.com/a" }, { conditionType: "example.com/b" }],
      },
      status: {
        phase: "Running",
        podIPs: [{ ip: "10.0.0.1" }, { ip: "fd00::1" }],
        nominatedNodeName: "n2",
        conditions: [{ type: "example.com/a", status: "True" }],
        containerStatuses: [containerStatus("a", running, { ready: true })],
      },
    });
    assert.deepEqual(row, {
      Name: "web",
      Ready: "1/1",
      Status: "Running",
      Restarts: "0",
      Age: "60m",
      IP: "10.0.0.1",
      Node: "n1",
      "Nominated Node": "n2",
      "Readiness Gates": "1/2",
    });
  });

  it("show what a pod without status has", () => {
    assert.deepEqual(rowOf({}), {
      Name: "web",
      Ready: "0/1",
      Status: "",
      Restarts: "0",
      Age: "60m",
      IP: "<none>",
      Node: "<none>",
      "Nominated Node": "<none>",
      "Readiness Gates": "<none>",
    });
  });
});

const twoInits = {
  initContainers: [
    { name: "i", image },
    { name: "j", image },
  ],
};
const sidecar = { initContainers: [{ name: "s", image, restartPolicy: "Always" }] };
const done = { terminated: { exitCode: 0, reason: "Completed" } };
const restarted = (count: number, finishedAt: string) => ({
  restartCount: count,
  lastState: { terminated: { exitCode: 1, finishedAt } },
});

const cases: Readonly<Record<string, Parts>> = {
  "is pending": { status: { phase: "Pending" } },
  "is gated": {
    status: { phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", reason: "SchedulingGated" }] },
  },
  "is being created": {
    status: {
      phase: "Pending",
      containerStatuses: [containerStatus("a", { waiting: { reason: "ContainerCreating" } })],
    },
  },
  "runs its first init container": {
    spec: twoInits,
    status: {
      phase: "Pending",
      initContainerStatuses: [
        containerStatus("i", running),
        containerStatus("j", { waiting: { reason: "PodInitializing" } }),
      ],
    },
  },
  "runs its second init container": {
    spec: twoInits,
    status: {
      phase: "Pending",
      initContainerStatuses: [containerStatus("i", done), containerStatus("j", running)],
    },
  },
  "has an init container that fails": {
    spec: twoInits,
    status: {
      phase: "Pending",
      initContainerStatuses: [
        containerStatus("i", { waiting: { reason: "CrashLoopBackOff" } }, restarted(4, "2026-01-31T11:55:00Z")),
        containerStatus("j", { waiting: { reason: "PodInitializing" } }),
      ],
    },
  },
  "has an init container that ended with a code": {
    spec: twoInits,
    status: { phase: "Pending", initContainerStatuses: [containerStatus("i", { terminated: { exitCode: 3 } })] },
  },
  "has an init container that a signal ended": {
    spec: twoInits,
    status: {
      phase: "Pending",
      initContainerStatuses: [containerStatus("i", { terminated: { exitCode: 137, signal: 9 } })],
    },
  },
  "has a sidecar that runs": {
    spec: sidecar,
    status: {
      phase: "Running",
      conditions: [{ type: "Initialized", status: "True" }],
      initContainerStatuses: [containerStatus("s", running, { ready: true, started: true, restartCount: 2 })],
      containerStatuses: [containerStatus("a", running, { ready: true })],
    },
  },
  "has a sidecar that starts": {
    spec: sidecar,
    status: { phase: "Pending", initContainerStatuses: [containerStatus("s", running, { started: false })] },
  },
  "runs but is not ready": {
    status: { phase: "Running", containerStatuses: [containerStatus("a", running)] },
  },
  "crashes again and again": {
    status: {
      phase: "Running",
      containerStatuses: [
        containerStatus("a", { waiting: { reason: "CrashLoopBackOff" } }, restarted(3, "2026-01-31T11:55:00Z")),
      ],
    },
  },
  "ran out of memory": {
    status: {
      phase: "Running",
      containerStatuses: [containerStatus("a", { terminated: { exitCode: 137, reason: "OOMKilled" } })],
    },
  },
  "ended by a signal": {
    status: {
      phase: "Running",
      containerStatuses: [containerStatus("a", { terminated: { exitCode: 137, signal: 9 } })],
    },
  },
  "ended with a code": {
    status: { phase: "Running", containerStatuses: [containerStatus("a", { terminated: { exitCode: 2 } })] },
  },
  "has completed": { status: { phase: "Succeeded", containerStatuses: [containerStatus("a", done)] } },
  "has one container that completed and one that runs": {
    spec: {
      containers: [
        { name: "a", image },
        { name: "b", image },
      ],
    },
    status: {
      phase: "Running",
      containerStatuses: [containerStatus("a", done), containerStatus("b", running, { ready: true })],
    },
  },
  "was evicted": { status: { phase: "Failed", reason: "Evicted" } },
  "is being deleted": {
    meta: { deletionTimestamp: created },
    status: { phase: "Running", containerStatuses: [containerStatus("a", running, { ready: true })] },
  },
  "was on a node that is lost": {
    meta: { deletionTimestamp: created },
    status: { phase: "Running", reason: "NodeLost" },
  },
  "failed and is being deleted": { meta: { deletionTimestamp: created }, status: { phase: "Failed" } },
};

const shown: Readonly<Record<string, string>> = {
  "is pending": "0/1 Pending 0",
  "is gated": "0/1 SchedulingGated 0",
  "is being created": "0/1 ContainerCreating 0",
  "runs its first init container": "0/1 Init:0/2 0",
  "runs its second init container": "0/1 Init:1/2 0",
  "has an init container that fails": "0/1 Init:CrashLoopBackOff 4 (5m ago)",
  "has an init container that ended with a code": "0/1 Init:ExitCode:3 0",
  "has an init container that a signal ended": "0/1 Init:Signal:9 0",
  "has a sidecar that runs": "2/2 Running 2",
  "has a sidecar that starts": "0/2 Init:0/1 0",
  "runs but is not ready": "0/1 Running 0",
  "crashes again and again": "0/1 CrashLoopBackOff 3 (5m ago)",
  "ran out of memory": "0/1 OOMKilled 0",
  "ended by a signal": "0/1 Signal:9 0",
  "ended with a code": "0/1 ExitCode:2 0",
  "has completed": "0/1 Completed 0",
  "has one container that completed and one that runs": "1/2 NotReady 0",
  "was evicted": "0/1 Evicted 0",
  "is being deleted": "1/1 Terminating 0",
  "was on a node that is lost": "0/1 Unknown 0",
  "failed and is being deleted": "0/1 Failed 0",
};

describe("ready, status and restarts of a pod that", () => {
  for (const [what, parts] of Object.entries(cases)) {
    it(what, () => {
      const { Ready, Status, Restarts } = rowOf(parts);
      assert.equal(`${Ready} ${Status} ${Restarts}`, shown[what]);
    });
  }
});

it("tells that a pod has completed", () => {
  const pod = bench.decode({ metadata: { name: "web" }, spec: { containers: [] }, status: { phase: "Succeeded" } });
  assert.deepEqual(podResource.columns?.row(pod, 0).conditions, [
    { type: "Completed", status: "True", reason: "Succeeded", message: "The pod has completed successfully." },
  ]);
});
