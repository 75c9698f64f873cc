import fc from "fast-check";
import { type ListSchema, type MapSchema, deducedSchema, mapSchema } from "../apply-schema.ts";
import { FieldSet } from "../field-set.ts";
import { type ElementPath, fieldElement, indexElement, keyElement, valueElement } from "../path-element.ts";

const scalar = fc.oneof(fc.string({ maxLength: 3, unit: "grapheme" }), fc.integer({ min: -3, max: 12 }), fc.boolean());

const anyElement = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("a", "b", "c", "\ud83d\ude00", "\uff5e").map(fieldElement) },
  { weight: 1, arbitrary: fc.string({ maxLength: 4 }).map(fieldElement) },
  { weight: 1, arbitrary: scalar.map((value) => keyElement([["name", value]])) },
  {
    weight: 1,
    arbitrary: scalar.map((value) =>
      keyElement([
        ["port", value],
        ["host", "x"],
      ]),
    ),
  },
  { weight: 1, arbitrary: scalar.map(valueElement) },
  { weight: 1, arbitrary: fc.nat({ max: 12 }).map(indexElement) },
);

export const anyPath: fc.Arbitrary<ElementPath> = fc.array(anyElement, { minLength: 1, maxLength: 4 });

export const anyFieldSet: fc.Arbitrary<FieldSet> = fc
  .array(anyPath, { maxLength: 10 })
  .map((paths) => FieldSet.of(...paths));

const text = { kind: "scalar", type: "string" } as const;
const number = { kind: "scalar", type: "number" } as const;
const textMap = mapSchema(() => [], { elements: () => text });

const itemSchema: MapSchema = mapSchema(() => [
  { name: "name", schema: text },
  { name: "protocol", schema: text, default: "TCP" },
  { name: "value", schema: number },
  { name: "labels", schema: textMap },
]);
const list = (relation: ListSchema["relation"], keys: readonly string[] = []): ListSchema => ({
  kind: "list",
  relation,
  keys,
  items: relation === "map" ? itemSchema : text,
});

/** A type with one field of each kind. */
export const sampleSchema: MapSchema = mapSchema(() => [
  { name: "spec", schema: specSchema, zero: {} },
  { name: "open", schema: deducedSchema },
]);

const specSchema: MapSchema = mapSchema(() => [
  { name: "text", schema: text },
  { name: "count", schema: number, zero: 0 },
  { name: "labels", schema: textMap },
  { name: "whole", schema: mapSchema(() => [], { isAtomic: true, elements: () => text }) },
  { name: "items", schema: list("map", ["name"]) },
  { name: "ports", schema: list("map", ["name", "protocol"]) },
  { name: "set", schema: list("set") },
  { name: "args", schema: list("atomic") },
  { name: "inner", schema: itemSchema },
]);

const name = fc.constantFrom("a", "b", "c", "d");
const word = fc.constantFrom("x", "y", "z");
const labels = fc.dictionary(name, word, { minKeys: 1, maxKeys: 3, noNullPrototype: true });

const anyItem = fc.record(
  { name, protocol: fc.constantFrom("TCP", "UDP"), value: fc.nat({ max: 2 }), labels },
  { requiredKeys: ["name"], noNullPrototype: true },
);

const itemKey = (item: { readonly name: string }): string => item.name;
const portKey = ({ name: first, protocol = "TCP" }: { readonly name: string; readonly protocol?: string }): string =>
  `${first}/${protocol}`;

const spec = fc.record(
  {
    text: word,
    count: fc.nat({ max: 2 }),
    labels,
    whole: labels,
    items: fc.uniqueArray(anyItem, { selector: itemKey, minLength: 1, maxLength: 4 }),
    ports: fc.uniqueArray(anyItem, { selector: portKey, minLength: 1, maxLength: 4 }),
    set: fc.uniqueArray(word, { minLength: 1, maxLength: 3 }),
    args: fc.array(word, { minLength: 1, maxLength: 3 }),
    inner: anyItem,
  },
  { requiredKeys: [], noNullPrototype: true },
);

const open = fc.dictionary(name, fc.oneof(word, fc.nat({ max: 2 }), labels, fc.array(word, { maxLength: 2 })), {
  minKeys: 1,
  maxKeys: 3,
  noNullPrototype: true,
});

/** Objects of `sampleSchema`. */
export const anySample: fc.Arbitrary<Record<string, unknown>> = fc.record(
  { spec, open },
  { requiredKeys: ["spec"], noNullPrototype: true },
);
