import assert from "node:assert/strict";
import { test } from "node:test";
import type { PodStatus, Probe } from "@kube-ts/api/core/v1";
import { formatTime } from "@kube-ts/api/rfc3339";
import { FakeClock } from "@kube-ts/std/clock";
import { seededRandom } from "@kube-ts/std/random";
import { testContainer, testPod } from "../testing/pod-fixtures.ts";
import type { ProbeAnswer } from "./probe-answer.ts";
import type { ProbeOutcome, ProbeType } from "./probe-results.ts";
import { ProbeWorker } from "./probe-worker.ts";

const ok: ProbeAnswer = { result: "success", output: "" };
const bad: ProbeAnswer = { result: "failure", output: "no" };

function running(id: string, startedMs: number, started = true): PodStatus {
  return {
    phase: "Running",
    podIP: "10.0.0.1",
    containerStatuses: [
      {
        name: "app",
        ready: false,
        started,
        restartCount: 0,
        image: "",
        imageID: "",
        containerID: `docker://${id}`,
        state: { running: { startedAt: formatTime(startedMs) } },
      },
    ],
  };
}

interface Harness {
  readonly clock: FakeClock;
  readonly worker: ProbeWorker;
  readonly probedAtMs: number[];
  readonly settled: (readonly [id: string, outcome: ProbeOutcome, atMs: number])[];
  answer: ProbeAnswer | Error;
  stop(): Promise<void>;
}

async function start(
  type: ProbeType,
  probe: Probe,
  status: PodStatus,
  more: { deleted?: boolean; uptimeMs?: number; answer?: ProbeAnswer | Error } = {},
): Promise<Harness> {
  const clock = new FakeClock(1_000_000);
  const pod = testPod({}, more.deleted ? { deletionTimestamp: "2026-01-01T00:00:00Z" } : {});
  const stop = new AbortController();
  const probedAtMs: number[] = [];
  const settled: Harness["settled"] = [];
  const harness = { clock, probedAtMs, settled, answer: more.answer ?? ok };
  const worker = new ProbeWorker(
    {
      type,
      container: testContainer("app"),
      probe,
      clock,
      random: seededRandom(7),
      uptimeMs: more.uptimeMs ?? 3_600_000,
      prober: async () => {
        probedAtMs.push(clock.now() - 1_000_000);
        if (harness.answer instanceof Error) throw harness.answer;
        return harness.answer;
      },
      onAnswer: () => undefined,
      onSettled: (id, outcome) => settled.push([id, outcome, clock.now() - 1_000_000]),
    },
    { pod, status },
  );
  const run = worker.run(stop.signal).catch(() => undefined);
  await clock.advance(0);
  return Object.assign(harness, {
    worker,
    stop: async () => {
      stop.abort(new Error("test is over"));
      await run;
    },
  });
}

test("a readiness probe waits for the initial delay, then keeps its period", async () => {
  const h = await start("readiness", { initialDelaySeconds: 3, periodSeconds: 5 }, running("a", 1_000_000));
  await h.clock.advance(14_000);
  assert.deepEqual(h.probedAtMs, [3000, 8000, 13_000]);
  assert.deepEqual(h.settled[0], ["a", "success", 3000]);
  await h.stop();
});

test("thresholds count results in a row", async () => {
  const h = await start(
    "readiness",
    { periodSeconds: 1, failureThreshold: 3, successThreshold: 2 },
    running("a", 999_000),
  );
  await h.clock.advance(1000);
  assert.deepEqual(h.settled, [["a", "success", 1000]]);
  h.answer = bad;
  await h.clock.advance(2000);
  h.answer = ok;
  await h.clock.advance(1000);
  h.answer = bad;
  await h.clock.advance(2000);
  assert.equal(h.settled.at(-1)?.[1], "success");
  await h.clock.advance(1000);
  assert.deepEqual(h.settled.at(-1), ["a", "failure", 7000]);
  await h.stop();
});

test("a failed liveness probe rests until there is a new instance", async () => {
  const h = await start("liveness", { periodSeconds: 1, failureThreshold: 2 }, running("a", 999_000), { answer: bad });
  await h.clock.advance(10_000);
  assert.deepEqual(h.settled, [["a", "failure", 1000]]);
  assert.equal(h.probedAtMs.length, 2);
  h.answer = ok;
  h.worker.update({ pod: testPod(), status: running("b", h.clock.now()) });
  await h.clock.advance(0);
  assert.deepEqual(h.settled.at(-1), ["b", "success", 10_000]);
  await h.stop();
});

test("liveness waits for startup, and startup ends with its success", async () => {
  const live = await start("liveness", { periodSeconds: 1 }, running("a", 999_000, false));
  const startup = await start("startup", { periodSeconds: 1 }, running("a", 999_000, false));
  await live.clock.advance(5000);
  await startup.clock.advance(2000);
  assert.deepEqual(live.probedAtMs, []);
  assert.deepEqual(startup.probedAtMs, [0, 1000, 2000]);
  live.worker.update({ pod: testPod(), status: running("a", 999_000, true) });
  startup.worker.update({ pod: testPod(), status: running("a", 999_000, true) });
  await live.clock.advance(0);
  await startup.clock.advance(5000);
  assert.deepEqual(live.probedAtMs, [5000]);
  assert.equal(startup.probedAtMs.length, 3);
  await live.stop();
  await startup.stop();
});

test("a pod that is being deleted is probed for readiness only", async () => {
  const live = await start("liveness", { periodSeconds: 1 }, running("a", 999_000), { deleted: true });
  const ready = await start("readiness", { periodSeconds: 1 }, running("a", 999_000), { deleted: true });
  await live.clock.advance(2000);
  await ready.clock.advance(2000);
  assert.deepEqual(live.probedAtMs, []);
  assert.deepEqual(ready.probedAtMs, [0, 1000, 2000]);
  await live.stop();
  await ready.stop();
});

test("a probe that cannot be sent is tried three times and then counts as failed", async () => {
  const again = await start("liveness", { periodSeconds: 10, failureThreshold: 1 }, running("a", 999_000), {
    answer: new Error("no such port"),
  });
  await again.clock.advance(0);
  assert.deepEqual(again.probedAtMs, [0, 0, 0]);
  assert.deepEqual(again.settled, [["a", "failure", 0]]);
  await again.stop();
});

test("a young kubelet spreads its first probes over the period", async () => {
  const h = await start("readiness", { periodSeconds: 100 }, running("a", 999_000), { uptimeMs: 1000 });
  await h.clock.advance(0);
  assert.deepEqual(h.probedAtMs, []);
  await h.clock.advance(100_000);
  assert.ok((h.probedAtMs[0] ?? 0) > 0);
  await h.stop();
});
