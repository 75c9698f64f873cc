import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as fc from "fast-check";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import { fieldErrorText } from "./field-error.ts";
import { fieldPath } from "./field-path.ts";
import { everyField, escapeFieldValue, parseFieldSelector } from "./field-selector.ts";
import {
  SelectorError,
  everything,
  formatLabelSelector,
  nothing,
  parseSelector,
  selectorFromSet,
  selectorOf,
  validateLabelSelector,
} from "./selectors.ts";

suite("label selectors", () => {
  const canonical: [text: string, canonical: string][] = [
    ["", ""],
    ["x=a,y=b,z=c", "x=a,y=b,z=c"],
    ["z=c,x=a", "x=a,z=c"],
    ["x==a", "x==a"],
    ["x!=a", "x!=a"],
    ["x", "x"],
    ["!x", "!x"],
    ["x in (b,a)", "x in (a,b)"],
    ["x notin (a,,b)", "x notin (,a,b)"],
    ["x in ()", "x in ()"],
    ["x in (a,)", "x in (,a)"],
    ["  x  =  a  ", "x=a"],
    ["x>1,y<5", "x>1,y<5"],
    ["in=in", "in=in"],
    ["x=", "x="],
    ["example.com/x in (a)", "example.com/x in (a)"],
  ];
  for (const [text, expected] of canonical) {
    test(`${JSON.stringify(text)} is canonically ${JSON.stringify(expected)}`, () => {
      assert.equal(parseSelector(text).toString(), expected);
    });
  }

  const invalid: [text: string, message: string][] = [
    ["x=a||y=b", "unable to parse requirement: values[0][x]: Invalid value: "],
    ["x,,y", "found ',', expected: identifier after ','"],
    ["x=a=b", "found '=', expected: ',' or 'end of string'"],
    ["!x=a", "found '=', expected: ',' or 'end of string'"],
    ["x in a", "unable to parse requirement: found 'a' expected: '('"],
    ["x in (", "unable to parse requirement: found '', expected: ',', ')' or identifier"],
    ["x in (a b)", "unable to parse requirement: found 'b', expected: ',' or ')'"],
    ["x a", "unable to parse requirement: found 'a', expected: in, notin, =, ==, !=, gt, lt"],
    [",x", "found ',', expected: !, identifier, or 'end of string'"],
    [
      "x>a",
      "unable to parse requirement: values[0]: Invalid value: \"a\": for 'Gt', 'Lt' operators, the value must be an integer",
    ],
    ["a_/b=c", 'unable to parse requirement: <nil>: Invalid value: "a_/b": prefix part a lowercase RFC 1123 subdomain'],
    ["x in (,,)", "unable to parse requirement: found ')', expected: ',', or identifier"],
  ];
  for (const [text, message] of invalid) {
    test(`${text} is refused`, () => {
      assert.throws(
        () => parseSelector(text),
        (error) => error instanceof SelectorError && error.message.startsWith(message),
      );
    });
  }

  const matching: [selector: string, labels: Record<string, string>, matches: boolean][] = [
    ["", {}, true],
    ["x=a", { x: "a", y: "b" }, true],
    ["x=a", { x: "b" }, false],
    ["x=a", {}, false],
    ["x!=a", {}, true],
    ["x!=a", { x: "a" }, false],
    ["x in (a,b)", { x: "b" }, true],
    ["x notin (a,b)", { x: "c" }, true],
    ["x notin (a,b)", {}, true],
    ["x", { x: "" }, true],
    ["!x", { x: "" }, false],
    ["x>1", { x: "2" }, true],
    ["x>1", { x: "a" }, false],
    ["x<9223372036854775807", { x: "9223372036854775806" }, true],
    ["constructor", {}, false],
    ["!toString", {}, true],
  ];
  for (const [selector, labels, expected] of matching) {
    test(`${JSON.stringify(selector)} on ${JSON.stringify(labels)}: ${expected}`, () => {
      assert.equal(parseSelector(selector).matches(labels), expected);
    });
  }

  test("an absent selector object matches nothing, an empty one everything", () => {
    assert.equal(selectorOf(undefined), nothing);
    assert.equal(selectorOf({}), everything);
    assert.equal(selectorOf(undefined).matches({ a: "b" }), false);
    assert.equal(selectorOf({}).matches(undefined), true);
    assert.equal(formatLabelSelector({}), "<none>");
    assert.equal(formatLabelSelector({ matchExpressions: [{ key: "a", operator: "Nope" as "In" }] }), "<error>");
  });

  test("a selector object is the conjunction of its labels and expressions", () => {
    const selector = selectorOf({
      matchLabels: { app: "web" },
      matchExpressions: [
        { key: "tier", operator: "In", values: ["a", "b"] },
        { key: "old", operator: "DoesNotExist" },
      ],
    });
    assert.equal(selector.toString(), "app=web,!old,tier in (a,b)");
    assert.equal(selector.matches({ app: "web", tier: "a" }), true);
    assert.equal(selector.matches({ app: "web", tier: "a", old: "" }), false);
    assert.equal(selector.exactValue("app"), "web");
    assert.equal(selector.exactValue("tier"), undefined);
  });

  test("problems of selector objects are reported with their paths", () => {
    const errors = validateLabelSelector(
      {
        matchLabels: { "-": "ok" },
        matchExpressions: [
          { key: "a", operator: "In" },
          { key: "b", operator: "Exists", values: ["c"] },
        ],
      },
      fieldPath("spec", "selector"),
    );
    assert.deepEqual(errors.map(fieldErrorText), [
      `spec.selector.matchLabels: Invalid value: "-": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
      "spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
      "spec.selector.matchExpressions[1].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
    ]);
  });

  const word = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
  const requirement = fc.oneof(
    word,
    word.map((key) => `!${key}`),
    fc.tuple(word, fc.constantFrom("=", "==", "!="), word).map((parts) => parts.join("")),
    fc
      .tuple(word, fc.constantFrom("in", "notin"), fc.array(word, { minLength: 1, maxLength: 4 }))
      .map(([key, operator, values]) => `${key} ${operator} (${values.join(",")})`),
  );
  const labels = fc.dictionary(word, word, { noNullPrototype: true });

  test("the canonical text selects the same", () => {
    checkProperty(
      fc.property(fc.array(requirement, { maxLength: 4 }), labels, (requirements, set) => {
        const selector = parseSelector(requirements.join(","));
        const again = parseSelector(selector.toString());
        assert.equal(again.toString(), selector.toString());
        assert.equal(again.matches(set), selector.matches(set));
      }),
    );
  });

  test("a set selects what has all its labels", () => {
    checkProperty(
      fc.property(labels, labels, (wanted, present) => {
        const expected = Object.entries(wanted).every(([key, value]) => present[key] === value);
        assert.equal(selectorFromSet(wanted).matches(present), expected);
      }),
    );
  });
});

suite("field selectors", () => {
  test("conditions are read, sorted and matched", () => {
    const selector = parseFieldSelector("status.phase!=Running,spec.nodeName==n1");
    assert.equal(selector.toString(), "spec.nodeName=n1,status.phase!=Running");
    assert.equal(selector.matches({ "spec.nodeName": "n1", "status.phase": "Pending" }), true);
    assert.equal(selector.matches({ "spec.nodeName": "n1", "status.phase": "Running" }), false);
    assert.equal(selector.matches({}), false);
    assert.equal(selector.exactValue("spec.nodeName"), "n1");
    assert.equal(selector.exactValue("status.phase"), undefined);
    assert.equal(parseFieldSelector(""), everyField);
    assert.equal(parseFieldSelector("a=").matches({}), true);
  });

  const invalid: [text: string, message: string][] = [
    ["a", "invalid selector: 'a'; can't understand 'a'"],
    ["a=b=c", "invalid field selector: unescaped character in value: 61"],
    ["a=b\\x", "invalid field selector: invalid escape sequence: \\x"],
    ["a=b\\", "invalid field selector: invalid escape sequence: \\"],
  ];
  for (const [text, message] of invalid) {
    test(`${text} is refused`, () => assert.throws(() => parseFieldSelector(text), { message }));
  }

  test("every value can be written", () => {
    checkProperty(
      fc.property(fc.string(), (value) => {
        const text = `metadata.name=${escapeFieldValue(value)}`;
        assert.equal(parseFieldSelector(text).exactValue("metadata.name"), value);
        assert.equal(parseFieldSelector(text).toString(), text);
      }),
    );
  });
});
