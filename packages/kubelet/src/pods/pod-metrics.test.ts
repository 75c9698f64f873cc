import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "@kube-ts/api/core/v1";
import { FakeClock } from "@kube-ts/std/clock";
import { Registry } from "@kube-ts/std/metrics";
import { imageSizeClass } from "../images/image-metrics.ts";
import { takeCensus, serveCensus } from "./pod-census.ts";
import { PodMetrics } from "./pod-metrics.ts";
import { PodStartTimes } from "./pod-start-times.ts";

const createdMs = Date.UTC(2026, 0, 1);
const at = (seconds: number) => new Date(createdMs + seconds * 1000).toISOString().replace(".000Z", "Z");

function pod(status: Pod["status"] = {}, more: Partial<Pod["spec"]> = {}): Pod {
  return {
    metadata: { name: "web", namespace: "default", uid: "u", creationTimestamp: at(0) },
    spec: { containers: [{ name: "app" }], ...more },
    status,
  };
}

const running = { name: "app", state: { running: { startedAt: at(9) } } };
const initialized = {
  name: "init",
  state: { terminated: { exitCode: 0, startedAt: at(4), finishedAt: at(6) } },
};

test("a start is measured once, and pulls and init containers are not the node's fault", async () => {
  const registry = new Registry();
  const clock = new FakeClock(createdMs);
  const times = new PodStartTimes(new PodMetrics(registry), clock);
  times.saw(pod());
  await clock.advance(1_000);
  times.pulling("u");
  await clock.advance(3_000);
  times.pulled("u");
  await clock.advance(6_000);
  times.saw(pod({ containerStatuses: [{ name: "app", state: { waiting: {} } }] as never }));
  const started = pod({ containerStatuses: [running], initContainerStatuses: [initialized] } as never);
  times.saw(started);
  times.saw(started);
  const text = await registry.metrics();
  assert.match(text, /^kubelet_pod_start_total_duration_seconds_sum 10$/m);
  assert.match(text, /^kubelet_pod_start_total_duration_seconds_count 1$/m);
  assert.match(text, /^kubelet_pod_start_sli_duration_seconds_sum 5$/m);
  assert.match(text, /^kubelet_first_network_pod_start_sli_duration_seconds 5$/m);
});

test("what had begun before, and what ends before it starts, is not measured", async () => {
  const registry = new Registry();
  const times = new PodStartTimes(new PodMetrics(registry), new FakeClock(createdMs));
  times.saw(pod({ startTime: at(0) }));
  times.saw(pod({ containerStatuses: [running] } as never));
  times.saw(pod());
  times.forget("u");
  times.saw({ ...pod({ containerStatuses: [running] } as never), metadata: { uid: "u" } });
  assert.match(await registry.metrics(), /^kubelet_pod_start_total_duration_seconds_count 0$/m);
});

test("the census counts what there is when somebody asks", async () => {
  const registry = new Registry();
  const idle = { isStatic: false, isEnding: false, isDown: false, isRejected: false, isRemoved: false };
  const volumes = [
    { name: "a", emptyDir: {} },
    { name: "b", secret: {} },
  ];
  const none = new Map<string, string>();
  const deferred = [{ type: "PodResizePending", status: "True", reason: "Deferred" }];
  const workers = [
    { ...idle, pod: pod({}, { volumes }), status: { conditions: deferred }, volumesMounted: new Map([["a", "/a"]]) },
    { ...idle, isStatic: true, pod: pod(), status: {}, volumesMounted: none },
    { ...idle, isEnding: true, isRemoved: true, pod: pod(), status: {}, volumesMounted: none },
    { ...idle, isEnding: true, isDown: true, pod: pod(), status: {}, volumesMounted: none },
  ];
  serveCensus(registry, () => takeCensus(workers as never));
  const text = await registry.metrics();
  const lines = [
    'kubelet_desired_pods{static="false"} 2',
    'kubelet_desired_pods{static="true"} 1',
    'kubelet_active_pods{static="false"} 1',
    "kubelet_mirror_pods 1",
    'kubelet_working_pods{lifecycle="sync",config="desired",static="false"} 1',
    'kubelet_working_pods{lifecycle="terminating",config="orphan",static="false"} 1',
    'kubelet_working_pods{lifecycle="terminated",config="desired",static="false"} 1',
    'kubelet_pod_pending_resizes{reason="deferred"} 1',
    'kubelet_pod_pending_resizes{reason="infeasible"} 0',
    "kubelet_pod_in_progress_resizes 0",
    "kubelet_managed_ephemeral_containers 0",
    'volume_manager_total_volumes{plugin_name="kubernetes.io/empty-dir",state="actual_state_of_world"} 1',
    'volume_manager_total_volumes{plugin_name="kubernetes.io/secret",state="desired_state_of_world"} 1',
    'volume_manager_total_volumes{plugin_name="kubernetes.io/secret",state="actual_state_of_world"} 0',
  ];
  for (const line of lines) assert.ok(text.includes(`${line}\n`), `${line}\n${text}`);
});

test("sizes of images fall into upstream's classes", () => {
  const mib = 1024 ** 2;
  const cases: readonly (readonly [number, string])[] = [
    [0, "N/A"],
    [1, "0-10MB"],
    [10 * mib, "0-10MB"],
    [10 * mib + 1, "10MB-100MB"],
    [2048 * mib, "1GB-5GB"],
    [200 * 1024 * mib, "GT100GB"],
  ];
  for (const [size, label] of cases) assert.equal(imageSizeClass(size), label);
});
