import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { APIService } from "@kube-ts/api/apiregistration/v1";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import { apiServiceResource } from "./api-service.ts";

const bench = new RuleBench<APIService>(apiServiceResource);
const metadata = { name: "v1.apps", creationTimestamp: "2026-01-31T11:59:00Z" };
const local = { group: "apps", version: "v1", groupPriorityMinimum: 17800, versionPriority: 15 };
const remote = { ...local, service: { namespace: "kube-system", name: "metrics" } };
const localCondition = {
  type: "Available",
  status: "True",
  lastTransitionTime: "2026-01-31T12:00:00Z",
  reason: "Local",
  message: "Local APIServices are always available",
};

describe("an API service", () => {
  it("of this server is available at once", () => {
    assert.deepEqual(bench.prepared({ metadata, spec: local }).status, { conditions: [localCondition] });
  });

  it("of another server has to prove itself, and has a port", () => {
    const service = bench.prepared({ metadata, spec: remote, status: { conditions: [localCondition] } });
    assert.deepEqual([service.status, service.spec.service?.port], [{}, 443]);
  });

  function create(what: string, spec: Draft, errors: readonly string[], name = "v1.apps"): void {
    it(what, () => assert.deepEqual(bench.createErrors({ metadata: { name }, spec }), errors));
  }

  create("may be local", local, []);
  create("may be remote", { ...remote, caBundle: "YQ==" }, []);
  create("may be of the legacy group", { ...local, group: "" }, [], "v1.");
  create(
    "is named by what it is",
    local,
    ['metadata.name: Invalid value: "apps": must be `spec.version+"."+spec.group`: "v1.apps"'],
    "apps",
  );
  create("has a right name at all", local, [`metadata.name: Invalid value: "a/b": may not contain '/'`], "a/b");
  create(
    "has a group",
    { ...local, group: "", version: "v2" },
    ["spec.group: Required value: only v1 may have an empty group and it better be legacy kube"],
    "v2.",
  );
  create(
    "has a right version and priorities",
    { group: "apps", version: "1", groupPriorityMinimum: 20001, versionPriority: 0 },
    [
      `spec.version: Invalid value: "1": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')`,
      "spec.groupPriorityMinimum: Invalid value: 20001: must be positive and less than 20000",
      "spec.versionPriority: Invalid value: 0: must be positive and less than 1000",
    ],
    "1.apps",
  );
  create("needs no trust when it is local", { ...local, caBundle: "YWJj", insecureSkipTLSVerify: true }, [
    'spec.caBundle: Invalid value: "3 bytes": local APIServices may not have a caBundle',
    "spec.insecureSkipTLSVerify: Invalid value: true: local APIServices may not have insecureSkipTLSVerify",
  ]);
  create(
    "is somewhere when it is remote",
    { ...local, service: { port: 70000 }, caBundle: "YWJj", insecureSkipTLSVerify: true },
    [
      "spec.service.namespace: Required value",
      "spec.service.name: Required value",
      "spec.service.port: Invalid value: 70000: port is not valid: must be between 1 and 65535, inclusive",
      "spec.insecureSkipTLSVerify: Invalid value: true: may not be true if caBundle is present",
    ],
  );

  it("has a status of its own", () => {
    const old = bench.prepared({ metadata, spec: remote });
    const change = (next: APIService) => {
      next.metadata.labels = { a: "b" };
      next.spec.versionPriority = 1;
      next.status = { conditions: [{ type: "Available", status: "Maybe" as "True" }] };
    };
    const updated = bench.updated(old, change, "status");
    assert.deepEqual([updated.metadata.labels, updated.spec.versionPriority], [undefined, 15]);
    assert.deepEqual(bench.updateErrors(old, change, "status"), [
      'status.conditions[0].status: Unsupported value: "Maybe": supported values: "True", "False", "Unknown"',
    ]);
    assert.deepEqual(bench.updated(old, change).status, {});
  });

  it("is shown", () => {
    const status = { conditions: [localCondition] };
    const row = { Name: "v1.apps", Service: "Local", Available: "True", Age: "60s" };
    assert.deepEqual(bench.row({ metadata, spec: local, status }), row);
    const failed = { conditions: [{ type: "Available", status: "False", reason: "ServiceNotFound" }] };
    assert.deepEqual(bench.row({ metadata, spec: remote, status: failed }), {
      ...row,
      Service: "kube-system/metrics",
      Available: "False (ServiceNotFound)",
    });
    assert.equal(bench.row({ metadata, spec: remote })["Available"], "Unknown");
  });
});
