import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Job } from "@kube-ts/api/batch/v1";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import { jobResource } from "./job.ts";

const bench = new RuleBench<Job>(jobResource);
const metadata = { name: "task", creationTimestamp: "2026-01-31T11:00:00Z" };
const template = { spec: { restartPolicy: "Never", containers: [{ name: "c", image: "task:1" }] } };

describe("job defaults", () => {
  function specOf(spec: Draft): Draft {
    const { template: _pods, ...rest } = bench.decode({ metadata, spec: { template, ...spec } }).spec;
    return rest;
  }

  it("fill in a plain job", () =>
    assert.deepEqual(specOf({}), {
      completions: 1,
      parallelism: 1,
      backoffLimit: 6,
      completionMode: "NonIndexed",
      suspend: false,
      manualSelector: false,
      podReplacementPolicy: "TerminatingOrFailed",
    }));
  it("leave open how much a parallel job does", () =>
    assert.equal(specOf({ parallelism: 3 })["completions"], undefined));
  it("let each index fail as often as it says", () =>
    assert.equal(specOf({ backoffLimitPerIndex: 1 })["backoffLimit"], 2147483647));

  it("replace pods that failed under a policy", () => {
    const rules = [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget" }] }];
    const { podFailurePolicy, podReplacementPolicy } = specOf({ podFailurePolicy: { rules } });
    assert.deepEqual(
      [podFailurePolicy, podReplacementPolicy],
      [{ rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }] }, "Failed"],
    );
  });

  it("take the labels of the template", () => {
    const labelled = { ...template, metadata: { labels: { app: "task" } } };
    assert.deepEqual(bench.decode({ metadata, spec: { template: labelled } }).metadata.labels, { app: "task" });
  });
});

describe("a new job", () => {
  it("has labels and a selector of its own", () => {
    const { spec, metadata: meta, status } = bench.prepared({ metadata, spec: { template }, status: { active: 3 } });
    assert.deepEqual(
      [spec.template.metadata, spec.selector, meta.generation, status],
      [
        {
          labels: {
            "job-name": "task",
            "batch.kubernetes.io/job-name": "task",
            "controller-uid": "5f1a52a8-7c4e-4c39-8f0a-1a2b3c4d5e6f",
            "batch.kubernetes.io/controller-uid": "5f1a52a8-7c4e-4c39-8f0a-1a2b3c4d5e6f",
          },
        },
        { matchLabels: { "batch.kubernetes.io/controller-uid": "5f1a52a8-7c4e-4c39-8f0a-1a2b3c4d5e6f" } },
        1,
        {},
      ],
    );
  });

  it("has the labels of its pods, with those that are its own, when it brings none", () => {
    const labelsOf = (labels: Draft | undefined, podLabels: Draft | undefined) => {
      const pods = { ...template, metadata: { labels: podLabels } };
      return Object.keys(
        bench.prepared({ metadata: { ...metadata, labels }, spec: { template: pods } }).metadata.labels ?? {},
      );
    };
    const own = ["job-name", "batch.kubernetes.io/job-name", "controller-uid", "batch.kubernetes.io/controller-uid"];
    assert.deepEqual(labelsOf(undefined, undefined), own);
    assert.deepEqual(labelsOf(undefined, { app: "task" }), ["app", ...own]);
    assert.deepEqual(labelsOf({ app: "task" }, { app: "task" }), ["app"]);
  });

  it("has the selector that its user chose", () => {
    const selector = { matchLabels: { app: "task" } };
    const { spec } = bench.prepared({ metadata, spec: { template, selector, manualSelector: true } });
    assert.deepEqual([spec.selector, spec.template.metadata], [selector, {}]);
  });

  it("warns of its name", () => {
    assert.deepEqual(bench.warnings({ metadata: { name: "a.b" }, spec: { template } }), [
      "metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]",
    ]);
  });
});

describe("an updated job", () => {
  const old = bench.prepared({ metadata, spec: { template } });

  it("counts changes of its spec", () => {
    assert.equal(bench.updated(old, (next) => (next.spec.parallelism = 3)).metadata.generation, 2);
    assert.equal(bench.updated(old, (next) => (next.metadata.labels = {})).metadata.generation, 1);
  });

  it("keeps its spec when its status is written", () => {
    const change = (next: Job) =>
      Object.assign(next, { spec: { ...next.spec, parallelism: 7 }, status: { active: 1 } });
    const next = bench.updated(old, change, "status");
    assert.deepEqual([next.spec.parallelism, next.status], [1, { active: 1 }]);
  });
});

describe("the columns of a job", () => {
  const condition = (type: string) => ({ conditions: [{ type, status: "True" }] });

  it("show all of it", () => {
    const status = {
      ...condition("Complete"),
      succeeded: 1,
      startTime: "2026-01-31T11:00:00Z",
      completionTime: "2026-01-31T11:01:40Z",
    };
    assert.deepEqual(bench.row({ metadata, spec: { template, selector: { matchLabels: { a: "b" } } }, status }), {
      Name: "task",
      Status: "Complete",
      Completions: "1/1",
      Duration: "100s",
      Age: "60m",
      Containers: "c",
      Images: "task:1",
      Selector: "a=b",
    });
  });

  it("show how it is doing", () => {
    const statusOf = (status: Draft, meta: Draft = metadata) =>
      bench.row({ metadata: meta, spec: { template }, status })["Status"];
    assert.deepEqual(
      ["Complete", "Failed", "Suspended", "FailureTarget", "Other"].map((type) => statusOf(condition(type))),
      ["Complete", "Failed", "Suspended", "FailureTarget", "Running"],
    );
    assert.equal(statusOf({}, { ...metadata, deletionTimestamp: "2026-01-31T11:00:00Z" }), "Terminating");
  });

  it("show how much is done, and for how long", () => {
    const cells = (spec: Draft, status: Draft) => {
      const { Completions, Duration } = bench.row({ metadata, spec: { template, ...spec }, status });
      return `${Completions} ${Duration}`;
    };
    assert.deepEqual(
      [
        cells({ completions: 5 }, { succeeded: 2, startTime: "2026-01-31T11:50:00Z" }),
        cells({ parallelism: 3 }, { succeeded: 1 }),
        cells({ parallelism: 1 }, {}),
      ],
      ["2/5 10m", "1/1 of 3 ", "0/1 "],
    );
  });
});
