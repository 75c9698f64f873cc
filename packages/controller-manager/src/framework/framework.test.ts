import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ObjectMeta, OwnerReference } from "@kube-ts/api/meta/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { selectorFromSet } from "@kube-ts/api/selectors";
import { planClaim } from "./adoption.ts";
import type { Claim } from "./adoption.ts";
import { controllers } from "../controllers.ts";
import { selectControllers } from "./controller-selection.ts";
import type { ControllerDefinition } from "./controller.ts";
import { slowStart } from "./slow-start.ts";

const deletionTimestamp = "2026-01-01T00:00:00Z";

describe("claiming a child", () => {
  const reference = (uid: string): OwnerReference => ({
    apiVersion: "v1",
    kind: "X",
    name: "x",
    uid,
    controller: true,
  });
  const child = (labels: Record<string, string>, metadata: ObjectMeta = {}): KubeObject => ({
    metadata: { name: "c", labels, ...metadata },
  });
  const fits = { app: "a" };
  const ours = { ownerReferences: [reference("owner")] };
  const theirs = { ownerReferences: [reference("other")] };
  const cases: [string, KubeObject, ObjectMeta, Claim][] = [
    ["ours, and fits", child(fits, ours), {}, "own"],
    ["ours, and no longer fits", child({}, ours), {}, "release"],
    ["ours, and we go ourselves", child({}, ours), { deletionTimestamp }, "own"],
    ["somebody else's", child(fits, theirs), {}, "ignore"],
    ["nobody's, and fits", child(fits), {}, "adopt"],
    ["nobody's, and does not fit", child({}), {}, "ignore"],
    ["nobody's, but goes", child(fits, { deletionTimestamp }), {}, "ignore"],
    ["nobody's, but we go", child(fits), { deletionTimestamp }, "ignore"],
  ];
  for (const [name, given, metadata, expected] of cases) {
    test(name, () => {
      const owner = { metadata: { name: "x", uid: "owner", ...metadata } };
      assert.equal(planClaim(given, owner, selectorFromSet(fits)), expected);
    });
  }
});

describe("which controllers run", () => {
  const all = ["a", "b", "c"].map((name): ControllerDefinition => ({
    name,
    serviceAccount: name,
    create: () => ({ run: () => Promise.resolve() }),
  }));
  const names = (selectors: string[]) => selectControllers(all, selectors).map(({ name }) => name);
  const cases: [string[], string[]][] = [
    [["*"], ["a", "b", "c"]],
    [
      ["*", "-b"],
      ["a", "c"],
    ],
    [
      ["c", "a"],
      ["a", "c"],
    ],
    [["-a"], []],
    [[], []],
  ];
  for (const [selectors, expected] of cases) {
    test(selectors.join(",") || "none", () => assert.deepEqual(names(selectors), expected));
  }
  test("the names of former times are taken", () => {
    const selectors = ["*", "-resourcequota", "-pvc-protection"];
    const left = new Set(selectControllers(controllers, selectors).map(({ name }) => name));
    const usual = selectControllers(controllers, ["*"]).map(({ name }) => name);
    const gone = usual.filter((name) => !left.has(name));
    assert.deepEqual(gone, ["resourcequota-controller", "persistentvolumeclaim-protection-controller"]);
  });
  test("one that is off by default runs only when it is named", () => {
    const chosen = (selectors: string[]) => selectControllers(controllers, selectors).map(({ name }) => name);
    const quiet = ["bootstrap-signer-controller", "token-cleaner-controller"];
    assert.deepEqual(
      chosen(["*", "bootstrapsigner", "tokencleaner"]).filter((name) => !chosen(["*"]).includes(name)),
      quiet,
    );
  });
  test("one that does not exist is an error", () => {
    assert.throws(() => names(["*", "-z"]), { message: '"z" is not in the list of known controllers' });
  });
});

describe("a slow start", () => {
  async function run(count: number, failAt = Infinity): Promise<{ calls: number; succeeded: number; failed: boolean }> {
    let calls = 0;
    const { succeeded, error } = await slowStart(count, async () => {
      calls += 1;
      if (calls >= failAt) throw new Error("quota");
    });
    return { calls, succeeded, failed: error !== undefined };
  }
  const cases: [number, number, { calls: number; succeeded: number; failed: boolean }][] = [
    [0, Infinity, { calls: 0, succeeded: 0, failed: false }],
    [10, Infinity, { calls: 10, succeeded: 10, failed: false }],
    [500, 1, { calls: 1, succeeded: 0, failed: true }],
    [500, 3, { calls: 3, succeeded: 2, failed: true }],
    [500, 5, { calls: 7, succeeded: 4, failed: true }],
  ];
  for (const [count, failAt, expected] of cases) {
    test(`of ${count}, failing from ${failAt} on`, async () => assert.deepEqual(await run(count, failAt), expected));
  }
});
