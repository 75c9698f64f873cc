import assert from "node:assert/strict";
import { test } from "node:test";
import { parseYaml } from "@kube-ts/std/yaml";
import { formatYaml } from "./yaml.ts";

// The texts on the right are what upstream's kubectl prints.
const scalars: readonly (readonly [string, string])[] = [
  ["", '""'],
  ["true", '"true"'],
  ["yes", '"yes"'],
  ["y", '"y"'],
  ["0777", '"0777"'],
  ["12:30:45", '"12:30:45"'],
  ["2020-01-01", '"2020-01-01"'],
  ["~", '"~"'],
  ["1e3", '"1e3"'],
  [".5", '".5"'],
  ["08", '"08"'],
  ["685_230.15", '"685_230.15"'],
  ["1e", "1e"],
  ["NaN", "NaN"],
  ["100m", "100m"],
  ["x:y", "x:y"],
  ["x: y", "'x: y'"],
  ["# c", "'# c'"],
  ["a#c", "a#c"],
  ["-", "'-'"],
  ["-a", "-a"],
  ["? a", "'? a'"],
  ["it's", "it's"],
  ["it's: x", "'it''s: x'"],
  ['"q"', "'\"q\"'"],
  ["@x", "'@x'"],
  ["---", "'---'"],
  [" lead", "' lead'"],
  ["tab\there", '"tab\\there"'],
  ["\u{1F600}", '"\\U0001F600"'],
  ["é ü", "é ü"],
  ["a\nb", "|-\n  a\n  b"],
  ["a\nb\n", "|\n  a\n  b"],
  ["a\n\n", "|+\n  a\n"],
  ["  a\n b\n", "|2\n    a\n   b"],
  ["a \nb", '"a \\nb"'],
];

for (const [value, text] of scalars) {
  test(`a text is quoted as upstream does: ${JSON.stringify(value)}`, () => {
    assert.equal(formatYaml({ k: value }), `k: ${text}\n`);
    assert.deepEqual(parseYaml(formatYaml({ k: value })), { k: value });
  });
}

test("long lines break at the first space after column 80", () => {
  const words = `x: ${"word ".repeat(20)}`;
  const text = formatYaml({ k: words });
  assert.equal(text.split("\n")[0]?.endsWith("word word"), true);
  assert.deepEqual(parseYaml(text), { k: words });
});

test("keys are sorted, sequences are not indented, empty collections stay on their line", () => {
  const value = { b: [{ z: 1, x: [[1, 2], []] }, "s"], a: { c: {}, d: null } };
  assert.equal(formatYaml(value), "a:\n  c: {}\n  d: null\nb:\n- x:\n  - - 1\n    - 2\n  - []\n  z: 1\n- s\n");
});
