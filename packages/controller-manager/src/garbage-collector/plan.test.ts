import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ObjectMeta, OwnerReference } from "@kube-ts/api/meta/v1";
import { planCollection, verdictOn } from "./plan.ts";
import type { Candidate, Collection, OwnerVerdict } from "./plan.ts";

const reference = (uid: string): OwnerReference => ({ apiVersion: "v1", kind: "ConfigMap", name: uid, uid });
const [a, b] = [reference("a"), reference("b")];

function candidate(verdicts: [OwnerReference, OwnerVerdict][], rest: Partial<Candidate> = {}): Candidate {
  return { metadata: {}, verdicts: new Map(verdicts), hasDependents: false, hasWaitingDependents: false, ...rest };
}

const remove = (propagation: "Background" | "Foreground" | "Orphan", unblock = false): Collection => ({
  kind: "delete",
  propagation,
  unblock,
});

describe("what becomes of an object", () => {
  const cases: [string, Candidate, Collection][] = [
    ["no owners", candidate([]), { kind: "keep" }],
    ["its owner is there", candidate([[a, "solid"]]), { kind: "keep" }],
    ["its owner is gone", candidate([[a, "absent"]]), remove("Background")],
    [
      "all owners are gone",
      candidate([
        [a, "absent"],
        [b, "absent"],
      ]),
      remove("Background"),
    ],
    [
      "one of two is gone",
      candidate([
        [a, "absent"],
        [b, "solid"],
      ]),
      { kind: "dropOwners", remaining: [b] },
    ],
    [
      "one waits, one stays",
      candidate([
        [a, "waiting"],
        [b, "solid"],
      ]),
      { kind: "dropOwners", remaining: [b] },
    ],
    ["its owner waits", candidate([[a, "waiting"]]), remove("Background")],
    [
      "its owner waits and it has dependents",
      candidate([[a, "waiting"]], { hasDependents: true }),
      remove("Foreground"),
    ],
    [
      "owners in a circle",
      candidate([[a, "waiting"]], { hasDependents: true, hasWaitingDependents: true }),
      remove("Foreground", true),
    ],
    ["it keeps its orphans", candidate([[a, "absent"]], { metadata: { finalizers: ["orphan"] } }), remove("Orphan")],
    [
      "it takes its dependents along",
      candidate([[a, "absent"]], { metadata: { finalizers: ["foregroundDeletion"] } }),
      remove("Foreground"),
    ],
  ];
  for (const [name, given, expected] of cases) test(name, () => assert.deepEqual(planCollection(given), expected));
});

describe("what an owner is", () => {
  const deletionTimestamp = "2026-01-01T00:00:00Z";
  const cases: [string, ObjectMeta | undefined, OwnerVerdict][] = [
    ["not found", undefined, "absent"],
    ["another of the same name", { uid: "other" }, "absent"],
    ["there", { uid: "a", finalizers: ["foregroundDeletion"] }, "solid"],
    ["being deleted for another reason", { uid: "a", deletionTimestamp, finalizers: ["x"] }, "solid"],
    ["waiting for its dependents", { uid: "a", deletionTimestamp, finalizers: ["foregroundDeletion"] }, "waiting"],
  ];
  for (const [name, found, expected] of cases) test(name, () => assert.equal(verdictOn(a, found), expected));
});
