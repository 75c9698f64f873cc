import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "@kube-ts/std/clock";
import { Registry } from "@kube-ts/std/metrics";
import { MemoryRuntime } from "../testing/memory-runtime.ts";
import { instrumentedRuntime } from "./instrumented-runtime.ts";
import { RuntimeError } from "./runtime-error.ts";
import { RuntimeMetrics } from "./runtime-metrics.ts";

const signal = new AbortController().signal;

test("calls are counted and timed by upstream's operations, and fail as they do without it", async () => {
  const clock = new FakeClock();
  const registry = new Registry();
  const memory = new MemoryRuntime(clock);
  const runtime = instrumentedRuntime(memory, new RuntimeMetrics(registry), clock);
  memory.failNext("runPodSandbox", new RuntimeError("Unavailable", "no"));
  const config = {} as Parameters<typeof runtime.runPodSandbox>[0];
  await assert.rejects(runtime.runPodSandbox(config, signal), /no/);
  assert.deepEqual(await runtime.listContainers({}, signal), []);
  await runtime.images.list(signal);
  await runtime.images.list(signal);
  const text = await registry.metrics();
  const lines = [
    'kubelet_runtime_operations_total{operation_type="run_podsandbox"} 1',
    'kubelet_runtime_operations_errors_total{operation_type="run_podsandbox"} 1',
    'kubelet_runtime_operations_total{operation_type="list_containers"} 1',
    'kubelet_runtime_operations_total{operation_type="list_images"} 2',
    'kubelet_runtime_operations_duration_seconds_bucket{le="0.005",operation_type="list_images"} 2',
    'kubelet_run_podsandbox_errors_total{runtime_handler=""} 1',
    'kubelet_run_podsandbox_duration_seconds_count{runtime_handler=""} 1',
  ];
  for (const line of lines) assert.ok(text.includes(`${line}\n`), line);
  assert.doesNotMatch(text, /errors_total\{operation_type="list/);
});

test("each stream of events that begins is counted", async () => {
  const clock = new FakeClock();
  const registry = new Registry();
  const runtime = instrumentedRuntime(new MemoryRuntime(clock), new RuntimeMetrics(registry), clock);
  const stop = new AbortController();
  for await (const event of runtime.events(stop.signal)) if (event.type === "resync") break;
  assert.match(await registry.metrics(), /^kubelet_evented_pleg_connection_success_count 1$/m);
});
