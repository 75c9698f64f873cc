import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { CronJob } from "@kube-ts/api/batch/v1";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import { cronJobResource } from "./cron-job.ts";

const bench = new RuleBench<CronJob>(cronJobResource);
const metadata = { name: "nightly", creationTimestamp: "2026-01-31T11:00:00Z" };
const jobTemplate = {
  spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "c", image: "task:1" }] } } },
};
const plain = { schedule: "0 3 * * *", jobTemplate };

describe("cron job defaults", () => {
  it("fill in a plain cron job", () => {
    const { spec, status } = bench.decode({ metadata, spec: plain });
    const { jobTemplate: filled, ...rest } = spec;
    assert.deepEqual(
      [rest, Object.keys(filled.spec ?? {}), filled.metadata, status],
      [
        {
          schedule: "0 3 * * *",
          concurrencyPolicy: "Allow",
          suspend: false,
          successfulJobsHistoryLimit: 3,
          failedJobsHistoryLimit: 1,
        },
        ["template"],
        {},
        {},
      ],
    );
  });
});

describe("a cron job", () => {
  function create(what: string, spec: Draft, errors: readonly string[], meta: Draft = metadata): void {
    it(what, () => assert.deepEqual(bench.createErrors({ metadata: meta, spec: { ...plain, ...spec } }), errors));
  }

  create("may be plain", { timeZone: "Europe/Berlin" }, []);
  create("has a schedule", { schedule: "" }, ["spec.schedule: Required value"]);
  create("has a right schedule", { schedule: "soon" }, [
    'spec.schedule: Invalid value: "soon": expected exactly 5 fields, found 1: [soon]',
  ]);
  create("has no time zone in its schedule", { schedule: "TZ=UTC 0 3 * * *" }, [
    'spec.schedule: Invalid value: "TZ=UTC 0 3 * * *": cannot use TZ or CRON_TZ in schedule, use timeZone field instead',
  ]);
  create("has a right time zone", { timeZone: "Mars/Olympus" }, [
    'spec.timeZone: Invalid value: "Mars/Olympus": unknown time zone Mars/Olympus',
  ]);
  create("has a time zone with a name", { timeZone: "" }, [
    'spec.timeZone: Invalid value: "": timeZone must be nil or non-empty string',
  ]);
  create("has a time zone of its own", { timeZone: "Local" }, [
    'spec.timeZone: Invalid value: "Local": timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones',
  ]);
  create("has a time zone that is no path", { timeZone: "../etc" }, [
    'spec.timeZone: Invalid value: "../etc": unknown time zone ../etc',
  ]);
  create("runs at once in a known way", { concurrencyPolicy: "Maybe" }, [
    'spec.concurrencyPolicy: Unsupported value: "Maybe": supported values: "Allow", "Forbid", "Replace"',
  ]);
  create(
    "has right numbers",
    { startingDeadlineSeconds: -1, successfulJobsHistoryLimit: -1, failedJobsHistoryLimit: -1 },
    [
      "spec.startingDeadlineSeconds: Invalid value: -1: must be greater than or equal to 0",
      "spec.successfulJobsHistoryLimit: Invalid value: -1: must be greater than or equal to 0",
      "spec.failedJobsHistoryLimit: Invalid value: -1: must be greater than or equal to 0",
    ],
  );
  create(
    "has right jobs",
    { jobTemplate: { spec: { ...jobTemplate.spec, backoffLimit: -1, manualSelector: true, selector: {} } } },
    [
      "spec.jobTemplate.spec.backoffLimit: Invalid value: -1: must be greater than or equal to 0",
      "spec.jobTemplate.spec.selector: Invalid value: {}: `selector` will be auto-generated",
      'spec.jobTemplate.spec.manualSelector: Unsupported value: true: supported values: "nil", "false"',
    ],
  );
  create(
    "leaves room for the names of its jobs",
    {},
    [
      'metadata.name: Invalid value: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": must be no more than 52 bytes',
    ],
    { name: "a".repeat(53) },
  );
  create("has jobs with pods", { jobTemplate: { spec: { template: {} } } }, [
    "spec.jobTemplate.spec.template.spec.containers: Required value",
    'spec.jobTemplate.spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
  ]);
});

describe("an updated cron job", () => {
  const old = bench.prepared({ metadata, spec: plain });

  it("may change all", () => {
    const change = (next: CronJob) => Object.assign(next.spec, { schedule: "@hourly", suspend: true });
    assert.deepEqual(bench.updateErrors(old, change), []);
    assert.equal(bench.updated(old, change).metadata.generation, 2);
  });

  it("keeps a time zone that it had in its schedule", () => {
    const zoned = { ...old, spec: { ...old.spec, schedule: "TZ=UTC 0 3 * * *" } };
    assert.deepEqual(
      bench.updateErrors(zoned, (next) => (next.spec.suspend = true)),
      [],
    );
    assert.deepEqual(
      bench.updateErrors(zoned, (next) => (next.spec.timeZone = "UTC")),
      [
        'spec.schedule: Invalid value: "TZ=UTC 0 3 * * *": cannot use both timeZone field and TZ or CRON_TZ in schedule',
      ],
    );
  });
});

it("warns of a name and a time zone", () => {
  const draft = { metadata: { name: "a.b" }, spec: { ...plain, schedule: "TZ=UTC 0 3 * * *" } };
  assert.deepEqual(bench.warnings(draft), [
    "metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]",
    "spec.schedule: CRON_TZ or TZ used in schedule is not officially supported, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details",
  ]);
});

it("shows a cron job", () => {
  assert.deepEqual(bench.row({ metadata, spec: plain }), {
    Name: "nightly",
    Schedule: "0 3 * * *",
    Timezone: "<none>",
    Suspend: "False",
    Active: 0,
    "Last Schedule": "<none>",
    Age: "60m",
    Containers: "c",
    Images: "task:1",
    Selector: "<none>",
  });
  const status = { lastScheduleTime: "2026-01-31T11:58:00Z", active: [{ name: "a" }] };
  assert.deepEqual(bench.row({ metadata, spec: { ...plain, timeZone: "UTC", suspend: true }, status }), {
    Name: "nightly",
    Schedule: "0 3 * * *",
    Timezone: "UTC",
    Suspend: "True",
    Active: 1,
    "Last Schedule": "2m",
    Age: "60m",
    Containers: "c",
    Images: "task:1",
    Selector: "<none>",
  });
});
