import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PodDisruptionBudget } from "@kube-ts/api/policy/v1";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import { podDisruptionBudgetResource } from "./pod-disruption-budget.ts";

const bench = new RuleBench<PodDisruptionBudget>(podDisruptionBudgetResource);
const metadata = { name: "web", creationTimestamp: "2026-01-31T11:59:00Z" };

describe("a disruption budget", () => {
  it("is filled in", () =>
    assert.deepEqual(bench.prepared({ metadata, status: { expectedPods: 9 } }).status, {
      disruptionsAllowed: 0,
      currentHealthy: 0,
      desiredHealthy: 0,
      expectedPods: 0,
    }));

  function create(what: string, spec: Draft, errors: readonly string[]): void {
    it(what, () => assert.deepEqual(bench.createErrors({ metadata, spec }), errors));
  }

  create("may be plain", { minAvailable: "50%", selector: { matchLabels: { a: "b" } } }, []);
  create("may be for all pods", { maxUnavailable: 1, selector: {} }, []);
  create("says one thing", { minAvailable: 1, maxUnavailable: 1 }, [
    'spec: Invalid value: {"minAvailable":1,"maxUnavailable":1}: minAvailable and maxUnavailable cannot be both set',
  ]);
  create("says right numbers", { minAvailable: "101%" }, [
    'spec.minAvailable: Invalid value: "101%": must not be greater than 100%',
  ]);
  create("says no negative numbers", { maxUnavailable: -1 }, [
    "spec.maxUnavailable: Invalid value: -1: must be greater than or equal to 0",
  ]);
  create("says numbers", { maxUnavailable: "many" }, [
    `spec.maxUnavailable: Invalid value: "many": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')`,
  ]);
  create("has a right selector", { selector: { matchLabels: { "a b": "c" } } }, [
    `spec.selector.matchLabels: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
  ]);
  create("has a known policy", { unhealthyPodEvictionPolicy: "Never" }, [
    'spec.unhealthyPodEvictionPolicy: Unsupported value: "Never": supported values: "AlwaysAllow", "IfHealthyBudget"',
  ]);

  it("is counted when it changes", () => {
    const old = bench.prepared({ metadata, spec: { minAvailable: 1 } });
    assert.equal(bench.updated(old, (next) => (next.spec = { minAvailable: 2 })).metadata.generation, 2);
    assert.equal(bench.updated(old, (next) => (next.metadata.labels = { a: "b" })).metadata.generation, 1);
  });

  it("has a right status", () => {
    const old = bench.prepared({ metadata });
    const change = (next: PodDisruptionBudget) =>
      Object.assign(next, {
        status: {
          ...next.status,
          disruptionsAllowed: -1,
          conditions: [
            { type: "a b", status: "Maybe", reason: "1", message: "" },
            { type: "a", status: "True", reason: "", message: "", lastTransitionTime: "2026-01-31T11:59:00Z" },
            { type: "a", status: "True", reason: "Ok", message: "", lastTransitionTime: "2026-01-31T11:59:00Z" },
          ],
        },
      });
    assert.deepEqual(bench.updateErrors(old, change, "status"), [
      `status.conditions[0].type: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
      'status.conditions[0].status: Unsupported value: "Maybe": supported values: "False", "True", "Unknown"',
      "status.conditions[0].lastTransitionTime: Required value: must be set",
      `status.conditions[0].reason: Invalid value: "1": a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName',  or 'ReasonA,ReasonB',  or 'ReasonA:ReasonB', regex used for validation is '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?')`,
      "status.conditions[1].reason: Required value: must be set",
      'status.conditions[2].type: Duplicate value: "a"',
      "status.disruptionsAllowed: Invalid value: -1: must be greater than or equal to 0",
    ]);
  });

  it("is shown", () => {
    assert.deepEqual(bench.row({ metadata, spec: { minAvailable: "50%" }, status: { disruptionsAllowed: 2 } }), {
      Name: "web",
      "Min Available": "50%",
      "Max Unavailable": "N/A",
      "Allowed Disruptions": 2,
      Age: "60s",
    });
    assert.deepEqual(bench.row({ metadata, spec: { maxUnavailable: 0 } }), {
      Name: "web",
      "Min Available": "N/A",
      "Max Unavailable": "0",
      "Allowed Disruptions": 0,
      Age: "60s",
    });
  });
});
