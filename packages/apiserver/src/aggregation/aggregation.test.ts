import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { APIService } from "@kube-ts/api/apiregistration/v1";
import { planRegistration } from "./auto-registration.ts";
import { passedVerdict, withVerdict } from "./availability.ts";
import { identityHeaders } from "./front-proxy-identity.ts";
import { servedGroups } from "./group-order.ts";
import { mergeOpenApiV2, ownPart } from "./openapi-part.ts";

function service(group: string, version: string, groupPriority: number, versionPriority: number): APIService {
  return {
    metadata: { name: `${version}.${group}` },
    spec: {
      group,
      version,
      groupPriorityMinimum: groupPriority,
      versionPriority,
      service: { namespace: "a", name: "b" },
    },
  };
}

suite("groups", () => {
  const order = (local: [string, string][], services: APIService[]) =>
    servedGroups(
      local.map(([group, version]) => ({ group, version })),
      services,
    ).map(
      ({ group, versions }) =>
        `${group}: ${versions.map((each) => each.version + (each.service ? "*" : "")).join(" ")}`,
    );

  test("come by priority, then by name; versions by priority, then by stability", () => {
    const local: [string, string][] = [
      ["", "v1"],
      ["zoo.example.com", "v1beta1"],
      ["zoo.example.com", "v1"],
      ["autoscaling", "v1"],
      ["autoscaling", "v2"],
      ["ape.example.com", "v1"],
      ["apps", "v1"],
      ["apiregistration.k8s.io", "v1"],
    ];
    const services = [service("metrics.k8s.io", "v1beta1", 100, 100), service("top.example.com", "v1", 17_790, 1)];
    assert.deepEqual(order(local, services), [
      "apiregistration.k8s.io: v1",
      "apps: v1",
      "top.example.com: v1*",
      "autoscaling: v2 v1",
      "ape.example.com: v1",
      "zoo.example.com: v1 v1beta1",
      "metrics.k8s.io: v1beta1*",
    ]);
  });

  test("that this server could serve are the other's once an APIService says so", () => {
    const services = [service("a.example.com", "v1", 1000, 100)];
    const local: [string, string][] = [
      ["a.example.com", "v1"],
      ["a.example.com", "v2"],
    ];
    assert.deepEqual(order(local, services), ["a.example.com: v2 v1*"]);
    const [own] = services.map(({ metadata, spec: { service: _service, ...spec } }) => ({ metadata, spec }));
    assert.deepEqual(order(local, own ? [own] : []), ["a.example.com: v2 v1"]);
  });

  test("of several servers are one", () => {
    const services = [service("a.example.com", "v2", 500, 20), service("a.example.com", "v1", 2000, 10)];
    assert.deepEqual(order([["a.example.com", "v3"]], services), ["a.example.com: v3 v2* v1*"]);
    assert.deepEqual(order([], services), ["a.example.com: v2* v1*"]);
  });
});

test("who the user is travels in headers", () => {
  const extra = { "acme.com/a b": ["1", "2"], empty: [] };
  assert.deepEqual(identityHeaders({ name: "jané", uid: "u", groups: ["a", "b"], extra }), {
    "X-Remote-User": Buffer.from("jané").toString("latin1"),
    "X-Remote-Uid": "u",
    "X-Remote-Group": ["a", "b"],
    "X-Remote-Extra-acme.com%2Fa%20b": ["1", "2"],
  });
  assert.deepEqual(identityHeaders({ name: "x", uid: "", groups: [], extra: {} }), { "X-Remote-User": "x" });
});

test("the condition changes its time with its status only", () => {
  const before: APIService = {
    ...service("a", "v1", 1, 1),
    status: {
      conditions: [
        { type: "Other", status: "True" },
        { type: "Available", status: "False", reason: "A", message: "m", lastTransitionTime: "2026-01-01T00:00:00Z" },
      ],
    },
  };
  const nowMs = Date.parse("2026-02-01T00:00:00Z");
  const again = withVerdict(before, { status: "False", reason: "B", message: "n" }, nowMs);
  assert.deepEqual(
    again?.map(({ reason, lastTransitionTime }) => [reason, lastTransitionTime]),
    [
      [undefined, undefined],
      ["B", "2026-01-01T00:00:00Z"],
    ],
  );
  assert.equal(withVerdict(before, { status: "False", reason: "A", message: "m" }, nowMs), undefined);
  assert.equal(withVerdict(before, passedVerdict, nowMs)?.[1]?.lastTransitionTime, "2026-02-01T00:00:00Z");
});

suite("the APIServices of this server", () => {
  const local = [
    { group: "", version: "v1" },
    { group: "apps", version: "v1" },
    { group: "x.example.com", version: "v1" },
    { group: "apiregistration.k8s.io", version: "v1" },
  ];
  const labelled = (object: APIService, value: string): APIService => ({
    ...object,
    metadata: { ...object.metadata, labels: { "kube-aggregator.kubernetes.io/automanaged": value } },
  });

  test("are made, once", () => {
    const steps = planRegistration(local, []);
    const made = steps.flatMap((step) => (step.kind === "create" ? [step.service] : []));
    assert.deepEqual(
      made.map(({ metadata, spec }) => [
        metadata.name,
        Object.values(metadata.labels ?? {})[0],
        spec.groupPriorityMinimum,
      ]),
      [["v1.x.example.com", "true", 1000]],
      "those of built-in groups are made at the start only",
    );
    assert.deepEqual(planRegistration(local, made), []);
  });

  test("stay what somebody else made of them", () => {
    const [apps, custom] = [service("apps", "v1", 1, 1), service("x.example.com", "v1", 1, 1)];
    assert.deepEqual(planRegistration(local, [apps, custom]), []);
    assert.deepEqual(planRegistration(local, [labelled(apps, "onstart"), labelled(custom, "false")]), []);
  });

  test("go with the custom resources they are of; those of others stay", () => {
    const gone = labelled(service("y.example.com", "v1", 1, 1), "true");
    const others = service("z.example.com", "v1", 1, 1);
    const steps = planRegistration([], [gone, others, labelled(service("apps", "v1", 1, 1), "onstart")]);
    assert.deepEqual(steps, [{ kind: "delete", name: "v1.y.example.com" }]);
  });

  test("are taken back only where they are managed", () => {
    const taken = service("x.example.com", "v1", 5, 5);
    const custom = [{ group: "x.example.com", version: "v1" }];
    assert.deepEqual(planRegistration(custom, [taken]), []);
    assert.deepEqual(
      planRegistration(custom, [labelled(taken, "true")]).map(({ kind }) => kind),
      ["take back"],
    );
  });
});

suite("OpenAPI v2", () => {
  const reference = (name: string) => ({ $ref: `#/definitions/${name}` });

  test("of a server behind is cut down to its own group-version", () => {
    const document = {
      paths: { "/apis/a/v1/x": { get: reference("X") }, "/apis/a/v10/x": { get: {} }, "/version": {} },
      definitions: {
        X: { properties: { y: reference("Y") } },
        Y: { items: reference("X") },
        Alone: { "x-kubernetes-group-version-kind": [{ group: "a", version: "v1", kind: "Alone" }] },
        Unused: {},
      },
    };
    const part = ownPart(document, "/apis/a/v1");
    assert.deepEqual(Object.keys(part["paths"] as object), ["/apis/a/v1/x"]);
    assert.deepEqual(Object.keys(part["definitions"] as object).toSorted(), ["Alone", "X", "Y"]);
  });

  test("survives a document that is none", () => {
    assert.deepEqual(ownPart({ paths: [], definitions: "x" }, "/apis/a/v1"), { paths: {}, definitions: {} });
  });

  test("is merged: same definitions are shared, others get names of their own", () => {
    const own = { swagger: "2.0", paths: { "/own": {} }, definitions: { Same: { type: "a" }, Other: { type: "b" } } };
    const part = {
      paths: { "/own": { changed: true }, "/new": { get: reference("Other") } },
      definitions: { Same: { type: "a" }, Other: { type: "c", items: reference("Same") } },
    };
    assert.deepEqual(mergeOpenApiV2(own, [part, part]), {
      swagger: "2.0",
      paths: { "/own": {}, "/new": { get: reference("Other_v2") } },
      definitions: { Same: { type: "a" }, Other: { type: "b" }, Other_v2: { type: "c", items: reference("Same") } },
    });
  });
});
