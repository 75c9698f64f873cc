import assert from "node:assert/strict";
import { test } from "node:test";
import { parseYaml, parseYamlDocuments, YamlError } from "./yaml.ts";

/** Scalars as upstream's kubectl 1.32 reads them. */
const scalars: readonly (readonly [string, unknown])[] = [
  ["yes", true],
  ["N", false],
  ["off", false],
  ["TRUE", true],
  ["tRue", "tRue"],
  ["~", null],
  ["Null", null],
  ["0777", 511],
  ["0o17", 15],
  ["-0o17", -15],
  ["0_7", 7],
  ["089", 89],
  ["1_000", 1000],
  ["0x1F", 31],
  ["0b11", 3],
  ["+5", 5],
  [".5", 0.5],
  ["1.", 1],
  ["1_0.5", 10.5],
  ["1e3", 1000],
  ["1e400", "1e400"],
  ["12:30:45", "12:30:45"],
  ["2001-01-01", "2001-01-01"],
  ["2001-01-01T00:00:00Z", "2001-01-01T00:00:00Z"],
  ["!!binary aGk=", "hi"],
  ['"\\x41"', "A"],
];

for (const [text, value] of scalars) {
  test(`${text} is ${JSON.stringify(value)}`, () => assert.deepEqual(parseYaml(`a: ${text}`), { a: value }));
}

test("anchors and merge keys are expanded", () => {
  const text = "base: &b {x: 1, z: 2}\nderived:\n  <<: *b\n  z: 3\n";
  assert.deepEqual(parseYaml(text), { base: { x: 1, z: 2 }, derived: { x: 1, z: 3 } });
});

test("JSON is YAML", () => {
  assert.deepEqual(parseYaml('{"a": ["\\u00fc", 1.5e3, null], "b": {}}'), { a: ["ü", 1500, null], b: {} });
});

test("empty documents of a stream are left out", () => {
  assert.deepEqual(parseYamlDocuments("---\na: 1\n---\n# nothing\n---\nb: 2\n...\n"), [{ a: 1 }, { b: 2 }]);
  assert.equal(parseYaml(""), null);
});

test("what cannot be read is a YamlError", () => {
  const billionLaughs = ["a0: &a0 [x]"];
  for (let level = 1; level < 10; level += 1) {
    billionLaughs.push(`a${level}: &a${level} [${Array.from({ length: 10 }, () => `*a${level - 1}`).join(", ")}]`);
  }
  const texts = ["a: [", "a: 1\na: 2", "a: 1\n---\nb: 2", "a: .inf", "a: *nope", billionLaughs.join("\n")];
  for (const text of texts) assert.throws(() => parseYaml(text), YamlError, text);
  assert.throws(() => parseYaml("[".repeat(100_000)), YamlError);
});
