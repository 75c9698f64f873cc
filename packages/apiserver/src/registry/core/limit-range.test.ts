import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { LimitRange } from "@kube-ts/api/core/v1";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import { limitRangeResource } from "./limit-range.ts";

const bench = new RuleBench<LimitRange>(limitRangeResource);
const metadata = { name: "limits", creationTimestamp: "2026-01-31T11:59:00Z" };

describe("limit range defaults", () => {
  it("give containers what their bounds say", () => {
    const limits = [
      { type: "Container", max: { cpu: "2000m", memory: "1Gi" }, min: { cpu: "100m" }, default: { cpu: "1" } },
    ];
    assert.deepEqual(bench.decode({ metadata, spec: { limits } }).spec, {
      limits: [
        {
          type: "Container",
          max: { cpu: "2", memory: "1Gi" },
          min: { cpu: "100m" },
          default: { cpu: "1", memory: "1Gi" },
          defaultRequest: { cpu: "1", memory: "1Gi" },
        },
      ],
    });
  });

  it("give others nothing", () => {
    const limits = [{ type: "Pod", max: { cpu: "2" } }];
    assert.deepEqual(bench.decode({ metadata, spec: { limits } }).spec, { limits });
  });
});

describe("a limit range", () => {
  function create(what: string, limits: readonly Draft[], errors: readonly string[]): void {
    it(what, () => assert.deepEqual(bench.createErrors({ metadata, spec: { limits } }), errors));
  }

  create(
    "may be for all kinds",
    [
      { type: "Pod", max: { cpu: "4" }, maxLimitRequestRatio: { cpu: "2" } },
      { type: "Container", min: { memory: "1Mi" }, default: { memory: "1Gi" }, defaultRequest: { memory: "1Gi" } },
      { type: "PersistentVolumeClaim", min: { storage: "1Gi" } },
    ],
    [],
  );
  create(
    "is for known kinds",
    [{ type: "Disk" }, { type: "a b" }],
    [
      'spec.limits[0].type: Invalid value: "Disk": must be a standard limit type or fully qualified',
      `spec.limits[1].type: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
    ],
  );
  create("is for each kind once", [{ type: "Pod" }, { type: "Pod" }], ['spec.limits[1].type: Duplicate value: "Pod"']);
  create(
    "has no defaults for pods",
    [{ type: "Pod", default: { cpu: "1" }, defaultRequest: { cpu: "1" } }],
    [
      "spec.limits[0].default: Forbidden: may not be specified when `type` is 'Pod'",
      "spec.limits[0].defaultRequest: Forbidden: may not be specified when `type` is 'Pod'",
    ],
  );
  create(
    "bounds known resources",
    [{ type: "Container", max: { disk: "1" } }],
    [
      'spec.limits[0].max[disk]: Invalid value: "disk": must be a standard resource type or fully qualified',
      'spec.limits[0].max[disk]: Invalid value: "disk": must be a standard resource for containers',
      'spec.limits[0].default[disk]: Invalid value: "disk": must be a standard resource type or fully qualified',
      'spec.limits[0].default[disk]: Invalid value: "disk": must be a standard resource for containers',
      'spec.limits[0].defaultRequest[disk]: Invalid value: "disk": must be a standard resource type or fully qualified',
      'spec.limits[0].defaultRequest[disk]: Invalid value: "disk": must be a standard resource for containers',
    ],
  );
  create(
    "bounds the storage of claims",
    [{ type: "PersistentVolumeClaim" }],
    [
      "spec.limits[0].limits: Required value: either minimum or maximum storage value is required, but neither was provided",
    ],
  );
  create(
    "has bounds in order",
    [
      { type: "Container", min: { cpu: "4" }, max: { cpu: "2" }, default: { cpu: "3" }, defaultRequest: { cpu: "5" } },
      { type: "Pod", min: { cpu: "4" }, max: { cpu: "2" } },
    ],
    [
      'spec.limits[0].min[cpu]: Invalid value: "4": min value 4 is greater than max value 2',
      'spec.limits[0].defaultRequest[cpu]: Invalid value: "5": default request value 5 is greater than max value 2',
      'spec.limits[0].defaultRequest[cpu]: Invalid value: "5": default request value 5 is greater than default limit value 3',
      'spec.limits[0].default[cpu]: Invalid value: "4": min value 4 is greater than default value 3',
      'spec.limits[0].default[cpu]: Invalid value: "2": default value 3 is greater than max value 2',
      'spec.limits[1].min[cpu]: Invalid value: "4": min value 4 is greater than max value 2',
    ],
  );
  create(
    "has a right ratio",
    [{ type: "Pod", min: { cpu: "1" }, max: { cpu: "2" }, maxLimitRequestRatio: { cpu: "3", memory: "500m" } }],
    [
      'spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: "3": ratio 3 is greater than max/min = 2.000000',
      'spec.limits[0].maxLimitRequestRatio[memory]: Invalid value: "500m": ratio 500m is less than 1',
    ],
  );
  create(
    "has one default for what is not shared",
    [{ type: "Container", default: { "example.com/gpu": "2" }, defaultRequest: { "example.com/gpu": "1" } }],
    [
      'spec.limits[0].defaultRequest[example.com/gpu]: Invalid value: "1": default value 2 must equal to defaultRequest value 1 in example.com/gpu',
    ],
  );
});

it("shows when a limit range was created", () => {
  assert.deepEqual(bench.row({ metadata, spec: { limits: [] } }), {
    Name: "limits",
    "Created At": "2026-01-31T11:59:00Z",
  });
});
