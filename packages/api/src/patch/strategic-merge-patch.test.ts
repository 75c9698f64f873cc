import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as fc from "fast-check";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import { type JsonObject, cloneJson } from "../json-value.ts";
import { typeById } from "../schema-registry.ts";
import { findApiError } from "../status-error.ts";
import { createThreeWayMergePatch, createTwoWayMergePatch, patchesConflict } from "./strategic-merge-diff.ts";
import { applyStrategicMergePatch } from "./strategic-merge-patch.ts";

const deployment = typeById("apps/v1.Deployment");
const pod = typeById("core/v1.Pod");
const podSpec = (spec: JsonObject): JsonObject => ({ spec });

suite("applying a strategic merge patch", () => {
  const cases: [what: string, object: JsonObject, patch: JsonObject, result: JsonObject][] = [
    [
      "lists are merged by their key, the patch's elements first",
      podSpec({
        containers: [
          { name: "a", image: "1" },
          { name: "b", image: "1" },
        ],
      }),
      podSpec({ containers: [{ name: "b", image: "2" }, { name: "c" }] }),
      podSpec({ containers: [{ name: "a", image: "1" }, { name: "b", image: "2" }, { name: "c" }] }),
    ],
    [
      "an element can be deleted",
      podSpec({ containers: [{ name: "a" }, { name: "b" }] }),
      podSpec({ containers: [{ name: "a", $patch: "delete" }] }),
      podSpec({ containers: [{ name: "b" }] }),
    ],
    [
      "a list can be replaced",
      podSpec({ containers: [{ name: "a" }, { name: "b" }] }),
      podSpec({ containers: [{ name: "c" }, { $patch: "replace" }] }),
      podSpec({ containers: [{ name: "c" }] }),
    ],
    [
      "an object can be replaced",
      podSpec({ securityContext: { runAsUser: 1, runAsGroup: 2 } }),
      podSpec({ securityContext: { $patch: "replace", runAsUser: 3 } }),
      podSpec({ securityContext: { runAsUser: 3 } }),
    ],
    [
      "an object can be emptied",
      podSpec({ securityContext: { runAsUser: 1 } }),
      podSpec({ securityContext: { $patch: "delete" } }),
      podSpec({ securityContext: {} }),
    ],
    [
      "null removes a field",
      podSpec({ nodeName: "a", hostname: "b" }),
      podSpec({ nodeName: null, subdomain: null }),
      podSpec({ hostname: "b" }),
    ],
    [
      "lists without a merge strategy are replaced",
      podSpec({ tolerations: [{ key: "a" }] }),
      podSpec({ tolerations: [{ key: "b" }] }),
      podSpec({ tolerations: [{ key: "b" }] }),
    ],
    [
      "sets of scalars are joined",
      { metadata: { finalizers: ["a", "b"] } },
      { metadata: { finalizers: ["c", "b"] } },
      { metadata: { finalizers: ["c", "a", "b"] } },
    ],
    [
      "scalars can be taken out of a set",
      { metadata: { finalizers: ["a", "b", "c"] } },
      { metadata: { "$deleteFromPrimitiveList/finalizers": ["b"] } },
      { metadata: { finalizers: ["a", "c"] } },
    ],
    [
      "the order can be given",
      podSpec({ containers: [{ name: "a" }, { name: "server" }, { name: "b" }] }),
      podSpec({
        "$setElementOrder/containers": [{ name: "b" }, { name: "a" }],
        containers: [{ name: "b", image: "x" }],
      }),
      podSpec({ containers: [{ name: "server" }, { name: "b", image: "x" }, { name: "a" }] }),
    ],
    [
      "only fields that are listed are kept",
      podSpec({ volumes: [{ name: "v", emptyDir: {} }] }),
      podSpec({ volumes: [{ name: "v", hostPath: { path: "/" }, $retainKeys: ["name", "hostPath"] }] }),
      podSpec({ volumes: [{ name: "v", hostPath: { path: "/" } }] }),
    ],
    [
      "maps are merged, and selectors replaced",
      { metadata: { labels: { a: "1", b: "1" } } },
      { metadata: { labels: { b: "2", a: null } } },
      { metadata: { labels: { b: "2" } } },
    ],
    [
      "directives below what is new are carried out",
      {},
      podSpec({ securityContext: { $retainKeys: ["runAsUser"], runAsUser: 1, runAsGroup: null } }),
      podSpec({ securityContext: { runAsUser: 1 } }),
    ],
    [
      "nested lists are merged by their keys too",
      podSpec({
        containers: [
          {
            name: "a",
            env: [
              { name: "X", value: "1" },
              { name: "Y", value: "1" },
            ],
          },
        ],
      }),
      podSpec({
        containers: [
          {
            name: "a",
            env: [
              { name: "Y", value: "2" },
              { name: "X", $patch: "delete" },
            ],
          },
        ],
      }),
      podSpec({ containers: [{ name: "a", env: [{ name: "Y", value: "2" }] }] }),
    ],
  ];
  for (const [what, object, patch, result] of cases) {
    test(what, () => {
      const [objectBefore, patchBefore] = [cloneJson(object), cloneJson(patch)];
      assert.deepEqual(applyStrategicMergePatch(pod, object, patch), result);
      assert.deepEqual([object, patch], [objectBefore, patchBefore]);
    });
  }

  const refused: [what: string, patch: unknown, code: number, message: string][] = [
    ["an unknown directive", podSpec({ $patch: "nope" }), 500, "unknown patch type: nope in map: map[$patch:nope]"],
    [
      "an element without its key",
      podSpec({ containers: [{ image: "x" }] }),
      500,
      "map: map[image:x] does not contain declared merge key: name",
    ],
    [
      "a list that is not all of one kind",
      podSpec({ containers: [{ name: "a" }, "b"] }),
      500,
      "list element types are not identical: [[map[name:a]] [map[name:a] b]]",
    ],
    [
      "a list of lists",
      podSpec({ containers: [[]] }),
      422,
      "the server rejected our request due to an error in our request",
    ],
    [
      "keys to keep that miss one",
      podSpec({ $retainKeys: ["a"], nodeName: "x" }),
      400,
      "invalid patch format of retainKeys",
    ],
    [
      "a directive without a list",
      podSpec({ $deleteFromPrimitiveList: [] }),
      400,
      "invalid patch format of primitive list",
    ],
    [
      "a patch that is no object",
      [],
      400,
      "error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}",
    ],
  ];
  for (const [what, patch, code, message] of refused) {
    test(`${what} is refused`, () => {
      assert.throws(
        () => applyStrategicMergePatch(pod, podSpec({ containers: [{ name: "a" }] }), patch),
        (error) => findApiError(error)?.code === code && findApiError(error)?.message === message,
      );
    });
  }

  test("the prototype cannot be reached", () => {
    const patched = applyStrategicMergePatch(
      pod,
      {},
      JSON.parse('{"metadata":{"labels":{"__proto__":"x"}},"__proto__":{"polluted":1}}'),
    );
    assert.equal(JSON.stringify(patched), '{"metadata":{"labels":{"__proto__":"x"}},"__proto__":{"polluted":1}}');
    assert.equal("polluted" in {}, false);
  });
});

suite("creating strategic merge patches", () => {
  const original = {
    spec: {
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1 } },
      template: {
        spec: { containers: [{ name: "a", image: "x" }, { name: "b" }], volumes: [{ name: "v", emptyDir: {} }] },
      },
    },
  };
  const modified = {
    spec: {
      strategy: { type: "Recreate" },
      template: {
        spec: {
          containers: [{ name: "c" }, { name: "a", image: "x2" }],
          volumes: [{ name: "v", hostPath: { path: "/" } }],
        },
      },
    },
  };
  const current = {
    spec: {
      replicas: 3,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1 } },
      template: {
        spec: {
          containers: [{ name: "a", image: "x", resources: {} }, { name: "side" }, { name: "b" }],
          volumes: [{ name: "v", emptyDir: {} }],
        },
      },
    },
  };

  test("a three-way patch is upstream's", () => {
    assert.deepEqual(createThreeWayMergePatch(deployment, original, modified, current), {
      spec: {
        strategy: { $retainKeys: ["type"], rollingUpdate: null, type: "Recreate" },
        template: {
          spec: {
            "$setElementOrder/containers": [{ name: "c" }, { name: "a" }],
            "$setElementOrder/volumes": [{ name: "v" }],
            containers: [{ name: "c" }, { image: "x2", name: "a" }, { $patch: "delete", name: "b" }],
            volumes: [{ $retainKeys: ["hostPath", "name"], emptyDir: null, hostPath: { path: "/" }, name: "v" }],
          },
        },
      },
    });
  });

  test("applied, it leaves what others have added", () => {
    const patch = createThreeWayMergePatch(deployment, original, modified, current);
    assert.deepEqual(applyStrategicMergePatch(deployment, current, patch), {
      spec: {
        replicas: 3,
        strategy: { type: "Recreate" },
        template: {
          spec: {
            containers: [{ name: "c" }, { name: "a", image: "x2", resources: {} }, { name: "side" }],
            volumes: [{ name: "v", hostPath: { path: "/" } }],
          },
        },
      },
    });
  });

  test("nothing to do is an empty patch", () => {
    assert.deepEqual(
      createThreeWayMergePatch(deployment, modified, modified, { ...modified, status: { replicas: 1 } }),
      {},
    );
  });

  test("an unknown field that differs cannot be compared", () => {
    assert.throws(() => createTwoWayMergePatch(deployment, { spec: { foo: { a: 1 } } }, { spec: { foo: { a: 2 } } }), {
      message: 'unable to find api field in struct DeploymentSpec for the json field "foo"',
    });
  });

  test("conflicts are different values for one field", () => {
    const replicas = (count: number) => ({ spec: { replicas: count } });
    assert.equal(patchesConflict(deployment, replicas(1), replicas(2)), true);
    assert.equal(patchesConflict(deployment, replicas(1), replicas(1)), false);
    assert.equal(patchesConflict(deployment, replicas(1), { metadata: {} }), false);
    const image = (name: string, value: string) => ({
      spec: { template: { spec: { containers: [{ name, image: value }] } } },
    });
    assert.equal(patchesConflict(deployment, image("a", "1"), image("b", "2")), false);
    assert.equal(patchesConflict(deployment, image("a", "1"), image("a", "2")), true);
  });

  const name = fc.constantFrom("a", "b", "c", "d");
  const env = fc.uniqueArray(fc.record({ name, value: fc.string() }), { selector: (item) => item.name, maxLength: 3 });
  const containers = fc.uniqueArray(fc.record({ name, image: fc.string(), env }, { requiredKeys: ["name"] }), {
    selector: (item) => item.name,
    minLength: 1,
    maxLength: 4,
  });
  const volumes = fc.uniqueArray(
    fc.oneof(
      fc.record({ name, emptyDir: fc.constant({}) }),
      fc.record({ name, hostPath: fc.record({ path: fc.string() }) }),
    ),
    { selector: (item) => item.name, minLength: 1, maxLength: 3 },
  );
  const pods = fc
    .record({
      metadata: fc.record({
        labels: fc.dictionary(name, fc.string(), { noNullPrototype: true }),
        finalizers: fc.uniqueArray(name, { minLength: 1 }),
      }),
      spec: fc.record({ containers, volumes, tolerations: fc.array(fc.record({ key: fc.string() })) }),
    })
    .map((value) => cloneJson<JsonObject>(value));

  test("a two-way patch makes one object of the other", () => {
    checkProperty(
      fc.property(pods, pods, (before, after) => {
        const patch = createTwoWayMergePatch(pod, before, after);
        assert.deepEqual(applyStrategicMergePatch(pod, before, patch), after);
      }),
      { share: 3 },
    );
  });

  test("a three-way patch makes the wanted object of one that nobody else has changed", () => {
    checkProperty(
      fc.property(pods, pods, (before, after) => {
        const patch = createThreeWayMergePatch(pod, before, after, before);
        assert.deepEqual(applyStrategicMergePatch(pod, before, patch), after);
      }),
      { share: 3 },
    );
  });
});
