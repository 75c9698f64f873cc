import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import { cloneJson } from "../json-value.ts";
import type { ManagedFieldsEntry } from "../meta/v1.ts";
import { type Applied, applyConfiguration } from "./apply-configuration.ts";
import { mapSchema } from "./apply-schema.ts";
import { capUpdateManagers } from "./cap-managers.ts";
import { ApplyConflictError } from "./conflict.ts";
import { type FieldFilter, allFields, excludingFields, onlyFields } from "./field-filter.ts";
import { FieldSet, decodeFieldSet } from "./field-set.ts";
import {
  type ManagerEntry,
  ManagedFieldsError,
  OwnedFields,
  entriesOf,
  managedFieldsJson,
  parseEntries,
} from "./managed-fields.ts";
import { anySample, sampleSchema } from "./testing/arbitrary-fields.ts";
import { trackUpdate } from "./track-change.ts";
import type { ConvertObject, VersionedObject } from "./versioned-object.ts";

const v1 = (value: unknown): VersionedObject => ({ apiVersion: "v1", schema: sampleSchema, value });
const noOthers: ConvertObject = () => undefined;
const spec = (fields: object) => ({ spec: fields });
const item = (name: string, value?: number) => ({ name, ...(value !== undefined && { value }) });

interface State {
  readonly object: unknown;
  readonly managers: readonly ManagerEntry[];
}

const nothing: State = { object: undefined, managers: [] };

function apply(
  state: State,
  manager: string,
  config: object,
  options: { force?: boolean; filter?: FieldFilter } = {},
): State {
  const applied: Applied = applyConfiguration({
    live: v1(state.object),
    config: v1(cloneJson(config)),
    managers: state.managers,
    applier: { manager, operation: "Apply", apiVersion: "v1", subresource: "" },
    force: options.force ?? false,
    convert: noOthers,
    filter: options.filter ?? allFields,
  });
  return { object: applied.value === undefined ? state.object : applied.value, managers: applied.managers };
}

function update(state: State, manager: string, object: object, filter: FieldFilter = allFields): State {
  const managers = trackUpdate(
    { before: v1(state.object), after: v1(object), convert: noOthers, filter },
    state.managers,
    { manager, operation: "Update", apiVersion: "v1", subresource: "", time: "2026-01-01T00:00:00Z" },
  );
  return { object, managers };
}

function owned({ managers }: State): Record<string, string> {
  return Object.fromEntries(managers.map(({ manager, fields }) => [manager, fields.json]));
}

describe("apply", () => {
  test("to nothing makes the configuration and owns it", () => {
    const state = apply(nothing, "a", spec({ text: "x", labels: { k: "v" } }));
    assert.deepEqual(state.object, spec({ text: "x", labels: { k: "v" } }));
    assert.deepEqual(owned(state), { a: '{"f:spec":{"f:labels":{"f:k":{}},"f:text":{}}}' });
  });

  test("removes what the applier does not apply any more", () => {
    let state = apply(nothing, "a", spec({ text: "x", labels: { k: "v", l: "w" }, items: [item("i", 1), item("j")] }));
    state = apply(state, "a", spec({ labels: { l: "w" }, items: [item("i")] }));
    assert.deepEqual(state.object, spec({ labels: { l: "w" }, items: [item("i")] }));
  });

  test("keeps what others own too", () => {
    let state = apply(nothing, "a", spec({ text: "x", labels: { k: "v" }, items: [item("i", 1)] }));
    state = apply(state, "b", spec({ labels: { k: "v" }, items: [item("i")] }));
    state = apply(state, "a", spec({ text: "x" }));
    assert.deepEqual(state.object, spec({ text: "x", labels: { k: "v" }, items: [item("i")] }));
  });

  test("removes an element with all that others have added to it", () => {
    let state = apply(nothing, "a", spec({ items: [item("i", 1)], text: "x" }));
    state = update(state, "u", spec({ items: [{ name: "i", value: 1, labels: { k: "v" } }], text: "x" }));
    state = apply(state, "a", spec({ text: "x" }));
    assert.deepEqual(state.object, spec({ text: "x" }));
    assert.deepEqual(Object.keys(owned(state)), ["a"]);
  });

  test("of what is there already changes nothing but the owners", () => {
    const first = apply(nothing, "a", spec({ text: "x" }));
    const second = apply(first, "b", spec({ text: "x" }));
    assert.equal(second.object, first.object);
    assert.deepEqual(owned(second), { a: '{"f:spec":{"f:text":{}}}', b: '{"f:spec":{"f:text":{}}}' });
  });

  test("of nothing gives all up", () => {
    const state = apply(apply(nothing, "a", spec({ text: "x" })), "a", {});
    assert.deepEqual(state.managers, []);
    assert.deepEqual(state.object, {});
  });

  test("leaves out fields that the write cannot change", () => {
    const state = apply(
      nothing,
      "a",
      { ...spec({ text: "x" }), open: { k: 1 } },
      { filter: excludingFields(["open"]) },
    );
    assert.deepEqual(owned(state), { a: '{"f:spec":{"f:text":{}}}' });
    const only = apply(nothing, "a", spec({ items: [item("i", 1)], text: "x" }), {
      filter: onlyFields(["spec", "items", "*", "value"]),
    });
    assert.deepEqual(owned(only), { a: '{"f:spec":{"f:items":{"k:{\\"name\\":\\"i\\"}":{"f:value":{}}}}}' });
  });
});

describe("conflicts", () => {
  test("name one owner and field in one line", () => {
    const state = update(nothing, "ui", spec({ text: "x" }));
    assert.throws(
      () => apply(state, "a", spec({ text: "y" })),
      (error: unknown) => {
        assert.ok(error instanceof ApplyConflictError);
        assert.equal(error.message, 'Apply failed with 1 conflict: conflict with "ui" using v1: .spec.text');
        assert.deepEqual(error.causes, [
          { reason: "FieldManagerConflict", message: 'conflict with "ui" using v1', field: ".spec.text" },
        ]);
        return true;
      },
    );
  });

  test("name several, grouped by owner", () => {
    let state = apply(nothing, "b", spec({ items: [item("i", 1)], text: "x" }));
    state = update(state, "a", spec({ items: [item("i", 1)], text: "x", args: ["1"] }));
    assert.throws(
      () => apply(state, "c", spec({ items: [item("i", 2)], text: "y", args: ["2"] })),
      new ApplyConflictError([
        {
          owner: { manager: "a", operation: "Update", apiVersion: "v1", subresource: "" },
          path: pathOf('{"f:spec":{"f:args":{}}}'),
        },
        {
          owner: { manager: "b", operation: "Apply", apiVersion: "v1", subresource: "" },
          path: pathOf('{"f:spec":{"f:text":{}}}'),
        },
        {
          owner: { manager: "b", operation: "Apply", apiVersion: "v1", subresource: "" },
          path: pathOf('{"f:spec":{"f:items":{"k:{\\"name\\":\\"i\\"}":{"f:value":{}}}}}'),
        },
      ]),
    );
    const message =
      'Apply failed with 3 conflicts: conflicts with "a" using v1:\n- .spec.args\nconflicts with "b":\n- .spec.text\n- .spec.items[name="i"].value';
    assert.throws(() => apply(state, "c", spec({ items: [item("i", 2)], text: "y", args: ["2"] })), { message });
  });

  test("say the subresource", () => {
    const owner = { manager: "k", operation: "Update", apiVersion: "apps/v1", subresource: "scale" } as const;
    const error = new ApplyConflictError([{ owner, path: pathOf('{"f:spec":{"f:text":{}}}') }]);
    assert.match(error.message, /conflict with "k" with subresource "scale" using apps\/v1: \.spec\.text$/);
  });

  test("go to the applier who forces them", () => {
    const state = apply(update(nothing, "ui", spec({ text: "x", count: 1 })), "a", spec({ text: "y" }), {
      force: true,
    });
    assert.deepEqual(state.object, spec({ text: "y", count: 1 }));
    assert.deepEqual(owned(state), { ui: '{"f:spec":{"f:count":{}}}', a: '{"f:spec":{"f:text":{}}}' });
  });

  test("are none where the value stays", () => {
    const state = apply(update(nothing, "ui", spec({ text: "x" })), "a", spec({ text: "x" }));
    assert.deepEqual(Object.keys(owned(state)), ["ui", "a"]);
  });
});

function pathOf(json: string) {
  const [path] = decodeFieldSet(json).paths();
  assert.ok(path);
  return path;
}

describe("update", () => {
  test("takes what it changes from everybody else", () => {
    let state = apply(nothing, "a", spec({ text: "x", count: 1 }));
    state = update(state, "u", spec({ text: "y", count: 1 }));
    assert.deepEqual(owned(state), { a: '{"f:spec":{"f:count":{}}}', u: '{"f:spec":{"f:text":{}}}' });
  });

  test("takes what is gone from everybody", () => {
    let state = apply(nothing, "a", spec({ text: "x", labels: { k: "v" } }));
    state = update(state, "u", spec({ labels: { k: "v" } }));
    assert.deepEqual(owned(state), { a: '{"f:spec":{"f:labels":{"f:k":{}}}}' });
  });

  test("joins the writer's earlier fields, and keeps entries that stay as they are", () => {
    const first = update(update(nothing, "u", spec({ text: "x" })), "v", spec({ text: "x", count: 1 }));
    const second = update(first, "u", spec({ text: "x", count: 1, args: ["1"] }));
    assert.deepEqual(owned(second), { v: '{"f:spec":{"f:count":{}}}', u: '{"f:spec":{"f:args":{},"f:text":{}}}' });
    const other = (state: State) => state.managers.find(({ manager }) => manager === "v");
    assert.equal(other(second), other(first));
  });

  test("that changes nothing returns the same managers", () => {
    const state = update(nothing, "u", spec({ text: "x" }));
    assert.equal(update(state, "v", spec({ text: "x" })).managers, state.managers);
  });

  test("tells who removed the last field of an entry nothing", () => {
    const state = update(update(nothing, "u", spec({ text: "x" })), "v", spec({}));
    assert.deepEqual(state.managers, []);
  });
});

describe("several versions", () => {
  const text = { kind: "scalar", type: "string" } as const;
  const schemas = {
    v1: mapSchema(() => [
      { name: "old", schema: text },
      { name: "other", schema: text },
    ]),
    v2: mapSchema(() => [
      { name: "new", schema: text },
      { name: "other", schema: text },
    ]),
  };
  const names = { v1: "old", v2: "new" } as const;
  type Version = keyof typeof names;
  const isVersion = (version: string): version is Version => version in names;
  const convert: ConvertObject = ({ apiVersion, value }, version) => {
    if (!isVersion(version) || !isVersion(apiVersion)) return undefined;
    const { [names[apiVersion]]: renamed, ...rest } = (value ?? {}) as Record<string, unknown>;
    const converted = { ...rest, ...(renamed !== undefined && { [names[version]]: renamed }) };
    return { apiVersion: version, schema: schemas[version], value: value === undefined ? undefined : converted };
  };
  const object = (version: Version, value: unknown) => ({ apiVersion: version, schema: schemas[version], value });
  const entry = (manager: string, apiVersion: string, json: string): ManagerEntry => ({
    manager,
    operation: "Apply",
    apiVersion,
    subresource: "",
    time: undefined,
    fields: OwnedFields.ofJson(json),
  });
  const request = (value: object, config: object, managers: readonly ManagerEntry[]) => ({
    live: object("v2", value),
    config: object("v2", config),
    managers,
    applier: { manager: "a", operation: "Apply", apiVersion: "v2", subresource: "" } as const,
    force: false,
    convert,
    filter: allFields,
  });

  test("a conflict is found in the version of the owner", () => {
    const managers = [entry("b", "v1", '{"f:old":{}}')];
    assert.throws(() => applyConfiguration(request({ new: "1" }, { new: "2" }, managers)), {
      message: 'Apply failed with 1 conflict: conflict with "b": .old',
    });
  });

  test("what was applied in another version is removed", () => {
    const managers = [entry("a", "v1", '{"f:old":{},"f:other":{}}')];
    const applied = applyConfiguration(request({ new: "1", other: "x" }, { other: "x" }, managers));
    assert.deepEqual(applied.value, { other: "x" });
    assert.deepEqual(
      applied.managers.map(({ apiVersion, fields }) => [apiVersion, fields.json]),
      [["v2", '{"f:other":{}}']],
    );
  });

  test("what somebody owns in another version stays", () => {
    const managers = [entry("a", "v2", '{"f:new":{},"f:other":{}}'), entry("b", "v1", '{"f:old":{}}')];
    const applied = applyConfiguration(request({ new: "1", other: "x" }, { other: "x" }, managers));
    assert.equal(applied.value, undefined);
  });

  test("managers of versions that cannot be seen from here keep what they own", () => {
    const managers = [entry("b", "hidden", '{"f:x":{}}')];
    const hidden: ConvertObject = (from, version) => (version === "hidden" ? "opaque" : convert(from, version));
    const applied = applyConfiguration({ ...request({ other: "x" }, { other: "y" }, managers), convert: hidden });
    assert.deepEqual(
      applied.managers.map(({ manager, fields }) => [manager, fields.json]),
      [
        ["b", '{"f:x":{}}'],
        ["a", '{"f:other":{}}'],
      ],
    );
  });

  test("managers of versions that are gone are forgotten", () => {
    const managers = [entry("b", "v0", '{"f:ancient":{}}')];
    const applied = applyConfiguration(request({ other: "x" }, { other: "x" }, managers));
    assert.deepEqual(
      applied.managers.map(({ manager }) => manager),
      ["a"],
    );
  });
});

describe("any applies", () => {
  test("are idempotent", () => {
    checkProperty(
      fc.property(anySample, anySample, anySample, (before, first, second) => {
        let state = update(nothing, "u", before);
        state = apply(state, "a", first, { force: true });
        state = apply(state, "a", second, { force: true });
        const again = apply(state, "a", second);
        assert.equal(again.object, state.object);
        assert.equal(owned(again)["a"], owned(state)["a"]);
      }),
    );
  });

  test("of managers that share nothing commute", () => {
    const halves = fc.tuple(anySample, anySample).map(([one, two]) => {
      const left = one["spec"] as Record<string, unknown>;
      const right = two["spec"] as Record<string, unknown>;
      const names = ["text", "count", "labels", "whole"];
      const pick = (from: Record<string, unknown>, wanted: boolean) =>
        spec(Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name) === wanted)));
      return [
        pick(left, true),
        { ...pick(right, false), ...(two["open"] !== undefined && { open: two["open"] }) },
      ] as const;
    });
    checkProperty(
      fc.property(halves, ([one, two]) => {
        const ab = apply(apply(nothing, "a", one), "b", two);
        const ba = apply(apply(nothing, "b", two), "a", one);
        assert.deepEqual(ab.object, ba.object);
        assert.deepEqual(owned(ab), owned(ba));
      }),
    );
  });

  test("leave every field with an owner who applied it", () => {
    checkProperty(
      fc.property(anySample, anySample, (one, two) => {
        const state = apply(apply(nothing, "a", one), "b", two, { force: true });
        const all = state.managers.map(({ fields }) => fields.set).reduce((sum, set) => sum.union(set), FieldSet.empty);
        const again = apply({ object: undefined, managers: [] }, "c", state.object as object);
        assert.equal(again.managers[0]?.fields.set.leaves().difference(all).isEmpty, true);
      }),
    );
  });
});

describe("managedFields", () => {
  const entry = (manager: string, time: string | undefined, fields = '{"f:a":{}}', subresource = ""): ManagerEntry => ({
    manager,
    operation: "Update",
    apiVersion: "v1",
    subresource,
    time,
    fields: OwnedFields.ofJson(fields),
  });
  const at = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, "0")}Z`;

  test("are written in upstream's order", () => {
    const entries = [
      entry("z", at(1)),
      { ...entry("y", at(9)), operation: "Apply" as const },
      entry("b", at(2), '{"f:s":{}}', "status"),
      entry("a", at(2)),
      entry("none", undefined),
    ];
    const json = managedFieldsJson(entries);
    assert.deepEqual(
      (JSON.parse(json) as { manager: string }[]).map(({ manager }) => manager),
      ["y", "none", "z", "a", "b"],
    );
    assert.ok(
      json.endsWith(
        `{"manager":"b","operation":"Update","apiVersion":"v1","time":"${at(2)}","fieldsType":"FieldsV1","fieldsV1":{"f:s":{}},"subresource":"status"}]`,
      ),
    );
    assert.equal(managedFieldsJson(parseEntries(json)), json);
  });

  test("survive any names", () => {
    const names = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom('},{"manager":', ',"fieldsV1":{', ',"subresource":"x"}', "}]", '"'),
    );
    const anyEntry = fc.record({ manager: names, field: names, subresource: names });
    checkProperty(
      fc.property(
        fc.uniqueArray(anyEntry, {
          minLength: 1,
          maxLength: 4,
          selector: ({ manager, subresource }) => `${manager}\0${subresource}`,
        }),
        (list) => {
          const entries = list.map(({ manager, field, subresource }) =>
            entry(manager, at(1), `{${JSON.stringify(`f:${field}`)}:{}}`, subresource),
          );
          const json = managedFieldsJson(entries);
          const read = parseEntries(json);
          assert.equal(managedFieldsJson(read), json);
          assert.deepEqual(
            read.map(({ manager }) => manager),
            (JSON.parse(json) as { manager: string }[]).map(({ manager }) => manager),
          );
        },
      ),
    );
  });

  test("of clients are refused where upstream refuses them", () => {
    const good: ManagedFieldsEntry = {
      manager: "m",
      operation: "Update",
      apiVersion: "v1",
      fieldsType: "FieldsV1",
      fieldsV1: { "f:a": {} },
    };
    const cases: [ManagedFieldsEntry, string][] = [
      [{ ...good, operation: "Patch" as "Update" }, "operation must be `Apply` or `Update`"],
      [{ ...good, apiVersion: "" }, "apiVersion must not be empty"],
      [{ ...good, fieldsType: "" }, "missing fieldsType in managed fields entry 0"],
      [{ ...good, fieldsType: "V2" }, 'invalid fieldsType "V2" in managed fields entry 0'],
      [{ ...good, fieldsV1: { a: {} } }, "error decoding set: key must be 2 characters long"],
    ];
    for (const [bad, message] of cases) assert.throws(() => entriesOf([bad]), new ManagedFieldsError(message));
    assert.equal(entriesOf([good, good]).length, 1);
  });

  test("of more than ten updaters join the oldest", () => {
    const entries = Array.from({ length: 12 }, (_, index) => entry(`m${index}`, at(index), `{"f:x${index}":{}}`));
    const capped = capUpdateManagers(entries);
    assert.equal(capped.length, 10);
    const bucket = capped.find(({ manager }) => manager === "ancient-changes");
    assert.equal(bucket?.fields.json, '{"f:x0":{},"f:x1":{},"f:x2":{}}');
    assert.equal(bucket?.time, at(2));
    assert.equal(capUpdateManagers(entries.slice(0, 10)).length, 10);
    const more = capUpdateManagers([...capped, entry("late", at(30))]);
    assert.equal(more.length, 10);
    assert.equal(more.find(({ manager }) => manager === "ancient-changes")?.fields.set.size, 4);
  });
});
