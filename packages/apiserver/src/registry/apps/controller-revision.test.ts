import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RuleBench } from "../meta/testing/rule-bench.ts";
import { controllerRevisionResource } from "./controller-revision.ts";

const bench = new RuleBench(controllerRevisionResource);
const metadata = { name: "db-1", creationTimestamp: "2026-01-31T11:59:00Z" };
const data = { spec: { template: { a: 1 } } };

describe("a controller revision", () => {
  it("may be plain", () => assert.deepEqual(bench.createErrors({ metadata, data, revision: 1 }), []));
  it("has data and a right number", () =>
    assert.deepEqual(bench.createErrors({ metadata, revision: -1 }), [
      "data: Required value: data is mandatory",
      "revision: Invalid value: -1: must be greater than or equal to 0",
    ]));

  it("keeps its data, and may be numbered again", () => {
    const old = bench.prepared({ metadata, data, revision: 1 });
    assert.deepEqual(
      bench.updateErrors(old, (next) => (next.revision = 2)),
      [],
    );
    assert.deepEqual(
      bench.updateErrors(old, (next) => (next.data = { other: 1 })),
      ['data: Invalid value: {"other":1}: field is immutable'],
    );
  });

  it("is shown", () => {
    const owner = { apiVersion: "apps/v1", kind: "StatefulSet", name: "db", uid: "u", controller: true };
    assert.deepEqual(bench.row({ metadata: { ...metadata, ownerReferences: [owner] }, data, revision: 3 }), {
      Name: "db-1",
      Controller: "statefulset.apps/db",
      Revision: 3,
      Age: "60s",
    });
    assert.equal(bench.row({ metadata, data, revision: 3 })["Controller"], "<none>");
  });
});
