import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import { groupVersionSources } from "../group-versions.ts";
import type { JsonObject } from "../json-value.ts";
import { arbitraryObject } from "../protobuf/testing/arbitrary-object.ts";
import { objectTypesOf } from "../schema-registry.ts";
import { withDistinctElements } from "../testing/distinct-elements.ts";
import { type ApplySchema, deducedSchema, mapSchema } from "./apply-schema.ts";
import { applyConfiguration } from "./apply-configuration.ts";
import { ApplyConflictError } from "./conflict.ts";
import { allFields } from "./field-filter.ts";
import { FieldSet, decodeFieldSet } from "./field-set.ts";
import { fieldSetOf } from "./field-set-of.ts";
import { TypedValueError } from "./list-element.ts";
import { type ManagerEntry, isSameManager, managedFieldsJson, parseEntries } from "./managed-fields.ts";
import { type PathElement, pathText } from "./path-element.ts";
import { schemaOfType } from "./schema-of-type.ts";
import { anyFieldSet, anySample, sampleSchema } from "./testing/arbitrary-fields.ts";
import { validateTyped } from "./validate-typed.ts";
import { trackUpdate } from "./track-change.ts";
import type { VersionedObject } from "./versioned-object.ts";

describe("sets of fields", () => {
  const textsOf = (set: FieldSet) => new Set([...set.paths()].map(keyOf));
  const keyOf = (path: readonly PathElement[]) => JSON.stringify(path);
  const isBelow = (path: readonly PathElement[], other: readonly PathElement[]) =>
    other.length <= path.length && other.every((element, index) => element === path[index]);
  const filtered = (set: FieldSet, keep: (path: readonly PathElement[]) => boolean) =>
    new Set([...set.paths()].filter(keep).map(keyOf));

  test("are sets of paths", () => {
    checkProperty(
      fc.property(anyFieldSet, anyFieldSet, (a, b) => {
        const [left, right] = [textsOf(a), textsOf(b)];
        const others = [...b.paths()];
        assert.deepEqual(textsOf(a.union(b)), left.union(right));
        assert.deepEqual(textsOf(a.intersection(b)), left.intersection(right));
        assert.deepEqual(textsOf(a.difference(b)), left.difference(right));
        assert.deepEqual(
          textsOf(a.recursiveDifference(b)),
          filtered(a, (path) => !others.some((other) => isBelow(path, other))),
        );
        assert.deepEqual(
          textsOf(a.leaves()),
          filtered(a, (path) => ![...a.paths()].some((other) => other.length > path.length && isBelow(other, path))),
        );
        assert.equal(a.equals(b), left.symmetricDifference(right).size === 0);
        assert.equal(a.size, left.size);
      }),
      { share: 3 },
    );
  });

  test("are written in one way, whatever the order in which they were made", () => {
    checkProperty(
      fc.property(anyFieldSet, fc.infiniteStream(fc.nat()), (set, numbers) => {
        const shuffled = [...set.paths()]
          .map((path) => ({ path, at: numbers.next().value ?? 0 }))
          .toSorted((a, b) => a.at - b.at);
        assert.equal(FieldSet.of(...shuffled.map(({ path }) => path)).toJson(), set.toJson());
        assert.equal(decodeFieldSet(set.toJson()).toJson(), set.toJson());
      }),
      { share: 2 },
    );
  });
});

/** What an object of texts by key is, and who owns which key. */
class Model {
  readonly values = new Map<string, string>();
  readonly owners = new Map<string, Set<string>>();

  ownersOf(key: string): Set<string> {
    const known = this.owners.get(key) ?? new Set();
    this.owners.set(key, known);
    return known;
  }

  /** False where others own what would change, and nobody forces it. */
  apply(manager: string, config: ReadonlyMap<string, string>, force: boolean): boolean {
    const changed = [...config].filter(([key, value]) => this.values.get(key) !== value).map(([key]) => key);
    const isOthers = (key: string) => [...this.ownersOf(key)].some((owner) => owner !== manager);
    if (!force && changed.some(isOthers)) return false;
    for (const key of changed) this.ownersOf(key).clear();
    for (const [key, value] of config) {
      this.values.set(key, value);
      this.ownersOf(key).add(manager);
    }
    for (const [key, owners] of this.owners) {
      if (config.has(key) || !owners.delete(manager) || owners.size > 0) continue;
      this.values.delete(key);
    }
    return true;
  }

  update(manager: string, object: ReadonlyMap<string, string>): void {
    for (const key of this.values.keys()) {
      if (object.has(key)) continue;
      this.ownersOf(key).clear();
      this.values.delete(key);
    }
    for (const [key, value] of object) {
      if (this.values.get(key) === value) continue;
      this.values.set(key, value);
      this.ownersOf(key).clear();
      this.ownersOf(key).add(manager);
    }
  }

  /** `owner key`, of all. */
  get ownership(): string[] {
    return [...this.owners].flatMap(([key, owners]) => [...owners].map((owner) => `${owner} ${key}`)).toSorted();
  }
}

interface Step {
  readonly kind: "apply" | "force" | "update";
  readonly manager: string;
  /** The members of the object. */
  readonly values: ReadonlyMap<string, unknown>;
}

const entriesOf = (object: Readonly<Record<string, unknown>>) => new Map(Object.entries(object));

// Names of the prototype are ordinary keys.
const key = fc.constantFrom("a", "b", "constructor", "__proto__", "x/y");
const values = fc
  .array(fc.tuple(key, fc.constantFrom("1", "2")), { maxLength: 4 })
  .map((entries): ReadonlyMap<string, string> => new Map(entries));
const steps: fc.Arbitrary<readonly (Step & { readonly values: ReadonlyMap<string, string> })[]> = fc.array(
  fc.record({
    kind: fc.constantFrom<Step["kind"]>("apply", "force", "update"),
    manager: fc.constantFrom("ann", "bob"),
    values,
  }),
  { minLength: 1, maxLength: 7 },
);

const text = { kind: "scalar", type: "string" } as const;
const declared = (name: string) => ({ name, schema: text });
const schemas: readonly [name: string, schema: ApplySchema][] = [
  ["a map of texts", mapSchema(() => [], { elements: () => text })],
  ["an object without a declared type", deducedSchema],
  ["declared fields", mapSchema(() => ["a", "b", "constructor", "__proto__", "x/y"].map(declared))],
];

interface State {
  readonly value: unknown;
  readonly managers: readonly ManagerEntry[];
}

function take(state: State, schema: ApplySchema, { kind, manager, values: given }: Step): State {
  const object = (value: unknown): VersionedObject => ({ apiVersion: "v1", schema, value });
  const asked = Object.fromEntries(given);
  const parts = { convert: () => undefined, filter: allFields };
  if (kind === "update") {
    const writer = {
      manager,
      operation: "Update",
      apiVersion: "v1",
      subresource: "",
      time: "2026-01-01T00:00:00Z",
    } as const;
    const change = { before: object(state.value), after: object(asked), ...parts };
    return { value: asked, managers: trackUpdate(change, state.managers, writer) };
  }
  const applied = applyConfiguration({
    live: object(state.value),
    config: object(asked),
    managers: state.managers,
    applier: { manager, operation: "Apply", apiVersion: "v1", subresource: "" },
    force: kind === "force",
    ...parts,
  });
  return { value: applied.value ?? state.value, managers: applied.managers };
}

function ownershipOf(managers: readonly ManagerEntry[]): string[] {
  return managers
    .flatMap(({ manager, operation, fields }) =>
      [...fields.set.paths()].map((path) => `${operation} ${manager} ${pathText(path).slice(1)}`),
    )
    .toSorted();
}

describe("any history of applies and updates", () => {
  for (const [name, schema] of schemas) {
    test(`of ${name} leaves the values and owners that the rules give`, () => {
      checkProperty(
        fc.property(steps, (history) => {
          const model = new Model();
          let state: State = { value: {}, managers: [] };
          for (const step of history) {
            const manager = `${step.kind === "update" ? "Update" : "Apply"} ${step.manager}`;
            let isApplied = true;
            if (step.kind === "update") model.update(manager, step.values);
            else isApplied = model.apply(manager, step.values, step.kind === "force");
            if (isApplied) state = take(state, schema, step);
            else assert.throws(() => take(state, schema, step), ApplyConflictError);
            assert.deepEqual(new Map(Object.entries(state.value as object)), model.values);
            assert.deepEqual(ownershipOf(state.managers), model.ownership);
          }
        }),
        { share: 3 },
      );
    });
  }

  test("of all kinds of fields: applying again changes nothing, and the record survives being stored", () => {
    const history = fc.array(
      fc.record({ manager: fc.constantFrom("ann", "bob"), isUpdate: fc.boolean(), object: anySample }),
      { minLength: 1, maxLength: 4 },
    );
    checkProperty(
      fc.property(history, (writes) => {
        let state: State = { value: {}, managers: [] };
        for (const { manager, isUpdate, object } of writes) {
          const given = entriesOf(object);
          const step: Step = { kind: isUpdate ? "update" : "force", manager, values: given };
          state = take(state, sampleSchema, step);
          const stored = managedFieldsJson(state.managers);
          assert.equal(managedFieldsJson(parseEntries(stored === "" ? "[]" : stored)), stored);
          if (isUpdate) continue;
          assert.deepEqual(take(state, sampleSchema, { ...step, kind: "apply" }), state);
          const identity = { manager, operation: "Apply", apiVersion: "v1", subresource: "" } as const;
          const own = state.managers.find((entry) => isSameManager(entry, identity));
          assert.equal(own?.fields.json ?? "{}", fieldSetOf(sampleSchema, object).toJson());
        }
      }),
    );
  });

  test("gives up what an applier leaves out, and only that", () => {
    checkProperty(
      fc.property(anySample, anySample, (mine, others) => {
        const alone = take({ value: {}, managers: [] }, sampleSchema, {
          kind: "apply",
          manager: "ann",
          values: entriesOf(mine),
        });
        const gone = take(alone, sampleSchema, { kind: "apply", manager: "ann", values: new Map() });
        assert.deepEqual([gone.value, gone.managers], [{}, []]);
        const shared = take(alone, sampleSchema, { kind: "force", manager: "bob", values: entriesOf(others) });
        const left = take(shared, sampleSchema, { kind: "apply", manager: "ann", values: new Map() });
        const kept = fieldSetOf(sampleSchema, left.value);
        assert.equal(fieldSetOf(sampleSchema, others).difference(kept).isEmpty, true, "what bob applied is there");
        assert.deepEqual(
          left.managers.map(({ manager }) => manager),
          fieldSetOf(sampleSchema, others).isEmpty ? [] : ["bob"],
        );
      }),
    );
  });
});

/** Elements of lists may be told apart by fields that may be left out; then such objects cannot be applied. */
function lacksKeys(schema: ApplySchema, object: JsonObject): boolean {
  try {
    validateTyped(schema, object, { allowDuplicates: false });
    return false;
  } catch (error) {
    assert.ok(error instanceof TypedValueError, String(error));
    assert.match(error.message, /omits all key fields|duplicate entries/);
    return true;
  }
}

describe("objects of every kind", () => {
  for (const source of groupVersionSources) {
    test(`of ${source.directory} are applied, owned, and given up`, () => {
      for (const type of objectTypesOf(source).filter(({ isTopLevel }) => isTopLevel)) {
        const schema = schemaOfType(type);
        const property = fc.property(arbitraryObject(type), (any) => {
          const object = withDistinctElements(any) as JsonObject;
          if (lacksKeys(schema, object)) return;
          const step: Step = { kind: "apply", manager: "ann", values: entriesOf(object) };
          const applied = take({ value: undefined, managers: [] }, schema, step);
          assert.deepEqual(applied.value, object, type.id);
          const owned = applied.managers[0]?.fields.json ?? "{}";
          assert.equal(owned, fieldSetOf(schema, object).toJson(), type.id);
          assert.equal(decodeFieldSet(owned).toJson(), owned, type.id);
          assert.deepEqual(take(applied, schema, step), applied, type.id);
          const left = take(applied, schema, { ...step, values: new Map() });
          assert.equal(fieldSetOf(schema, left.value).isEmpty, true, type.id);
        });
        checkProperty(property, { share: 0.03 });
      }
    });
  }
});
