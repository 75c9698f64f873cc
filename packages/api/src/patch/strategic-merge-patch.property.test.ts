import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import { groupVersionSources } from "../group-versions.ts";
import { type JsonObject, cloneJson, isJsonObject, setOwn } from "../json-value.ts";
import { arbitraryObject } from "../protobuf/testing/arbitrary-object.ts";
import { objectTypesOf, typeById } from "../schema-registry.ts";
import { findApiError } from "../status-error.ts";
import { mayBeSameElement, withDistinctElements } from "../testing/distinct-elements.ts";
import { createThreeWayMergePatch, createTwoWayMergePatch, patchesConflict } from "./strategic-merge-diff.ts";
import { applyStrategicMergePatch } from "./strategic-merge-patch.ts";

/** Numbers that decide how two objects are mixed. */
type Choices = readonly number[];

/** An object that has something of both: fields of either, elements of either in any order, and some of both. */
class Mixer {
  readonly #choices: Choices;
  #at = 0;

  constructor(choices: Choices) {
    this.#choices = choices;
  }

  mix(a: unknown, b: unknown): unknown {
    if (isJsonObject(a) && isJsonObject(b)) return this.#objects(a, b);
    if (Array.isArray(a) && Array.isArray(b)) return this.#lists(a, b);
    return this.#choose(2) === 0 ? a : b;
  }

  #objects(a: JsonObject, b: JsonObject): JsonObject {
    const mixed: JsonObject = {};
    for (const key of Object.keys(a)) {
      if (Object.hasOwn(b, key)) setOwn(mixed, key, this.mix(a[key], b[key]));
      else if (this.#choose(2) === 0) setOwn(mixed, key, a[key]);
    }
    for (const key of Object.keys(b)) {
      if (!Object.hasOwn(a, key) && this.#choose(2) === 0) setOwn(mixed, key, b[key]);
    }
    return mixed;
  }

  /** At least one element: an empty list is no list to a patch. */
  #lists(a: readonly unknown[], b: readonly unknown[]): unknown[] {
    const mixed: unknown[] = [];
    for (const [index, item] of [
      ...a,
      ...b.filter((other) => !a.some((own) => mayBeSameElement(own, other))),
    ].entries()) {
      const choice = this.#choose(4);
      if (choice === 0 && mixed.length > 0) continue;
      const edited = choice === 1 && index < a.length ? this.#edited(item, b[0]) : item;
      mixed.splice(this.#choose(mixed.length + 1), 0, edited);
    }
    return mixed;
  }

  /** The item with its scalars, its key among them, and lists and objects of another one. */
  #edited(item: unknown, other: unknown): unknown {
    if (!isJsonObject(item) || !isJsonObject(other)) return item;
    const isInner = (value: unknown) => typeof value === "object" && value !== null;
    return Object.fromEntries([
      ...Object.entries(item).filter(([, value]) => !isInner(value) || this.#choose(2) === 0),
      ...Object.entries(other).filter(
        ([key, value]) => isInner(value) && !(Object.hasOwn(item, key) && !isInner(item[key])),
      ),
    ] as [string, unknown][]);
  }

  #choose(count: number): number {
    this.#at += 1;
    return (this.#choices[this.#at % this.#choices.length] ?? 0) % count;
  }
}

const choices = fc.array(fc.nat({ max: 1000 }), { minLength: 5, maxLength: 40 });

/** Elements without the field by which they are told apart cannot be merged, as upstream says. */
function isUnmergeable(error: unknown): boolean {
  return /does not contain declared merge key/.test(findApiError(error)?.message ?? "");
}

suite("objects of every kind", () => {
  for (const source of groupVersionSources) {
    test(`of ${source.directory} become each other by their patch`, () => {
      for (const type of objectTypesOf(source).filter(({ isTopLevel }) => isTopLevel)) {
        const property = fc.property(arbitraryObject(type), arbitraryObject(type), choices, (one, other, numbers) => {
          const [a, b] = [withDistinctElements(one) as JsonObject, withDistinctElements(other)];
          const [before, after] = [a, cloneJson(new Mixer(numbers).mix(a, b)) as JsonObject];
          try {
            const patch = createTwoWayMergePatch(type, before, after);
            assert.deepEqual(applyStrategicMergePatch(type, before, patch), after, type.id);
            assert.deepEqual(createTwoWayMergePatch(type, after, after), {}, type.id);
            const declared = createThreeWayMergePatch(type, before, after, before);
            assert.deepEqual(applyStrategicMergePatch(type, before, declared), after, type.id);
            assert.equal(patchesConflict(type, patch, patch), false, type.id);
          } catch (error) {
            if (!isUnmergeable(error)) throw error;
          }
        });
        checkProperty(property, { share: 0.05 });
      }
    });
  }
});

interface Container {
  readonly name: string;
  readonly image?: string;
  readonly tty?: boolean;
}

const pod = typeById("core/v1.Pod");
const name: fc.Arbitrary<string> = fc.constantFrom("a", "b", "c", "d", "e", "constructor");
const byName = { selector: ({ name: own }: { readonly name: string }) => own, maxLength: 5 };
const containers: fc.Arbitrary<Container[]> = fc.uniqueArray(
  fc.record(
    { name, image: fc.constantFrom("x", "y"), tty: fc.boolean() },
    { requiredKeys: ["name"], noNullPrototype: true },
  ),
  byName,
);
const changes = fc.uniqueArray(
  fc.oneof(
    fc.record(
      { name, image: fc.constantFrom("x", "z", null), tty: fc.boolean() },
      { requiredKeys: ["name"], noNullPrototype: true },
    ),
    fc.record({ name, $patch: fc.constant("delete") }),
  ),
  byName,
);

const withContainers = (list: readonly object[]) => ({ spec: { containers: list } });
const containersOf = (object: JsonObject) => (object["spec"] as { containers?: Container[] }).containers ?? [];
const namesOf = (list: readonly { readonly name: string }[]) => list.map((item) => item.name);
const keepsOrder = (list: readonly string[], order: readonly string[]) => {
  const wanted = order.filter((item) => list.includes(item));
  return list.filter((item) => wanted.includes(item)).every((item, index) => item === wanted[index]);
};

function patchedContainers(list: readonly Container[], patch: readonly JsonObject[]): Map<string, JsonObject> {
  const result = new Map<string, JsonObject>(list.map((item) => [item.name, { ...item }]));
  for (const change of patch) {
    const own = String(change["name"]);
    if (change["$patch"] === "delete") result.delete(own);
    else {
      const merged = { ...result.get(own), ...change };
      result.set(own, Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null)));
    }
  }
  return result;
}

suite("a list with keys", () => {
  test("is merged element by element, and each side keeps its order", () => {
    checkProperty(
      fc.property(containers, changes, (list, patch) => {
        fc.pre(list.length > 0);
        const result = containersOf(applyStrategicMergePatch(pod, withContainers(list), withContainers(patch)));
        assert.deepEqual(new Map(result.map((item) => [item.name, item])), patchedContainers(list, patch));
        const kept = patch.filter((change) => !("$patch" in change));
        assert.ok(keepsOrder(namesOf(result), namesOf(kept)), "the order of the patch");
        const others = namesOf(list).filter((own) => !namesOf(kept).includes(own));
        assert.ok(keepsOrder(namesOf(result), others), "the order of the server");
      }),
      { share: 3 },
    );
  });

  test("takes the order that it is asked for", () => {
    checkProperty(
      fc.property(containers, fc.uniqueArray(name, { maxLength: 6 }), (list, order) => {
        const wanted = order.map((own) => ({ name: own }));
        const patch = { spec: { "$setElementOrder/containers": wanted } };
        const result = namesOf(containersOf(applyStrategicMergePatch(pod, withContainers(list), patch)));
        assert.deepEqual(result.toSorted(), namesOf(list).toSorted());
        assert.ok(keepsOrder(result, order));
        assert.ok(
          keepsOrder(
            result,
            namesOf(list).filter((own) => !order.includes(own)),
          ),
        );
      }),
      { share: 2 },
    );
  });

  test("is replaced as a whole when the patch says so", () => {
    checkProperty(
      fc.property(containers, containers, (list, wanted) => {
        const patch = withContainers([{ $patch: "replace" }, ...wanted]);
        const result = containersOf(applyStrategicMergePatch(pod, withContainers(list), patch));
        assert.deepEqual(result, wanted);
      }),
    );
  });
});

suite("directives", () => {
  const words = fc.uniqueArray(fc.constantFrom("p", "q", "r", "s"), { maxLength: 4 });

  test("scalars are joined, and deleted by name", () => {
    checkProperty(
      fc.property(words, words, words, (list, added, removed) => {
        fc.pre(list.length > 0);
        const patch = { metadata: { finalizers: added, "$deleteFromPrimitiveList/finalizers": removed } };
        const result = applyStrategicMergePatch(pod, { metadata: { finalizers: list } }, patch);
        const found = (result["metadata"] as { finalizers: string[] }).finalizers;
        assert.equal(new Set(found).size, found.length);
        const joined = new Set([...list, ...added]);
        assert.deepEqual(new Set(found), joined.difference(new Set(removed)));
      }),
      { share: 2 },
    );
  });

  test("fields that are not to be retained go, and others stay", () => {
    const fields = fc.uniqueArray(fc.constantFrom("type", "rollingUpdate"), { maxLength: 2 });
    const strategy = { type: "RollingUpdate", rollingUpdate: { maxSurge: 1 } };
    const deployment = typeById("apps/v1.Deployment");
    checkProperty(
      fc.property(fields, (kept) => {
        const patch = { spec: { strategy: { $retainKeys: kept } } };
        const result = applyStrategicMergePatch(deployment, { spec: { strategy } }, patch);
        const left = Object.keys((result["spec"] as { strategy: object }).strategy);
        assert.deepEqual(left.toSorted(), kept.toSorted());
      }),
      { share: 0.3 },
    );
  });

  test("whatever they are, a patch is applied or refused with a Status", () => {
    const odd = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: "small", maxDepth: 4 },
        fc.constantFrom<unknown>(null, 1, "x", "delete", "replace", "merge", true),
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(
          fc.constantFrom(
            "spec",
            "metadata",
            "containers",
            "finalizers",
            "labels",
            "name",
            "$patch",
            "$retainKeys",
            "$setElementOrder/containers",
            "$deleteFromPrimitiveList/finalizers",
            "$setElementOrder",
            "__proto__",
            "constructor",
          ),
          tie("value"),
          { maxKeys: 4 },
        ),
      ),
    })).value;
    const base = { metadata: { labels: { a: "b" }, finalizers: ["x"] }, spec: { containers: [{ name: "a" }] } };
    checkProperty(
      fc.property(odd, (patch) => {
        const before = cloneJson(base);
        try {
          assert.ok(isJsonObject(applyStrategicMergePatch(pod, before, patch)));
        } catch (error) {
          assert.ok(findApiError(error), String(error));
        }
        assert.deepEqual(before, base);
        assert.deepEqual(Object.keys(Object.prototype), []);
      }),
      { share: 10 },
    );
  });
});
