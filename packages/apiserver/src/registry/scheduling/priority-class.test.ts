import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PriorityClass } from "@kube-ts/api/scheduling/v1";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import { priorityClassResource } from "./priority-class.ts";

const bench = new RuleBench<PriorityClass>(priorityClassResource);
const metadata = { name: "high", creationTimestamp: "2026-01-31T11:59:00Z" };

describe("a priority class", () => {
  it("is filled in", () => {
    const { value, globalDefault, preemptionPolicy } = bench.decode({ metadata, globalDefault: false });
    assert.deepEqual([value, globalDefault, preemptionPolicy], [0, undefined, "PreemptLowerPriority"]);
  });

  function create(what: string, fields: Draft, errors: readonly string[]): void {
    it(what, () => assert.deepEqual(bench.createErrors({ metadata, ...fields }), errors));
  }

  create("may be high", { value: 1000000000 }, []);
  create("is not higher than the system's", { value: 1000000001 }, [
    "value: Forbidden: maximum allowed value of a user defined priority is 1000000000",
  ]);
  create("preempts by a known policy", { preemptionPolicy: "Always" }, [
    'preemptionPolicy: Unsupported value: "Always": supported values: "PreemptLowerPriority", "Never"',
  ]);
  create("may be the system's", { metadata: { name: "system-node-critical" }, value: 2000001000 }, []);
  create("is one of the system's", { metadata: { name: "system-mine" }, value: 1 }, [
    "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: system-mine is not a known system priority class",
  ]);
  create("is as the system's", { metadata: { name: "system-cluster-critical" }, value: 1 }, [
    "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: value of system-cluster-critical PriorityClass must be 2000000000",
  ]);
  create(
    "of the system is no default",
    { metadata: { name: "system-cluster-critical" }, value: 2000000000, globalDefault: true },
    [
      "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: globalDefault of system-cluster-critical PriorityClass must be false",
    ],
  );

  it("keeps its value and policy", () => {
    const old = bench.prepared({ metadata, value: 5 });
    assert.deepEqual(
      bench.updateErrors(old, (next) => Object.assign(next, { value: 6, preemptionPolicy: "Never" })),
      [
        "value: Forbidden: may not be changed in an update.",
        'preemptionPolicy: Invalid value: "Never": field is immutable',
      ],
    );
    assert.deepEqual(
      bench.updateErrors(old, (next) => (next.description = "other")),
      [],
    );
  });

  it("is shown", () =>
    assert.deepEqual(bench.row({ metadata, value: 5, globalDefault: true }), {
      Name: "high",
      Value: 5,
      "Global-Default": true,
      Age: "60s",
      PreemptionPolicy: "PreemptLowerPriority",
    }));
});
