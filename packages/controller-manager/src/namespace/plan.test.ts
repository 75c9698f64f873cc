import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { estimateSeconds, isFinalized, planConditions, withoutContentFinalizer } from "./plan.ts";
import type { Emptying, Remainder } from "./plan.ts";

const now = "2026-01-01T00:00:00Z";
const nothing: Emptying = { discoveryFailure: undefined, failures: [], remainders: [] };
const pods: Remainder = { resource: "pods.", count: 2, finalizers: new Map(), graceSeconds: 30 };
const jobs: Remainder = {
  resource: "jobs.batch",
  count: 1,
  finalizers: new Map([["example.com/x", 1]]),
  graceSeconds: 0,
};

function told(emptying: Emptying): Record<string, string> {
  const conditions = planConditions(undefined, emptying, now);
  return Object.fromEntries(
    conditions.map(({ type, status, reason, message }) => [type, `${status} ${reason}: ${message}`]),
  );
}

describe("conditions of a namespace that goes away", () => {
  test("nothing is left", () => {
    assert.deepEqual(told(nothing), {
      NamespaceDeletionDiscoveryFailure: "False ResourcesDiscovered: All resources successfully discovered",
      NamespaceDeletionGroupVersionParsingFailure:
        "False ParsedGroupVersions: All legacy kube types successfully parsed",
      NamespaceDeletionContentFailure:
        "False ContentDeleted: All content successfully deleted, may be waiting on finalization",
      NamespaceContentRemaining: "False ContentRemoved: All content successfully removed",
      NamespaceFinalizersRemaining: "False ContentHasNoFinalizers: All content-preserving finalizers finished",
    });
  });

  test("content remains", () => {
    const conditions = told({ ...nothing, remainders: [pods, jobs] });
    assert.equal(
      conditions["NamespaceContentRemaining"],
      "True SomeResourcesRemain: Some resources are remaining: jobs.batch has 1 resource instances, pods. has 2 resource instances",
    );
    assert.equal(
      conditions["NamespaceFinalizersRemaining"],
      "True SomeFinalizersRemain: Some content in the namespace has finalizers remaining: example.com/x in 1 resource instances",
    );
  });

  test("failures are told", () => {
    const conditions = told({ ...nothing, discoveryFailure: "no metrics", failures: ["b", "a"] });
    assert.equal(conditions["NamespaceDeletionDiscoveryFailure"], "True DiscoveryFailed: no metrics");
    assert.equal(
      conditions["NamespaceDeletionContentFailure"],
      "True ContentDeletionFailed: Failed to delete all resource types, 2 remaining: a, b",
    );
  });

  test("a second look that finds the same writes nothing", () => {
    const first = planConditions(undefined, nothing, now);
    assert.equal(planConditions(first, nothing, "2026-01-01T00:01:00Z"), first);
  });
});

test("the next look waits for the slowest pod, or for finalizers", () => {
  assert.equal(estimateSeconds(nothing), 0);
  assert.equal(estimateSeconds({ ...nothing, remainders: [jobs] }), 15);
  assert.equal(estimateSeconds({ ...nothing, remainders: [pods, jobs] }), 30);
});

test("only the finalizer of the content is taken off", () => {
  const namespace = { metadata: { name: "x" }, spec: { finalizers: ["kubernetes", "example.com/y"] } };
  const finalized = withoutContentFinalizer(namespace);
  assert.deepEqual(finalized.spec.finalizers, ["example.com/y"]);
  assert.equal(isFinalized(finalized), false);
  assert.equal(isFinalized({ metadata: {}, spec: {} }), true);
});
