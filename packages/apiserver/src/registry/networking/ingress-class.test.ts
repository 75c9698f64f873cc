import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { IngressClass } from "@kube-ts/api/networking/v1";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import { ingressClassResource } from "./ingress-class.ts";

const bench = new RuleBench<IngressClass>(ingressClassResource);
const metadata = { name: "main", creationTimestamp: "2026-01-31T11:59:00Z" };
const controller = "example.com/ingress";
const parameters = { kind: "Settings", name: "a" };

describe("an ingress class", () => {
  it("is filled in", () => {
    const object = bench.prepared({ metadata, spec: { controller, parameters } });
    assert.deepEqual(object.spec, { controller, parameters: { ...parameters, scope: "Cluster" } });
    assert.equal(object.metadata.generation, 1);
  });

  function create(what: string, spec: Draft, errors: readonly string[]): void {
    it(what, () => assert.deepEqual(bench.createErrors({ metadata, spec }), errors));
  }

  const domain = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`;
  create("may be plain", { controller }, []);
  create(
    "may have parameters of a namespace",
    { controller, parameters: { ...parameters, scope: "Namespace", namespace: "n" } },
    [],
  );
  create("has a controller", {}, ["spec.controller: Required value"]);
  create("has a controller with a path", { controller: "example.com" }, [
    'spec.controller: Invalid value: "example.com": must be a domain-prefixed path (such as "acme.io/foo")',
  ]);
  create("has a controller with a right domain", { controller: "A/b" }, [
    `spec.controller: Invalid value: "A": ${domain}`,
  ]);
  create("has a controller with a right path", { controller: "a/b c" }, [
    `spec.controller: Invalid value: "b c": Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')`,
  ]);
  create("has a short controller", { controller: `a/${"b".repeat(249)}` }, [
    "spec.controller: Too long: may not be more than 250 bytes",
  ]);

  function parameter(what: string, draft: Draft, errors: readonly string[]): void {
    create(
      what,
      { controller, parameters: { ...parameters, ...draft } },
      errors.map((text) => `spec.parameters${text}`),
    );
  }

  parameter("has parameters with a kind and a name", { kind: "", name: "" }, [
    ".kind: Required value",
    ".name: Required value",
  ]);
  parameter("has parameters with right names", { apiGroup: "A", kind: "a/b", name: "%" }, [
    `.apiGroup: Invalid value: "A": ${domain}`,
    `.kind: Invalid value: "a/b": may not contain '/'`,
    `.name: Invalid value: "%": may not contain '%'`,
  ]);
  parameter("has parameters of a known scope", { scope: "World" }, [
    '.scope: Unsupported value: "World": supported values: "Cluster", "Namespace"',
  ]);
  parameter("has parameters of some namespace", { scope: "Namespace" }, [
    ".namespace: Required value: `parameters.scope` is set to 'Namespace'",
  ]);
  parameter("has parameters of a right namespace", { scope: "Namespace", namespace: "a.b" }, [
    '.namespace: Invalid value: "a.b": must not contain dots',
  ]);
  parameter("has parameters of no namespace", { namespace: "a" }, [
    ".namespace: Forbidden: `parameters.scope` is set to 'Cluster'",
  ]);

  it("keeps its controller", () => {
    const old = bench.prepared({ metadata, spec: { controller } });
    assert.deepEqual(
      bench.updateErrors(old, (next) => (next.spec.controller = "a/b")),
      ['spec.controller: Invalid value: "a/b": field is immutable'],
    );
    assert.equal(bench.updated(old, (next) => (next.spec.parameters = parameters)).metadata.generation, 2);
  });

  it("is shown", () => {
    const row = (spec: Draft) => bench.row({ metadata, spec });
    assert.deepEqual(row({ controller }), { Name: "main", Controller: controller, Parameters: "<none>", Age: "60s" });
    assert.equal(row({ controller, parameters })["Parameters"], "Settings/a");
    assert.equal(row({ controller, parameters: { ...parameters, apiGroup: "x.io" } })["Parameters"], "Settings.x.io/a");
  });
});
