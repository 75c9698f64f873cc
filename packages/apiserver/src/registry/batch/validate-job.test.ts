import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Job, JobSpec } from "@kube-ts/api/batch/v1";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import { jobResource } from "./job.ts";

const bench = new RuleBench<Job>(jobResource);
const metadata = { name: "task" };
const template = { spec: { restartPolicy: "Never", containers: [{ name: "c", image: "task:1" }] } };

function create(what: string, spec: Draft, errors: readonly string[], meta: Draft = metadata): void {
  it(what, () => assert.deepEqual(bench.createErrors({ metadata: meta, spec: { template, ...spec } }), errors));
}

describe("a job", () => {
  create("may be plain", {}, []);
  create(
    "may be indexed",
    { completionMode: "Indexed", completions: 5, parallelism: 2, backoffLimitPerIndex: 1, maxFailedIndexes: 2 },
    [],
  );
  create(
    "has right numbers",
    { parallelism: -1, completions: -1, activeDeadlineSeconds: -1, backoffLimit: -1, ttlSecondsAfterFinished: -1 },
    [
      "spec.parallelism: Invalid value: -1: must be greater than or equal to 0",
      "spec.completions: Invalid value: -1: must be greater than or equal to 0",
      "spec.activeDeadlineSeconds: Invalid value: -1: must be greater than or equal to 0",
      "spec.backoffLimit: Invalid value: -1: must be greater than or equal to 0",
      "spec.ttlSecondsAfterFinished: Invalid value: -1: must be greater than or equal to 0",
    ],
  );
  create("has a known mode", { completionMode: "Random" }, [
    'spec.completionMode: Unsupported value: "Random": supported values: "NonIndexed", "Indexed"',
  ]);
  create("says how much is to be done when indexed", { completionMode: "Indexed", parallelism: 100001 }, [
    "spec.completions: Required value: when completion mode is Indexed",
    "spec.parallelism: Invalid value: 100001: must be less than or equal to 100000 when completion mode is Indexed",
  ]);
  create("counts failed indexes when indexed", { backoffLimitPerIndex: 1, maxFailedIndexes: 1 }, [
    "spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode",
    "spec.maxFailedIndexes: Invalid value: 1: requires indexed completion mode",
  ]);
  create(
    "lets no more indexes fail than there are",
    { completionMode: "Indexed", completions: 2, backoffLimitPerIndex: 1, maxFailedIndexes: 3 },
    ["spec.maxFailedIndexes: Invalid value: 3: must be less than or equal to completions"],
  );
  create("counts failures for each index", { completionMode: "Indexed", completions: 2, maxFailedIndexes: 1 }, [
    "spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified",
  ]);
  create(
    "bounds large indexed jobs",
    { completionMode: "Indexed", completions: 100001, parallelism: 10001, backoffLimitPerIndex: 1 },
    [
      "spec.maxFailedIndexes: Required value: must be specified when completions is above 100000",
      "spec.parallelism: Invalid value: 10001: must be less than or equal to 10000 when completions are above 100000 and used with backoff limit per index",
    ],
  );
  create(
    "gives its pods names that DNS takes",
    { completionMode: "Indexed", completions: 2 },
    [
      'metadata.name: Invalid value: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": will not able to create pod with invalid DNS label: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-1',
    ],
    { name: "a".repeat(62) },
  );
  create("has pods that end", { template: { spec: { ...template.spec, restartPolicy: "Always" } } }, [
    'spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
  ]);
  create("has pods that restart in a known way", { template: { spec: { ...template.spec, restartPolicy: "Soon" } } }, [
    'spec.template.spec.restartPolicy: Unsupported value: "Soon": supported values: "Always", "OnFailure", "Never"',
    'spec.template.spec.restartPolicy: Unsupported value: "Soon": supported values: "OnFailure", "Never"',
  ]);
  create("has right pods", { template: { spec: { restartPolicy: "Never", containers: [{ name: "c" }] } } }, [
    "spec.template.spec.containers[0].image: Required value",
  ]);
  create("is managed by a right name", { managedBy: "me" }, [
    'spec.managedBy: Invalid value: "me": must be a domain-prefixed path (such as "acme.io/foo")',
  ]);
  create("may be managed by another", { managedBy: "example.com/controller" }, []);
  create("replaces pods in a known way", { podReplacementPolicy: "Soon" }, [
    'spec.podReplacementPolicy: Unsupported value: "Soon": supported values: "Failed", "TerminatingOrFailed"',
  ]);
  create(
    "has the labels and selector of its own",
    {
      selector: { matchLabels: { app: "x" } },
      template: { ...template, metadata: { labels: { "job-name": "other" } } },
    },
    [
      `spec.template.metadata.labels[job-name]: Invalid value: {"job-name":"other","batch.kubernetes.io/job-name":"task","controller-uid":"5f1a52a8-7c4e-4c39-8f0a-1a2b3c4d5e6f","batch.kubernetes.io/controller-uid":"5f1a52a8-7c4e-4c39-8f0a-1a2b3c4d5e6f"}: must be 'task'`,
      'spec.selector: Invalid value: {"matchLabels":{"app":"x","batch.kubernetes.io/controller-uid":"5f1a52a8-7c4e-4c39-8f0a-1a2b3c4d5e6f"}}: `selector` not auto-generated',
      'spec.template.metadata.labels: Invalid value: {"job-name":"other","batch.kubernetes.io/job-name":"task","controller-uid":"5f1a52a8-7c4e-4c39-8f0a-1a2b3c4d5e6f","batch.kubernetes.io/controller-uid":"5f1a52a8-7c4e-4c39-8f0a-1a2b3c4d5e6f"}: `selector` does not match template `labels`',
    ],
  );
  create("selects its pods", { manualSelector: true, selector: { matchLabels: { app: "x" } } }, [
    "spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`",
  ]);
  create("has a selector", { manualSelector: true }, [
    "spec.selector: Required value",
    "spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`",
  ]);
});

describe("the policies of a job", () => {
  function failure(what: string, rules: readonly Draft[], errors: readonly string[], spec: Draft = {}): void {
    create(what, { podFailurePolicy: { rules }, ...spec }, errors);
  }

  const onExitCodes = { operator: "In", values: [1, 2] };
  failure(
    "may look at exit codes and conditions",
    [
      { action: "FailJob", onExitCodes: { ...onExitCodes, containerName: "c" } },
      { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget" }] },
    ],
    [],
  );
  failure(
    "do a known thing",
    [
      { action: "Panic", onExitCodes },
      { action: "", onExitCodes },
      { action: "FailIndex", onExitCodes },
    ],
    [
      'spec.podFailurePolicy.rules[0].action: Unsupported value: "Panic": supported values: "Count", "FailIndex", "FailJob", "Ignore"',
      'spec.podFailurePolicy.rules[1].action: Required value: valid values: ["Count" "FailIndex" "FailJob" "Ignore"]',
      'spec.podFailurePolicy.rules[2].action: Invalid value: "FailIndex": requires the backoffLimitPerIndex to be set',
    ],
  );
  failure(
    "look at one thing",
    [{ action: "Count" }, { action: "Count", onExitCodes, onPodConditions: [{ type: "A" }] }],
    [
      "spec.podFailurePolicy.rules[0]: Invalid value: specifying one of OnExitCodes and OnPodConditions is required",
      "spec.podFailurePolicy.rules[1]: Invalid value: specifying both OnExitCodes and OnPodConditions is not supported",
    ],
  );
  failure(
    "look at right exit codes",
    [
      { action: "Count", onExitCodes: { operator: "Is", values: [1], containerName: "other" } },
      { action: "Count", onExitCodes: { operator: "", values: [] } },
      { action: "Count", onExitCodes: { operator: "In", values: [3, 0, 3] } },
    ],
    [
      'spec.podFailurePolicy.rules[0].onExitCodes.operator: Unsupported value: "Is": supported values: "In", "NotIn"',
      'spec.podFailurePolicy.rules[0].onExitCodes.containerName: Invalid value: "other": must be one of the container or initContainer names in the pod template',
      'spec.podFailurePolicy.rules[1].onExitCodes.operator: Required value: valid values: ["In" "NotIn"]',
      "spec.podFailurePolicy.rules[1].onExitCodes.values: Invalid value: []: at least one value is required",
      "spec.podFailurePolicy.rules[2].onExitCodes.values[1]: Invalid value: 0: must not be 0 for the In operator",
      "spec.podFailurePolicy.rules[2].onExitCodes.values[2]: Duplicate value: 3",
      "spec.podFailurePolicy.rules[2].onExitCodes.values: Invalid value: [3,0,3]: must be ordered",
    ],
  );
  failure(
    "look at right conditions",
    [{ action: "Count", onPodConditions: [{ type: "a b", status: "Maybe" }] }],
    [
      `spec.podFailurePolicy.rules[0].onPodConditions[0].type: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
      'spec.podFailurePolicy.rules[0].onPodConditions[0].status: Unsupported value: "Maybe": supported values: "False", "True", "Unknown"',
    ],
  );
  failure(
    "are for pods that never restart",
    [{ action: "Count", onExitCodes }],
    [
      'spec.template.spec.restartPolicy: Invalid value: "OnFailure": only "Never" is supported when podFailurePolicy is specified',
    ],
    { template: { spec: { ...template.spec, restartPolicy: "OnFailure" } } },
  );
  failure(
    "are few",
    Array.from({ length: 21 }, () => ({ action: "Count", onExitCodes })),
    ["spec.podFailurePolicy.rules: Too many: 21: must have at most 20 items"],
  );

  function success(
    what: string,
    rules: readonly Draft[],
    errors: readonly string[],
    spec: Draft = { completionMode: "Indexed", completions: 5 },
  ): void {
    create(what, { successPolicy: { rules }, ...spec }, errors);
  }

  success("may tell early success", [{ succeededCount: 2, succeededIndexes: "0-3" }], []);
  success(
    "tell early success of indexed jobs",
    [{ succeededCount: 2 }],
    ['spec.successPolicy: Invalid value: {"rules":[{"succeededCount":2}]}: requires indexed completion mode'],
    {},
  );
  success(
    "tell early success by some rule",
    [],
    [
      "spec.successPolicy.rules: Required value: at least one rules must be specified when the successPolicy is specified",
    ],
  );
  success(
    "tell early success by something",
    [{}],
    [
      "spec.successPolicy.rules[0]: Required value: at least one of succeededCount or succeededIndexes must be specified",
    ],
  );
  success(
    "count indexes that there are",
    [{ succeededCount: 6 }, { succeededCount: 3, succeededIndexes: "1-2" }, { succeededIndexes: "7" }],
    [
      "spec.successPolicy.rules[0].succeededCount: Invalid value: 6: must be less than or equal to 5 (the number of specified completions)",
      "spec.successPolicy.rules[1].succeededCount: Invalid value: 3: must be less than or equal to 2 (the number of indexes in the specified succeededIndexes field)",
      'spec.successPolicy.rules[2].succeededIndexes: Invalid value: "7": error parsing succeededIndexes: too large index: "7"',
    ],
  );
});

describe("an update of a job", () => {
  function update(
    what: string,
    before: Draft,
    change: Partial<JobSpec>,
    errors: readonly string[],
    status: Job["status"] = {},
  ): void {
    it(what, () => {
      const old = { ...bench.prepared({ metadata, spec: { template, ...before } }), status };
      assert.deepEqual(
        bench.updateErrors(old, (job) => Object.assign(job.spec, change)),
        errors,
      );
    });
  }

  const indexed = { completionMode: "Indexed", completions: 5, parallelism: 5 };
  update("may scale it", {}, { parallelism: 3, suspend: true, backoffLimit: 9 }, []);
  update("keeps what is to be done", {}, { completions: 2 }, [
    "spec.completions: Invalid value: 2: field is immutable",
  ]);
  update("may change what is to be done of an indexed one", indexed, { completions: 7, parallelism: 7 }, []);
  update("changes what is to be done together with how much at once", indexed, { completions: 7 }, [
    "spec.completions: Invalid value: 7: can only be modified in tandem with spec.parallelism",
  ]);
  update("keeps the mode", {}, { completionMode: "Indexed" }, [
    'spec.completionMode: Invalid value: "Indexed": field is immutable',
  ]);
  update("keeps policies", indexed, { successPolicy: { rules: [{ succeededCount: 1 }] }, managedBy: "example.com/x" }, [
    'spec.managedBy: Invalid value: "example.com/x": field is immutable',
    'spec.successPolicy: Invalid value: {"rules":[{"succeededCount":1}]}: field is immutable',
  ]);

  it("keeps the selector and the pods", () => {
    const old = bench.prepared({ metadata, spec: { template } });
    const errors = bench.updateErrors(old, (job) => {
      job.spec.selector = { matchLabels: {} };
      Object.assign(job.spec.template, { metadata: { ...job.spec.template.metadata, annotations: { a: "b" } } });
    });
    assert.deepEqual(
      errors.map((text) => text.replace(/\{"metadata.*\}/, "…")),
      [
        'spec.selector: Invalid value: {"matchLabels":{}}: field is immutable',
        'spec.template: Invalid value: {"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"task:1","resources":{},"imagePullPolicy":"IfNotPresent","terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File"}],"dnsPolicy":"ClusterFirst","securityContext":{},"terminationGracePeriodSeconds":30,"schedulerName":"default-scheduler"},"metadata":{"labels":{"job-name":"task","batch.kubernetes.io/job-name":"task","controller-uid":"5f1a52a8-7c4e-4c39-8f0a-1a2b3c4d5e6f","batch.kubernetes.io/controller-uid":"5f1a52a8-7c4e-4c39-8f0a-1a2b3c4d5e6f"},"annotations":{"a":"b"}}}: field is immutable',
      ],
    );
  });

  it("may move the pods of a job that has not begun", () => {
    const old = bench.prepared({ metadata, spec: { template, suspend: true } });
    const move = (job: Job) => Object.assign(job.spec.template.spec ?? {}, { nodeSelector: { a: "b" } });
    assert.deepEqual(bench.updateErrors(old, move), []);
    assert.equal(bench.updateErrors({ ...old, status: { startTime: "2026-01-31T11:00:00Z" } }, move).length, 1);
  });
});

describe("the status of a job", () => {
  const startTime = "2026-01-31T11:00:00Z";
  const complete = [
    { type: "SuccessCriteriaMet", status: "True" },
    { type: "Complete", status: "True" },
  ];

  function status(what: string, before: Draft, next: Draft, errors: readonly string[], spec: Draft = {}): void {
    it(what, () => {
      const old = { ...bench.prepared({ metadata, spec: { template, ...spec } }), status: before } as Job;
      assert.deepEqual(
        bench.updateErrors(old, (job) => Object.assign(job, { status: next }), "status"),
        errors,
      );
    });
  }

  status(
    "may tell the end",
    { startTime, active: 1 },
    { startTime, completionTime: startTime, succeeded: 1, conditions: complete },
    [],
  );
  status("has right numbers", {}, { active: -1, succeeded: -1, failed: -1, ready: -1, terminating: -1 }, [
    "status.active: Invalid value: -1: must be greater than or equal to 0",
    "status.succeeded: Invalid value: -1: must be greater than or equal to 0",
    "status.failed: Invalid value: -1: must be greater than or equal to 0",
    "status.ready: Invalid value: -1: must be greater than or equal to 0",
    "status.terminating: Invalid value: -1: must be greater than or equal to 0",
    "status.failed: Invalid value: -1: cannot decrease the failed counter",
    "status.succeeded: Invalid value: -1: cannot decrease the succeeded counter",
  ]);
  status("does not forget", { startTime, failed: 2, succeeded: 2 }, { failed: 1, succeeded: 1 }, [
    "status.failed: Invalid value: 1: cannot decrease the failed counter",
    "status.succeeded: Invalid value: 1: cannot decrease the succeeded counter",
    "status.startTime: Required value: startTime cannot be removed for unsuspended job",
  ]);
  status("has no more ready pods than pods", {}, { ready: 2, active: 1 }, [
    "status.ready: Invalid value: 2: cannot set more ready pods than active",
  ]);
  status("counts each pod once", {}, { uncountedTerminatedPods: { succeeded: ["a", "a", ""], failed: ["a"] } }, [
    'status.uncountedTerminatedPods.succeeded[1]: Duplicate value: "a"',
    'status.uncountedTerminatedPods.succeeded[2]: Invalid value: "": must not be empty',
    'status.uncountedTerminatedPods.failed[0]: Duplicate value: "a"',
  ]);
  status("keeps the end", { startTime, conditions: complete }, { startTime, conditions: [] }, [
    "status.conditions: Invalid value: cannot disable the terminal Complete=True condition",
    "status.conditions: Invalid value: cannot disable the SuccessCriteriaMet=True condition",
  ]);
  status(
    "ends in one way",
    { startTime },
    {
      startTime,
      conditions: [
        { type: "Complete", status: "True" },
        { type: "Failed", status: "True" },
        { type: "FailureTarget", status: "True" },
      ],
    },
    [
      "status.conditions: Invalid value: cannot set Complete=True and Failed=true conditions",
      "status.conditions: Invalid value: cannot set Complete=True and FailureTarget=true conditions",
      "status.conditions: Invalid value: cannot set Complete=True condition without the SuccessCriteriaMet=true condition",
      "status.completionTime: Required value: completionTime is required for Complete jobs",
    ],
  );
  status(
    "ends with its pods",
    {},
    {
      completionTime: startTime,
      active: 1,
      terminating: 1,
      uncountedTerminatedPods: { failed: ["a"] },
      conditions: complete,
    },
    [
      "status.active: Invalid value: 1: active>0 is invalid for finished job",
      "status.startTime: Required value: startTime is required for finished job",
      'status.uncountedTerminatedPods: Invalid value: {"failed":["a"]}: must be empty for finished job',
      "status.terminating: Invalid value: 1: terminating>0 is invalid for finished job",
    ],
  );
  status(
    "ends after it began",
    { startTime },
    { startTime, completionTime: "2026-01-31T10:00:00Z", conditions: complete },
    ['status.completionTime: Invalid value: "2026-01-31T10:00:00Z": must be equal to or after `startTime`'],
  );
  status(
    "is not suspended at the end",
    { startTime },
    { startTime, completionTime: startTime, conditions: [...complete, { type: "Suspended", status: "True" }] },
    [],
  );
  const indexed = { completionMode: "Indexed", completions: 5, backoffLimitPerIndex: 1 };
  status(
    "has right indexes",
    {},
    { completedIndexes: "1-3", failedIndexes: "3,4" },
    ['status.failedIndexes: Invalid value: "3,4": failedIndexes and completedIndexes overlap at index: 3'],
    indexed,
  );
  status(
    "has indexes that can be read",
    {},
    { completedIndexes: "3,1", failedIndexes: "x" },
    [
      'status.completedIndexes: Invalid value: "3,1": error parsing completedIndexes: non-increasing order, previous: 3, current: 1',
      'status.failedIndexes: Invalid value: "x": error parsing failedIndexes: cannot convert string to integer for index: "x"',
    ],
    indexed,
  );
  status("has indexes of indexed jobs", {}, { completedIndexes: "0", failedIndexes: "0" }, [
    'status.completedIndexes: Invalid value: "0": cannot set non-empty completedIndexes when non-indexed completion mode',
    'status.failedIndexes: Invalid value: "0": cannot set non-null failedIndexes when backoffLimitPerIndex is null',
    'status.failedIndexes: Invalid value: "0": failedIndexes and completedIndexes overlap at index: 0',
  ]);
});
