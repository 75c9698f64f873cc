import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { RuntimeClass } from "@kube-ts/api/node/v1";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import { runtimeClassResource } from "./runtime-class.ts";

const bench = new RuleBench<RuntimeClass>(runtimeClassResource);
const metadata = { name: "sandboxed", creationTimestamp: "2026-01-31T11:59:00Z" };

describe("a runtime class", () => {
  function create(what: string, draft: Draft, errors: readonly string[]): void {
    it(what, () => assert.deepEqual(bench.createErrors({ metadata, handler: "runsc", ...draft }), errors));
  }

  const label =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
  create("may be plain", {}, []);
  create("may say all", { overhead: { podFixed: { cpu: "1" } }, scheduling: { nodeSelector: { a: "b" } } }, []);
  create("has a handler", { handler: "" }, [`handler: Invalid value: "": ${label}`]);
  create("has a handler with a right name", { handler: "A" }, [`handler: Invalid value: "A": ${label}`]);
  create("takes known resources", { overhead: { podFixed: { odd: "1", cpu: "-1" } } }, [
    'overhead.limits[odd]: Invalid value: "odd": must be a standard resource type or fully qualified',
    'overhead.limits[odd]: Invalid value: "odd": must be a standard resource for containers',
    'overhead.limits[cpu]: Invalid value: "-1": must be greater than or equal to 0',
  ]);
  const tolerations = [
    { key: "a", operator: "Exists", tolerationSeconds: 1, effect: "NoExecute" },
    { key: "a", operator: "Exists", effect: "NoExecute" },
    { operator: "Equal" },
  ];
  create("has right tolerations, each once", { scheduling: { tolerations } }, [
    'scheduling.tolerations[2].operator: Invalid value: "Equal": operator must be Exists when `key` is empty, which means "match all values and all keys"',
    'scheduling.tolerations[1]: Duplicate value: {"key":"a","operator":"Exists","effect":"NoExecute"}',
  ]);
  create("selects nodes by right labels", { scheduling: { nodeSelector: { a: "b c" } } }, [
    `scheduling.nodeSelector: Invalid value: "b c": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
  ]);

  it("keeps its handler", () => {
    const old = bench.prepared({ metadata, handler: "runsc" });
    assert.deepEqual(
      bench.updateErrors(old, (next) => (next.handler = "runc")),
      ['handler: Invalid value: "runc": field is immutable'],
    );
    assert.deepEqual(
      bench.updateErrors(old, (next) => (next.overhead = { podFixed: { cpu: "1" } })),
      [],
    );
  });

  it("is shown", () =>
    assert.deepEqual(bench.row({ metadata, handler: "runsc" }), { Name: "sandboxed", Handler: "runsc", Age: "60s" }));
});
