import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Lease } from "@kube-ts/api/coordination/v1";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import { leaseResource } from "./lease.ts";

const bench = new RuleBench<Lease>(leaseResource);
const metadata = { name: "n1", creationTimestamp: "2026-01-31T11:59:00Z" };

describe("a lease", () => {
  function create(what: string, spec: Draft, errors: readonly string[]): void {
    it(what, () => assert.deepEqual(bench.createErrors({ metadata, spec }), errors));
  }

  create(
    "may be full",
    { holderIdentity: "n1", leaseDurationSeconds: 40, renewTime: "2026-01-31T11:59:00.000000Z", leaseTransitions: 0 },
    [],
  );
  create("lasts some time", { leaseDurationSeconds: 0, leaseTransitions: -1 }, [
    "spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0",
    "spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0",
  ]);
  create("prefers a holder by a strategy", { preferredHolder: "n2" }, [
    "spec.preferredHolder: Forbidden: may only be specified when `strategy` is defined",
  ]);
  create("has a right strategy", { strategy: "a b" }, [
    `spec.strategy: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
  ]);

  it("is updated by those who know it", () => {
    const old = bench.prepared({ metadata });
    assert.deepEqual(
      bench.updateErrors(old, (lease) => (lease.spec = { leaseDurationSeconds: -1 })),
      ["spec.leaseDurationSeconds: Invalid value: -1: must be greater than 0"],
    );
    assert.equal(leaseResource.strategy.allowUnconditionalUpdate, false);
  });

  it("is shown", () => {
    assert.deepEqual(bench.row({ metadata, spec: { holderIdentity: "n1" } }), { Name: "n1", Holder: "n1", Age: "60s" });
    assert.equal(bench.row({ metadata })["Holder"], "");
  });
});
