import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { YamlError, parseYaml, parseYamlDocuments } from "./yaml.ts";

suite("YAML input", () => {
  // What kubectl makes of these scalars.
  const scalars: [text: string, value: unknown][] = [
    ["yes", true],
    ["No", false],
    ["y", true],
    ["n", false],
    ["on", true],
    ["OFF", false],
    ["tRUE", "tRUE"],
    ["0777", 511],
    ["-0777", -511],
    ["0o17", 15],
    ["08", 8],
    ["09.5", 9.5],
    ["0x1F", 31],
    ["0b11", 3],
    ["1_000", 1000],
    ["12:30:45", "12:30:45"],
    ["2001-01-01", "2001-01-01"],
    ["2001-12-14t21:59:43.10-05:00", "2001-12-14t21:59:43.10-05:00"],
    ["1e3", 1000],
    ["1e400", "1e400"],
    ["1.", 1],
    [".5", 0.5],
    [".", "."],
    ["~", null],
    ["null", null],
    ["'yes'", "yes"],
    ["!!str 123", "123"],
    ["1.2.3", "1.2.3"],
    ["123abc", "123abc"],
    ["-0o17", -15],
    ["089", 89],
    ["0_7", 7],
    ["1_0.5", 10.5],
    ["+5", 5],
    ["!!binary aGk=", "hi"],
    ['"\\x41"', "A"],
  ];
  for (const [text, value] of scalars) {
    test(`${text} is ${JSON.stringify(value)}`, () => assert.deepEqual(parseYaml(`v: ${text}\n`), { v: value }));
  }

  test("keys are text, anchors and merges are resolved, the last of equal keys counts", () => {
    assert.deepEqual(parseYaml("1: a\ntrue: b\n0x10: c\n"), { 1: "a", 16: "c", true: "b" });
    assert.deepEqual(parseYaml("a: &x {b: 1}\nc: {<<: *x, d: 2}\n"), { a: { b: 1 }, c: { b: 1, d: 2 } });
    assert.deepEqual(parseYaml("a: 1\na: 2\n"), { a: 2 });
    const value = parseYaml("__proto__: {z: 1}\n");
    assert.equal(JSON.stringify(value), '{"__proto__":{"z":1}}');
    assert.equal("z" in {}, false);
  });

  test("a stream has several documents, of which empty ones do not count", () => {
    assert.deepEqual(parseYamlDocuments("---\n# nothing\n---\na: 1\n---\nb: 2\n"), [{ a: 1 }, { b: 2 }]);
    assert.deepEqual(parseYamlDocuments(' {"a":1}'), [{ a: 1 }]);
    assert.deepEqual(parseYamlDocuments(""), []);
    assert.equal(parseYaml(""), null);
  });

  const refused: [what: string, text: string, message: RegExp][] = [
    [
      "a nested mapping on one line",
      "a: b: c\n",
      /^error converting YAML to JSON: yaml: line 1: mapping values are not allowed in this context$/,
    ],
    ["an unknown anchor", "a: *nope\n", /unknown anchor 'nope' referenced$/],
    ["a tab", "a:\n\t- b\n", /line 2: found character that cannot start any token$/],
    ["infinity", "a: .inf\n", /unsupported value: \.inf$/],
    ["deep flow", "[".repeat(5000), /exceeded max depth$/],
    [
      "deep blocks",
      Array.from({ length: 2000 }, (_, depth) => `${" ".repeat(depth)}a:\n`).join(""),
      /exceeded max depth$/,
    ],
    ["deep lists", `${"- ".repeat(3000)}a`, /exceeded max depth$/],
    [
      "a bomb of aliases",
      `a: &a [x,x,x,x,x,x,x,x,x,x]\n${["b", "c", "d", "e"].map((name, index) => `${name}: &${name} [${Array.from({ length: 10 }, () => `*${"abcd".charAt(index)}`).join(",")}]\n`).join("")}`,
      /excessive aliasing$/,
    ],
  ];
  for (const [what, text, message] of refused) {
    test(`${what} is refused`, () => {
      assert.throws(
        () => parseYaml(text),
        (error) => error instanceof YamlError && message.test(error.message),
      );
    });
  }

  test("a key given twice is refused when strict", () => {
    assert.throws(() => parseYaml("x: 1\na: 1\na: 2\n", { strict: true }), {
      message: 'error converting YAML to JSON: yaml: unmarshal errors:\n  line 3: key "a" already set in map',
    });
  });
});
