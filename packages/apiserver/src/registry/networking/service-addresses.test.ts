import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { IPAddress, ServiceCIDR } from "@kube-ts/api/networking/v1";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import { ipAddressResource } from "./ip-address.ts";
import { serviceCidrResource } from "./service-cidr.ts";

const creationTimestamp = "2026-01-31T11:59:00Z";

describe("an IP address", () => {
  const bench = new RuleBench<IPAddress>(ipAddressResource);
  const metadata = { name: "10.0.0.1", creationTimestamp };
  const parentRef = { resource: "services", namespace: "default", name: "web" };

  it("is fine", () => assert.deepEqual(bench.createErrors({ metadata, spec: { parentRef } }), []));
  it("has its address as its name", () =>
    assert.deepEqual(bench.createErrors({ metadata: { name: "web" }, spec: { parentRef } }), [
      'metadata.name: Invalid value: "web": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
    ]));
  it("is used by something", () =>
    assert.deepEqual(bench.createErrors({ metadata }), ["spec.parentRef: Required value"]));
  it("is used by something with a name", () =>
    assert.deepEqual(bench.createErrors({ metadata, spec: { parentRef: {} } }), [
      "spec.parentRef.resource: Required value",
      "spec.parentRef.name: Required value",
    ]));
  it("is used by something with a right name", () => {
    const wrong = { group: "A", resource: "a/b", namespace: "..", name: "%" };
    assert.deepEqual(bench.createErrors({ metadata, spec: { parentRef: wrong } }), [
      `spec.parentRef.group: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
      `spec.parentRef.resource: Invalid value: "a/b": may not contain '/'`,
      `spec.parentRef.name: Invalid value: "%": may not contain '%'`,
      `spec.parentRef.namespace: Invalid value: "..": may not be '..'`,
    ]);
  });
  it("stays with what uses it", () => {
    const old = bench.prepared({ metadata, spec: { parentRef } });
    const errors = bench.updateErrors(old, (next) => (next.spec.parentRef = { ...parentRef, name: "other" }));
    assert.deepEqual(errors, [
      'spec.parentRef: Invalid value: {"resource":"services","namespace":"default","name":"other"}: field is immutable',
    ]);
  });
  it("is shown", () => {
    const row = (spec: Draft) => bench.row({ metadata, spec });
    assert.deepEqual(row({ parentRef }), { Name: "10.0.0.1", ParentRef: "services/default/web", Age: "60s" });
    assert.equal(
      row({ parentRef: { group: "x.io", resource: "Gateways", name: "a" } })["ParentRef"],
      "gateways.x.io/a",
    );
    assert.equal(row({})["ParentRef"], "<none>");
  });
});

describe("a service range", () => {
  const bench = new RuleBench<ServiceCIDR>(serviceCidrResource);
  const metadata = { name: "more", creationTimestamp };
  const [v4, v6] = ["10.0.0.0/24", "2001:db8::/64"];

  function create(what: string, cidrs: readonly string[], errors: readonly string[]): void {
    it(what, () => assert.deepEqual(bench.createErrors({ metadata, spec: { cidrs } }), errors));
  }

  create("may be of both families", [v4, v6], []);
  create("is a range", [], ["spec.cidrs: Required value: at least one CIDR required"]);
  create(
    "is not many",
    [v4, v6, v4],
    [
      'spec.cidrs: Invalid value: {"cidrs":["10.0.0.0/24","2001:db8::/64","10.0.0.0/24"]}: may only hold up to 2 values',
    ],
  );
  create(
    "is right",
    ["10.0.0.1/24"],
    ['spec.cidrs[0]: Invalid value: "10.0.0.1/24": must not have bits set beyond the prefix length'],
  );
  create(
    "is one of each family",
    [v4, "10.1.0.0/24"],
    [
      'spec.cidrs: Invalid value: ["10.0.0.0/24","10.1.0.0/24"]: may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64',
    ],
  );

  it("stays, but may get a second family", () => {
    const errorsOf = (before: readonly string[], now: string[]) => {
      const old = bench.prepared({ metadata, spec: { cidrs: before } });
      return bench.updateErrors(old, (next) => (next.spec.cidrs = now));
    };
    assert.deepEqual(errorsOf([v4], [v4, v6]), []);
    assert.deepEqual(errorsOf([v4], ["10.1.0.0/24"]), [
      'spec.cidrs[0]: Invalid value: "10.1.0.0/24": field is immutable',
    ]);
    assert.deepEqual(errorsOf([v4], [v6, v4]), ['spec.cidrs[0]: Invalid value: "2001:db8::/64": field is immutable']);
    assert.deepEqual(errorsOf([v4, v6], [v4]), ['spec.cidrs: Invalid value: ["10.0.0.0/24"]: field is immutable']);
  });

  it("keeps its ranges when its status changes", () => {
    const old = bench.prepared({ metadata, spec: { cidrs: [v4] } });
    const next = bench.updated(old, (copy) => (copy.spec.cidrs = [v6]), "status");
    assert.deepEqual(next.spec, old.spec);
  });

  it("is shown", () =>
    assert.deepEqual(bench.row({ metadata, spec: { cidrs: [v4, v6] } }), {
      Name: "more",
      CIDRs: "10.0.0.0/24,2001:db8::/64",
      Age: "60s",
    }));
});
