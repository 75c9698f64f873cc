import assert from "node:assert/strict";
import { test } from "node:test";
import type { Job } from "@kube-ts/api/batch/v1";
import { jobs } from "@kube-ts/api/resource-types";
import { formatTime } from "@kube-ts/api/rfc3339";
import { MemoryCluster } from "../testing/memory-cluster.ts";
import { RunningControllers } from "../testing/running-controllers.ts";
import { expiryMs } from "./plan.ts";
import { ttlAfterFinishedController } from "./ttl-after-finished-controller.ts";

const nowMs = Date.parse("2026-01-01T00:00:00Z");
const now = formatTime(nowMs);
const dayS = 24 * 3_600;

type Conditions = NonNullable<Job["status"]>["conditions"];

function job(name: string, ttlSecondsAfterFinished: number | undefined, conditions?: Conditions): Job {
  const template = { spec: { containers: [{ name: "c", image: "i" }] } };
  return {
    metadata: { namespace: "ns", name },
    spec: { template, ...(ttlSecondsAfterFinished !== undefined && { ttlSecondsAfterFinished }) },
    ...(conditions && { status: { conditions } }),
  };
}

const over = (type: "Complete" | "Failed", status: "True" | "False" = "True"): Conditions => [
  { type: "Suspended", status: "False", lastTransitionTime: formatTime(0) },
  { type, status, lastTransitionTime: now },
];

const cases: [string, Job, number | undefined][] = [
  ["that is complete ends after its time", job("a", 60, over("Complete")), nowMs + 60_000],
  ["that has failed ends after its time", job("a", 60, over("Failed")), nowMs + 60_000],
  ["may end at once", job("a", 0, over("Failed")), nowMs],
  ["that runs stays", job("a", 0), undefined],
  ["that is not complete after all stays", job("a", 0, over("Complete", "False")), undefined],
  ["without a time stays", job("a", undefined, over("Complete")), undefined],
  ["of which nobody knows when it was over stays", job("a", 0, [{ type: "Complete", status: "True" }]), undefined],
  [
    "that goes already is left alone",
    { ...job("a", 0, over("Failed")), metadata: { deletionTimestamp: now } },
    undefined,
  ],
];
for (const [what, given, expected] of cases) test(`a job ${what}`, () => assert.equal(expiryMs(given), expected));

test("jobs are deleted in time, and those whose time is prolonged later", async () => {
  const cluster = new MemoryCluster();
  cluster.create(jobs, job("now", 0, over("Failed")));
  cluster.create(jobs, job("minute", 60, over("Complete")));
  cluster.create(jobs, job("longer", 60, over("Complete")));
  cluster.create(jobs, job("month", 30 * dayS, over("Complete")));
  cluster.create(jobs, job("runs", 0));
  await using running = await RunningControllers.start(cluster, [ttlAfterFinishedController]);
  const left = () => cluster.list(jobs).map(({ metadata }) => metadata.name);
  assert.deepEqual(left(), ["minute", "longer", "month", "runs"]);
  cluster.change(jobs, "longer", { spec: { ttlSecondsAfterFinished: 120 } });
  await cluster.clock.advance(60_000);
  await running.settle();
  assert.deepEqual(left(), ["longer", "month", "runs"]);
  await cluster.clock.advance(60_000);
  await running.settle();
  assert.deepEqual(left(), ["month", "runs"]);
  await cluster.clock.advance(30 * dayS * 1_000);
  await running.settle();
  assert.deepEqual(left(), ["runs"]);
});
