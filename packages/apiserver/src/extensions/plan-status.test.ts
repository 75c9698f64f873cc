import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { CustomResourceDefinition, CustomResourceDefinitionNames } from "@kube-ts/api/apiextensions/v1";
import { findCondition } from "../registry/apiextensions/conditions.ts";
import { type NameClaim, planStatus } from "./plan-status.ts";

const now = "2026-01-31T12:00:00Z";

function definition(
  names: CustomResourceDefinitionNames,
  group = "example.com",
  change: Partial<CustomResourceDefinition> = {},
): CustomResourceDefinition {
  const schema = { openAPIV3Schema: { type: "object" } };
  return {
    metadata: { name: `${names.plural}.${group}` },
    spec: { group, scope: "Cluster", names, versions: [{ name: "v1", served: true, storage: true, schema }] },
    ...change,
  };
}

const things = definition({ plural: "things", singular: "thing", kind: "Thing", listKind: "ThingList" });

function claimOf({ spec, status }: CustomResourceDefinition): NameClaim {
  return { group: spec.group, names: status?.acceptedNames };
}

function outcome(planned: CustomResourceDefinition | undefined, type: "NamesAccepted" | "Established") {
  const condition = planned && findCondition(planned, type);
  return condition && `${condition.status} ${condition.reason}: ${condition.message}`;
}

suite("the status of a definition", () => {
  test("says that its names are accepted and that it is established", () => {
    const planned = planStatus(things, [], now);
    assert.deepEqual(planned?.status?.acceptedNames, things.spec.names);
    assert.equal(outcome(planned, "NamesAccepted"), "True NoConflicts: no conflicts found");
    assert.equal(outcome(planned, "Established"), "True InitialNamesAccepted: the initial names have been accepted");
    assert.equal(planned && planStatus(planned, [], now), undefined, "a second time changes nothing");
  });

  test("takes only the names that are free", () => {
    const first = planStatus(definition({ plural: "firsts", kind: "Thing", shortNames: ["th"] }), [], now);
    assert.ok(first);
    const rival = definition({ plural: "things", kind: "Thing", shortNames: ["th"] });
    const planned = planStatus(rival, [claimOf(first)], now);
    assert.equal(outcome(planned, "NamesAccepted"), 'False KindConflict: "Thing" is already in use');
    assert.equal(outcome(planned, "Established"), "False NotAccepted: not all names are accepted");
    assert.deepEqual(planned?.status?.acceptedNames, { plural: "things", singular: "", kind: "", listKind: "" });
    const elsewhere = definition({ plural: "things", kind: "Thing", shortNames: ["th"] }, "other.com");
    assert.match(outcome(planStatus(elsewhere, [claimOf(first)], now), "NamesAccepted") ?? "", /^True/);
  });

  test("keeps names that were accepted, and stays established", () => {
    const accepted = planStatus(things, [], now);
    assert.ok(accepted);
    const renamed = structuredClone(accepted);
    renamed.spec.names.shortNames = ["x"];
    const rival = planStatus(definition({ plural: "others", kind: "Other", shortNames: ["x"] }), [], now);
    assert.ok(rival);
    const planned = planStatus(renamed, [claimOf(rival)], now);
    assert.equal(outcome(planned, "NamesAccepted"), 'False ShortNamesConflict: "x" is already in use');
    assert.match(outcome(planned, "Established") ?? "", /^True/);
    assert.equal(planned?.status?.acceptedNames?.plural, "things");
  });

  test("names what is not structural, and takes it back", () => {
    const loose = structuredClone(things);
    loose.spec.preserveUnknownFields = true;
    const planned = planStatus(loose, [], now);
    assert.equal(
      planned && findCondition(planned, "NonStructuralSchema")?.message,
      "spec.preserveUnknownFields: Invalid value: true: must be false",
    );
    const mended = structuredClone(planned ?? loose);
    mended.spec.preserveUnknownFields = false;
    const again = planStatus(mended, [], now);
    assert.ok(again);
    assert.equal(findCondition(again, "NonStructuralSchema"), undefined);
  });

  test("speaks of approval in protected groups", () => {
    const protectedOne = definition({ plural: "things", kind: "Thing" }, "x.k8s.io", {
      metadata: { name: "things.x.k8s.io", annotations: { "api-approved.kubernetes.io": "unapproved, for a test" } },
    });
    const planned = planStatus(protectedOne, [], now);
    const condition = planned && findCondition(planned, "KubernetesAPIApprovalPolicyConformant");
    assert.deepEqual([condition?.status, condition?.reason], ["False", "UnapprovedAnnotation"]);
  });
});
