import assert from "node:assert/strict";
import { test } from "node:test";
import type { Secret } from "@kube-ts/api/core/v1";
import { secrets } from "@kube-ts/api/resource-types";
import { FakeClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { MemoryObjects } from "../testing/memory-objects.ts";
import { LegacyTokenTracker } from "./legacy-token-tracker.ts";

const label = "kubernetes.io/legacy-token-last-used";

test("the day of the last use is noted once a day", async () => {
  const objects = new MemoryObjects();
  const clock = new FakeClock(Date.parse("2026-03-01T23:59:00Z"));
  const tracker = new LegacyTokenTracker(objects, clock, silentLogger);
  const stop = new AbortController();
  const running = tracker.run(stop.signal);
  objects.put(secrets, { metadata: { name: "t", namespace: "ns", labels: { mine: "1" } } });
  const current = () => objects.get(secrets, "ns", "t") as Secret;
  for (let use = 0; use < 5; use += 1) tracker.used(current());
  await clock.advance(0);
  assert.deepEqual(current().metadata.labels, { mine: "1", [label]: "2026-03-01" });
  const version = current().metadata.resourceVersion;
  tracker.used(current());
  await clock.advance(0);
  assert.equal(current().metadata.resourceVersion, version);
  await clock.advance(60_000);
  tracker.used(current());
  await clock.advance(0);
  assert.equal(current().metadata.labels?.[label], "2026-03-02");
  stop.abort(new Error("stop"));
  await running;
});
