import assert from "node:assert/strict";
import { test } from "node:test";
import { envFileValue } from "./env-file.ts";

const values: [text: string, name: string, value: string | undefined][] = [
  ["A='1'\nB='2'\n", "B", "2"],
  ["   A='1'\n\tB='2'", "B", "2"],
  ["# first\n\nA='1'\n   # second\n\nB='2'\n", "B", "2"],
  ["A='1'\n", "C", undefined],
  ["A=''\nB='x'", "A", ""],
  ["A='x#y=z'  # told\n", "A", "x#y=z"],
  ["A='$HOME ${X} \"q\" \\n'\n", "A", '$HOME ${X} "q" \\n'],
  ["A='one\n\n  two'\nB='2'\n", "A", "one\n\n  two"],
  ["A='one\ntwo' \nB='2'\n", "B", "2"],
  ["", "A", undefined],
];
for (const [text, name, value] of values) {
  test(`${JSON.stringify(text)} gives ${name} ${JSON.stringify(value)}`, () => {
    assert.equal(envFileValue(text, name), value);
  });
}

const malformed: [text: string, problem: string][] = [
  ["A='1'\nNOTHING\nB='2'", "invalid environment variable format at line 2"],
  ["='1'\nB='2'", "invalid environment variable format at line 1"],
  ["A ='1'\nB='2'", "whitespace before '=' is not allowed at line 1"],
  ["A='1\n2'\n\nX=3\nB='2'", "value must be enclosed in single quotes at line 4"],
  ['A="1"\n', "value must be enclosed in single quotes at line 1"],
  ["A='1''2'\n", "unexpected content after closing quote at line 1"],
  ["A='1'#2\n", "unexpected content after closing quote at line 1"],
  ["A='1\nB='2'\n", "unexpected content after closing quote at line 1"],
  ["A='1\n", "unclosed single quote at line 1"],
];
for (const [text, problem] of malformed) {
  test(`${JSON.stringify(text)}: ${problem}`, () => {
    assert.throws(() => envFileValue(text, "B"), { name: "EnvFileError", message: problem });
  });
}
