import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import { type FieldSelector, escapeFieldValue, parseFieldSelector } from "./field-selector.ts";
import { fieldPath } from "./field-path.ts";
import type { LabelSelectorRequirement } from "./meta/v1.ts";
import { SelectorError, parseSelector, selectorOf, validateLabelSelector } from "./selectors.ts";

type Labels = Readonly<Record<string, string>>;

/** A condition with what it means, in the plainest way to say it. */
interface Condition {
  readonly text: string;
  readonly holds: (labels: Labels) => boolean;
}

// Few keys and values, so that conditions and labels meet; names of the prototype are ordinary keys.
const key = fc.constantFrom("app", "tier", "constructor", "example.com/x", "in", "notin", "toString");
const value: fc.Arbitrary<string> = fc.constantFrom("", "a", "b", "A_b.c-d", "7", "12", "constructor", "in");
const nonEmpty = value.filter((text) => text !== "");
const labels: fc.Arbitrary<Labels> = fc
  .array(fc.tuple(key, value), { maxLength: 5 })
  .map((entries) => Object.fromEntries(entries));
const space = fc.constantFrom("", "", " ", "  ", "\t", "\n");

const has = (set: Labels, name: string) => Object.hasOwn(set, name);
const integer = (text: string | undefined) =>
  text !== undefined && /^[+-]?\d+$/.test(text) ? BigInt(text) : undefined;

const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.tuple(key, space).map(([name, s]) => ({ text: s + name + s, holds: (set: Labels) => has(set, name) })),
  fc.tuple(key, space).map(([name, s]) => ({ text: `!${s}${name}${s}`, holds: (set: Labels) => !has(set, name) })),
  fc.tuple(key, fc.constantFrom("=", "=="), value, space).map(([name, operator, wanted, s]) => ({
    text: `${name}${s}${operator}${s}${wanted}${s}`,
    holds: (set: Labels) => has(set, name) && set[name] === wanted,
  })),
  fc.tuple(key, value, space).map(([name, unwanted, s]) => ({
    text: `${name}${s}!=${s}${unwanted}`,
    holds: (set: Labels) => !has(set, name) || set[name] !== unwanted,
  })),
  fc
    .tuple(key, fc.constantFrom("in", "notin"), fc.array(nonEmpty, { minLength: 1, maxLength: 4 }), space)
    .map(([name, operator, values, s]) => ({
      text: `${name} ${operator}${s}(${s}${values.join(`${s},${s}`)}${s})`,
      holds: (set: Labels) => (has(set, name) && values.includes(set[name] ?? "")) === (operator === "in"),
    })),
  fc.tuple(key, fc.constantFrom(">", "<"), fc.integer({ min: 0, max: 20 })).map(([name, operator, bound]) => ({
    text: `${name}${operator}${bound}`,
    holds: (set: Labels) => {
      const number = has(set, name) ? integer(set[name]) : undefined;
      return number !== undefined && (operator === ">" ? number > BigInt(bound) : number < BigInt(bound));
    },
  })),
);

suite("any label selector", () => {
  test("matches what each of its conditions holds for", () => {
    checkProperty(
      fc.property(fc.array(condition, { maxLength: 4 }), labels, (conditions, set) => {
        const selector = parseSelector(conditions.map(({ text }) => text).join(","));
        assert.equal(
          selector.matches(set),
          conditions.every(({ holds }) => holds(set)),
        );
      }),
      { share: 5 },
    );
  });

  test("is printed as a text that is read back as the same, whatever the order", () => {
    checkProperty(
      fc.property(fc.array(condition, { maxLength: 4 }), labels, (conditions, set) => {
        const texts = conditions.map(({ text }) => text);
        const selector = parseSelector(texts.join(","));
        const printed = selector.toString();
        const again = parseSelector(printed);
        assert.equal(again.toString(), printed);
        assert.equal(again.matches(set), selector.matches(set));
        assert.equal(parseSelector(texts.toReversed().join(",")).matches(set), selector.matches(set));
      }),
      { share: 2 },
    );
  });

  test("that pins a value matches nothing else", () => {
    checkProperty(
      fc.property(fc.array(condition, { maxLength: 3 }), key, labels, (conditions, name, set) => {
        const selector = parseSelector(conditions.map(({ text }) => text).join(","));
        const pinned = selector.exactValue(name);
        assert.ok(pinned === undefined || set[name] === pinned || !selector.matches(set));
      }),
    );
  });

  test("is read or refused in a SelectorError, and what is read can be written", () => {
    const nearly = fc
      .array(fc.oneof(key, value, fc.constantFrom("=", "==", "!=", "!", "(", ")", ",", ">", "<", " ", "in", "notin")), {
        maxLength: 9,
      })
      .map((parts) => parts.join(""));
    checkProperty(
      fc.property(fc.oneof(nearly, fc.string()), (text) => {
        let printed;
        try {
          printed = parseSelector(text).toString();
        } catch (error) {
          assert.ok(error instanceof SelectorError, String(error));
          return;
        }
        assert.equal(parseSelector(printed).toString(), printed);
      }),
      { share: 5 },
    );
  });
});

const operators = ["In", "NotIn", "Exists", "DoesNotExist"] as const;
const expression: fc.Arbitrary<LabelSelectorRequirement> = fc
  .tuple(key, fc.constantFrom(...operators), fc.uniqueArray(value, { minLength: 1, maxLength: 3 }))
  .map(([name, operator, values]) => {
    const takesValues = operator === "In" || operator === "NotIn";
    return { key: name, operator, ...(takesValues && { values }) };
  });

function holds({ key: name, operator, values = [] }: LabelSelectorRequirement, set: Labels): boolean {
  switch (operator) {
    case "In":
      return has(set, name) && values.includes(set[name] ?? "");
    case "NotIn":
      return !has(set, name) || !values.includes(set[name] ?? "");
    case "Exists":
      return has(set, name);
    default:
      return !has(set, name);
  }
}

suite("any selector object", () => {
  test("matches what all its labels and expressions hold for, as does its text", () => {
    checkProperty(
      fc.property(labels, fc.array(expression, { maxLength: 3 }), labels, (matchLabels, matchExpressions, set) => {
        const object = { matchLabels, matchExpressions };
        const selector = selectorOf(object);
        const expected =
          Object.entries(matchLabels).every(([name, wanted]) => has(set, name) && set[name] === wanted) &&
          matchExpressions.every((each) => holds(each, set));
        assert.equal(selector.matches(set), expected);
        assert.equal(parseSelector(selector.toString()).matches(set), expected);
        assert.deepEqual(validateLabelSelector(object, fieldPath("spec")), []);
      }),
      { share: 3 },
    );
  });
});

/** Its terms in an order that does not depend on how they were written. */
const sorted = ({ requirements }: FieldSelector) => requirements.map((each) => JSON.stringify(each)).toSorted();

suite("any field selector", () => {
  const field = fc.constantFrom("metadata.name", "spec.nodeName", "status.phase", "constructor");
  const text = fc.oneof(fc.constantFrom("", "a", "a,b=c\\", "=", ",", "\\", "constructor"), fc.string());
  const term = fc.record({ field, operator: fc.constantFrom("=", "==", "!="), value: text });
  const fields = fc.array(fc.tuple(field, text), { maxLength: 4 }).map((entries) => Object.fromEntries(entries));

  test("matches what each of its terms holds for, and is read back from its text", () => {
    checkProperty(
      fc.property(fc.array(term, { maxLength: 3 }), fields, (terms, set) => {
        const written = terms.map((each) => `${each.field}${each.operator}${escapeFieldValue(each.value)}`).join(",");
        const selector = parseFieldSelector(written);
        const expected = terms.every(({ field: name, operator, value: wanted }) => {
          const found = has(set, name) ? (set[name] ?? "") : "";
          return (found === wanted) === (operator !== "!=");
        });
        assert.equal(selector.matches(set), expected);
        const again = parseFieldSelector(selector.toString());
        assert.equal(again.matches(set), expected);
        assert.equal(again.requirements.length, terms.length);
      }),
      { share: 3 },
    );
  });

  test("is read or refused in a SelectorError", () => {
    const nearly = fc.stringMatching(/^[ab.=!,\\]{0,10}$/);
    checkProperty(
      fc.property(fc.oneof(nearly, fc.string()), (written) => {
        try {
          const selector = parseFieldSelector(written);
          const again = parseFieldSelector(selector.toString());
          assert.deepEqual(sorted(again), sorted(selector));
        } catch (error) {
          assert.ok(error instanceof SelectorError, String(error));
        }
      }),
      { share: 3 },
    );
  });
});
