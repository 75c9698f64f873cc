import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Ingress } from "@kube-ts/api/networking/v1";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import { ingressResource } from "./ingress.ts";

const bench = new RuleBench<Ingress>(ingressResource);
const metadata = { name: "web", creationTimestamp: "2026-01-31T11:59:00Z" };
const service = { name: "web", port: { number: 80 } };
const defaultBackend = { service };
const subdomain = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`;
const wildcard = `a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`;

describe("an ingress", () => {
  it("is filled in", () => {
    const object = bench.prepared({
      metadata,
      spec: { defaultBackend },
      status: { loadBalancer: { ingress: [{ ip: "1.2.3.4" }] } },
    });
    assert.deepEqual([object.status, object.metadata.generation], [{ loadBalancer: {} }, 1]);
  });

  function create(what: string, spec: Draft, errors: readonly string[]): void {
    it(what, () => assert.deepEqual(bench.createErrors({ metadata, spec }), errors));
  }

  create("may be plain", { defaultBackend, ingressClassName: "main" }, []);
  create("goes somewhere", {}, ["spec: Invalid value: null: either `defaultBackend` or `rules` must be specified"]);
  create("has a class with a right name", { defaultBackend, ingressClassName: "A" }, [
    `spec.ingressClassName: Invalid value: "A": ${subdomain}`,
  ]);

  function backend(what: string, item: Draft, errors: readonly string[]): void {
    create(
      what,
      { defaultBackend: item },
      errors.map((text) => `spec.defaultBackend${text}`),
    );
  }

  backend("may go to a service by name", { service: { name: "1web", port: { name: "http" } } }, []);
  backend("may go to something else", { resource: { apiGroup: "example.com", kind: "Bucket", name: "a" } }, []);
  backend("has a backend", {}, [': Invalid value: "": resource or service backend is required']);
  backend("has one backend", { service, resource: {} }, [
    ': Invalid value: "": cannot set both resource and service backends',
  ]);
  backend("goes to a service with a name", { service: { port: { number: 80 } } }, [".service.name: Required value"]);
  backend("goes to a service with a right name", { service: { ...service, name: "A" } }, [
    `.service.name: Invalid value: "A": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
  ]);
  backend("goes to a port", { service: { name: "web" } }, [": Required value: port name or number is required"]);
  backend("goes to one port", { service: { name: "web", port: { name: "a", number: 1 } } }, [
    ': Invalid value: "": cannot set both port name & port number',
  ]);
  backend("goes to a right port", { service: { name: "web", port: { number: 65536 } } }, [
    ".service.port.number: Invalid value: 65536: must be between 1 and 65535, inclusive",
  ]);
  backend("goes to a port with a right name", { service: { name: "web", port: { name: "a--b" } } }, [
    '.service.port.name: Invalid value: "a--b": must not contain consecutive hyphens',
  ]);
  backend("names other backends", { resource: { apiGroup: "A", name: "a/b" } }, [
    `.resource.apiGroup: Invalid value: "A": ${subdomain}`,
    ".resource.kind: Required value",
    `.resource.name: Invalid value: "a/b": may not contain '/'`,
  ]);

  const item = { path: "/", pathType: "Prefix", backend: defaultBackend };
  function rule(what: string, draft: Draft, errors: readonly string[]): void {
    create(
      what,
      { rules: [draft] },
      errors.map((text) => `spec.rules[0]${text}`),
    );
  }
  function path(what: string, draft: Draft, errors: readonly string[]): void {
    rule(
      what,
      { http: { paths: [{ ...item, ...draft }] } },
      errors.map((text) => `.http.paths[0]${text}`),
    );
  }

  rule("may be for a host", { host: "example.com", http: { paths: [item] } }, []);
  rule("may be for hosts", { host: "*.example.com" }, []);
  rule("has a host that is no address", { host: "10.0.0.1" }, [
    '.host: Invalid value: "10.0.0.1": must be a DNS name, not an IP address',
  ]);
  rule("has a right host", { host: "A" }, [`.host: Invalid value: "A": ${subdomain}`]);
  rule("has right hosts", { host: "*" }, [`.host: Invalid value: "*": ${wildcard}`]);
  rule("has paths", { http: {} }, [".http.paths: Required value"]);
  path("may leave the path to the controller", { path: "", pathType: "ImplementationSpecific" }, []);
  path("has a type of path", { pathType: undefined }, [".pathType: Required value: pathType must be specified"]);
  path("has a known type of path", { pathType: "Regex" }, [
    '.pathType: Unsupported value: "Regex": supported values: "Exact", "ImplementationSpecific", "Prefix"',
  ]);
  path("has a whole path", { path: "a" }, ['.path: Invalid value: "a": must be an absolute path']);
  path("has a whole path for the controller", { path: "a", pathType: "ImplementationSpecific" }, [
    '.path: Invalid value: "a": must be an absolute path',
  ]);
  path("has a plain path", { path: "//a/./b/../c%2f%2F", pathType: "Exact" }, [
    `.path: Invalid value: "//a/./b/../c%2f%2F": must not contain '//'`,
    `.path: Invalid value: "//a/./b/../c%2f%2F": must not contain '/./'`,
    `.path: Invalid value: "//a/./b/../c%2f%2F": must not contain '/../'`,
    `.path: Invalid value: "//a/./b/../c%2f%2F": must not contain '%2f'`,
    `.path: Invalid value: "//a/./b/../c%2f%2F": must not contain '%2F'`,
  ]);
  path("has a path with a plain end", { path: "/a/.." }, [`.path: Invalid value: "/a/..": cannot end with '/..'`]);
  path("has a path with another plain end", { path: "/a/." }, [`.path: Invalid value: "/a/.": cannot end with '/.'`]);

  create("has right certificates", { defaultBackend, tls: [{ hosts: ["A", "*.a", "*"], secretName: "B" }] }, [
    `spec.tls[0].hosts[0]: Invalid value: "A": ${subdomain}`,
    `spec.tls[0].hosts[2]: Invalid value: "*": ${wildcard}`,
    `spec.tls[0].secretName: Invalid value: "B": ${subdomain}`,
  ]);

  const annotations = { "kubernetes.io/ingress.class": "old" };
  it("names one class", () =>
    assert.deepEqual(
      bench.createErrors({ metadata: { ...metadata, annotations }, spec: { defaultBackend, ingressClassName: "new" } }),
      [
        'annotations.kubernetes.io/ingress.class: Invalid value: "old": must match `ingressClassName` when both are specified',
      ],
    ));

  it("is better off with a field than with an annotation", () => {
    assert.deepEqual(bench.warnings({ metadata: { ...metadata, annotations }, spec: { defaultBackend } }), [
      `annotation "kubernetes.io/ingress.class" is deprecated, please use 'spec.ingressClassName' instead`,
    ]);
    assert.deepEqual(bench.warnings({ metadata, spec: { defaultBackend } }), []);
  });

  it("may keep what it has", () => {
    const tls = [{ secretName: "B" }];
    const old = bench.prepared({ metadata, spec: { rules: [{ host: "*.a", http: {} }], tls } });
    assert.deepEqual(
      bench.updateErrors(old, (next) => (next.spec.defaultBackend = { service })),
      [],
    );
  });

  it("is counted when it changes", () => {
    const old = bench.prepared({ metadata, spec: { defaultBackend } });
    assert.equal(bench.updated(old, (next) => (next.spec.ingressClassName = "a")).metadata.generation, 2);
    assert.equal(bench.updated(old, (next) => (next.metadata.labels = { a: "b" })).metadata.generation, 1);
  });

  it("leaves its status to the controller", () => {
    const old = bench.prepared({ metadata, spec: { defaultBackend } });
    const status = { loadBalancer: { ingress: [{ ip: "01.2.3.4" }, { hostname: "1.2.3.4" }, { hostname: "A" }] } };
    assert.deepEqual(bench.updated(old, (next) => (next.status = status)).status, { loadBalancer: {} });
    assert.deepEqual(
      bench.updateErrors(old, (next) => (next.status = status), "status"),
      [
        'status.loadBalancer.ingress[0].ip: Invalid value: "01.2.3.4": must not have leading 0s',
        'status.loadBalancer.ingress[1].hostname: Invalid value: "1.2.3.4": must be a DNS name, not an IP address',
        `status.loadBalancer.ingress[2].hostname: Invalid value: "A": ${subdomain}`,
      ],
    );
    const next = bench.updated(old, (copy) => Object.assign(copy, { status, spec: {} }), "status");
    assert.deepEqual(next.spec, old.spec);
  });
});

describe("the columns of an ingress", () => {
  it("show it", () => {
    const ingress = [{ ip: "2.2.2.2" }, { hostname: "lb.example.com" }, { ip: "1.1.1.1" }, { ip: "1.1.1.1" }];
    assert.deepEqual(
      bench.row({
        metadata,
        spec: { ingressClassName: "main", rules: [{ host: "a" }], tls: [{}] },
        status: { loadBalancer: { ingress } },
      }),
      {
        Name: "web",
        Class: "main",
        Hosts: "a",
        Address: "1.1.1.1,2.2.2.2,lb.example.com",
        Ports: "80, 443",
        Age: "60s",
      },
    );
    assert.deepEqual(bench.row({ metadata, spec: { defaultBackend } }), {
      Name: "web",
      Class: "<none>",
      Hosts: "*",
      Address: "",
      Ports: "80",
      Age: "60s",
    });
  });

  it("show some hosts of many", () => {
    const hosts = (...names: string[]) =>
      bench.row({ metadata, spec: { rules: names.map((host) => ({ host })) } })["Hosts"];
    assert.equal(hosts("a", "b", "c"), "a,b,c");
    assert.equal(hosts("a", "b", "c", "d", "e"), "a,b,c + 2 more...");
  });
});
