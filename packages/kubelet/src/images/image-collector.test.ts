import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { Registry } from "@kube-ts/std/metrics";
import { MemoryRuntime } from "../testing/memory-runtime.ts";
import { ImageCollector } from "./image-collector.ts";
import { ImageMetrics } from "./image-metrics.ts";

const signal = new AbortController().signal;

test("an image that a volume shows is in use, whether a container runs from it or not", async () => {
  const clock = new FakeClock();
  const runtime = new MemoryRuntime(clock);
  const registry = new Registry();
  const collector = new ImageCollector({
    runtime,
    metrics: new ImageMetrics(registry),
    policy: { highThresholdPercent: 100, lowThresholdPercent: 90, minAgeMs: 0, maxUnusedAgeMs: 60_000 },
    clock,
    log: silentLogger,
    onShortfall: () => {},
  });
  const pod = { name: "web", namespace: "default", uid: "u" };
  for (const reference of ["shown", "idle"]) await runtime.images.pull(reference);
  await runtime.images.hold("sha256:shown", { pod, volume: "data" });
  await collector.collect(signal);
  await clock.advance(61_000);
  await collector.collect(signal);
  const left = async () => (await runtime.images.list()).flatMap(({ repoTags }) => repoTags);
  assert.match(await registry.metrics(), /^kubelet_image_garbage_collected_total\{reason="age"\} 1$/m);
  assert.deepEqual(await left(), ["shown"]);
  await runtime.images.release("u");
  assert.equal(await collector.freeUnused(signal), 1_000_000);
  assert.match(await registry.metrics(), /^kubelet_image_garbage_collected_total\{reason="space"\} 1$/m);
});
