import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { PersistentVolumeClaim } from "@kube-ts/api/core/v1";
import type { OwnerReference } from "@kube-ts/api/meta/v1";
import type { ClaimHolder } from "./claims.ts";
import { hasClaimOfEarlierPod, planClaims } from "./claims.ts";
import { isClaimOf } from "./identity.ts";
import { claimTemplate, setOf } from "./testing/set-fixtures.ts";

type Policy = "Retain" | "Delete";

const setWith = (whenDeleted: Policy, whenScaled: Policy, replicas = 3) =>
  setOf({
    replicas,
    volumeClaimTemplates: [claimTemplate("data")],
    persistentVolumeClaimRetentionPolicy: { whenDeleted, whenScaled },
  });

const owner = (kind: string, apiVersion: string, name: string, uid: string, controller?: boolean): OwnerReference => ({
  apiVersion,
  kind,
  name,
  uid,
  ...(controller && { controller, blockOwnerDeletion: true }),
});
const owners: Readonly<Record<string, OwnerReference>> = {
  set: owner("StatefulSet", "apps/v1", "web", "web-uid", true),
  pod: owner("Pod", "v1", "web-0", "pod-uid", true),
  "plain set": owner("StatefulSet", "apps/v1", "web", "web-uid"),
  "plain pod": owner("Pod", "v1", "web-0", "pod-uid"),
  "earlier set": owner("StatefulSet", "apps/v1", "web", "earlier", true),
  "earlier pod": owner("Pod", "v1", "web-0", "earlier", true),
  "other controller": owner("Thing", "x/v1", "t", "t-uid", true),
  other: owner("Thing", "x/v1", "t", "t-uid"),
};
const nameOfOwner = (reference: OwnerReference) =>
  Object.keys(owners).find((name) => JSON.stringify(owners[name]) === JSON.stringify(reference)) ?? "unknown";

const holder: ClaimHolder = { ordinal: 0, podName: "web-0", podUid: "pod-uid" };

function claimWith(...names: readonly string[]): PersistentVolumeClaim {
  const claim = claimTemplate("data-web-0");
  const references = names.map((name) => owners[name] ?? assert.fail(name));
  return { ...claim, metadata: { ...claim.metadata, ownerReferences: references } };
}

const byName = (claim: PersistentVolumeClaim) => new Map([["data-web-0", claim]]);

describe("with whom a claim goes", () => {
  // Policies when the set is deleted and when it shrinks, whether the pod is still wanted, owners before and after.
  const cases: readonly (readonly [Policy, Policy, "wanted" | "condemned", readonly string[], string])[] = [
    ["Retain", "Retain", "wanted", [], "as it is"],
    ["Retain", "Retain", "wanted", ["set"], ""],
    ["Retain", "Retain", "condemned", ["pod", "other"], "other"],
    ["Retain", "Retain", "wanted", ["other controller"], "as it is"],
    ["Delete", "Retain", "wanted", [], "set"],
    ["Delete", "Retain", "wanted", ["set"], "as it is"],
    ["Delete", "Retain", "condemned", ["set"], "as it is"],
    ["Delete", "Retain", "condemned", ["pod"], "set"],
    ["Delete", "Retain", "wanted", ["other"], "other set"],
    ["Delete", "Retain", "wanted", ["plain set"], "set"],
    ["Retain", "Delete", "wanted", [], "as it is"],
    ["Retain", "Delete", "wanted", ["set"], ""],
    ["Retain", "Delete", "condemned", [], "pod"],
    ["Retain", "Delete", "condemned", ["plain pod"], "pod"],
    ["Retain", "Delete", "wanted", ["pod"], ""],
    ["Delete", "Delete", "wanted", [], "set"],
    ["Delete", "Delete", "condemned", ["set"], "pod"],
    ["Delete", "Delete", "wanted", ["pod"], "set"],
    ["Delete", "Delete", "condemned", ["pod"], "as it is"],
    ["Delete", "Delete", "wanted", ["other controller"], "as it is, conflicting"],
    ["Delete", "Delete", "wanted", ["other controller", "set"], "other controller, conflicting"],
    ["Delete", "Delete", "wanted", ["earlier set"], "as it is"],
    ["Delete", "Delete", "condemned", ["earlier pod"], "as it is"],
  ];
  for (const [whenDeleted, whenScaled, place, before, expected] of cases) {
    test(`${whenDeleted}/${whenScaled}, ${place}, owned by ${before.join(" and ") || "nobody"}`, () => {
      const set = setWith(whenDeleted, whenScaled, place === "wanted" ? 3 : 0);
      const { update, create, conflicting } = planClaims(set, holder, byName(claimWith(...before)), true);
      assert.deepEqual(create, []);
      const [claim] = update;
      const after = claim ? (claim.metadata.ownerReferences ?? []).map(nameOfOwner).join(" ") : "as it is";
      const told = expected.replace(/as it is, conflicting/, "as it is");
      assert.equal(conflicting.length > 0 ? `${after}, conflicting` : after, told);
    });
  }
});

describe("claims that are missing", () => {
  const missing = { ...holder, podUid: undefined };

  test("are made from their templates, with the labels of the set", () => {
    const { create } = planClaims(setWith("Retain", "Retain"), missing, new Map(), true);
    assert.deepEqual(create, [
      {
        metadata: { name: "data-web-0", namespace: "ns", labels: { kind: "data", app: "db" } },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
      },
    ]);
  });

  test("go with the set if that is wanted", () => {
    const [claim] = planClaims(setWith("Delete", "Delete"), missing, new Map(), true).create;
    assert.deepEqual(claim?.metadata.ownerReferences?.map(nameOfOwner), ["set"]);
  });

  test("are left alone where nobody asks for them", () => {
    assert.deepEqual(planClaims(setWith("Retain", "Retain"), missing, new Map(), false).create, []);
  });
});

test("a claim that goes is told", () => {
  const claim = claimWith();
  const going = { ...claim, metadata: { ...claim.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" } };
  assert.deepEqual(planClaims(setWith("Retain", "Retain"), holder, byName(going), true).deleting, ["data-web-0"]);
});

test("a new pod waits for claims that go with an earlier one", () => {
  const place = { ...holder, podUid: undefined };
  const waits = (set = setWith("Retain", "Delete"), name = "earlier pod") =>
    hasClaimOfEarlierPod(set, place, byName(claimWith(name)));
  assert.equal(waits(), true);
  assert.equal(waits(setWith("Delete", "Retain")), false);
  assert.equal(waits(setWith("Delete", "Delete"), "set"), false);
  assert.equal(hasClaimOfEarlierPod(setWith("Retain", "Delete"), holder, byName(claimWith("pod"))), false);
});

test("a claim is known by its name", () => {
  const set = setWith("Retain", "Retain");
  const names = ["data-web-0", "data-web-12", "data-web-01", "data-web-", "data-web", "other-web-0", "data-web-x-0"];
  assert.deepEqual(
    names.filter((name) => isClaimOf(set, name)),
    ["data-web-0", "data-web-12"],
  );
});
