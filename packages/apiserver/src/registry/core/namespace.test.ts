import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Namespace } from "@kube-ts/api/core/v1";
import { RuleBench } from "../meta/testing/rule-bench.ts";
import { namespaceResource } from "./namespace.ts";

const bench = new RuleBench<Namespace>(namespaceResource);
const old = bench.prepared({ metadata: { name: "apps" } });

describe("a namespace", () => {
  it("has a finalizer, a label of its name and a phase", () => {
    const { metadata, spec, status } = bench.prepared({
      metadata: { name: "apps", labels: { a: "b" } },
      spec: { finalizers: ["example.com/a"] },
      status: { phase: "Terminating" },
    });
    assert.deepEqual(
      { labels: metadata.labels, spec, status },
      {
        labels: { a: "b", "kubernetes.io/metadata.name": "apps" },
        spec: { finalizers: ["example.com/a", "kubernetes"] },
        status: { phase: "Active" },
      },
    );
  });

  it("has a label for its name", () => {
    assert.deepEqual(bench.createErrors({ metadata: { name: "a.b" } }), [
      'metadata.name: Invalid value: "a.b": must not contain dots',
    ]);
  });

  it("has right finalizers", () => {
    assert.deepEqual(bench.createErrors({ metadata: { name: "a" }, spec: { finalizers: ["wait"] } }), [
      'spec.finalizers: Invalid value: "wait": name is neither a standard finalizer name nor is it fully qualified',
    ]);
  });

  it("is shown with its phase", () => {
    const metadata = { name: "apps", creationTimestamp: "2026-01-31T11:59:00Z" };
    assert.deepEqual(bench.row({ metadata }), { Name: "apps", Status: "Active", Age: "60s" });
  });
});

describe("an updated namespace", () => {
  it("keeps its finalizers, its status and its label", () => {
    const namespace = bench.updated(old, (next) => {
      next.spec = { finalizers: [] };
      next.status = { phase: "Terminating" };
      next.metadata.labels = {};
    });
    assert.deepEqual(namespace, old);
  });

  it("loses finalizers by the part for them", () => {
    const namespace = bench.updated(old, (next) => (next.spec = { finalizers: [] }), "finalize");
    assert.deepEqual(namespace.spec, { finalizers: [] });
    assert.equal(namespaceResource.strategy.holdsDeletion?.(namespace), false);
    assert.equal(namespaceResource.strategy.holdsDeletion?.(old), true);
  });

  it("has right finalizers by the part for them", () => {
    assert.deepEqual(
      bench.updateErrors(old, (next) => (next.spec = { finalizers: ["wait"] }), "finalize"),
      [
        'spec.finalizers[0]: Invalid value: "wait": name is neither a standard finalizer name nor is it fully qualified',
      ],
    );
  });

  it("ends when it is deleted", () => {
    const namespace = structuredClone(old);
    namespaceResource.strategy.prepareForGracefulDelete?.(namespace);
    assert.equal(namespace.status?.phase, "Terminating");
  });

  it("is in the phase of its deletion", () => {
    const end = (next: Namespace) => (next.status = { phase: "Terminating" });
    assert.deepEqual(bench.updateErrors(old, end, "status"), [
      "status.Phase: Invalid value: \"Terminating\": may only be 'Active' if `deletionTimestamp` is empty",
    ]);
    const deleted = { ...old, metadata: { ...old.metadata, deletionTimestamp: "2026-01-31T11:59:00Z" } };
    assert.deepEqual(bench.updateErrors(deleted, end, "status"), []);
    assert.deepEqual(
      bench.updateErrors(deleted, (next) => (next.status = { phase: "Active" }), "status"),
      ["status.Phase: Invalid value: \"Active\": may only be 'Terminating' if `deletionTimestamp` is not empty"],
    );
  });
});
