import assert from "node:assert/strict";
import { test } from "node:test";
import { CommandError } from "../command-line/command-error.ts";
import { indentJson } from "./indent-json.ts";

test("text is indented and otherwise stays as it was written", () => {
  const cases: [string, string][] = [
    ["{}\n", "{}\n"],
    ['{ "b" : 1e2 , "a":[ ],"o":{}}', '{\n  "b": 1e2,\n  "a": [],\n  "o": {}\n}'],
    ['[1.50,{"x":null}]\n\n', '[\n  1.50,\n  {\n    "x": null\n  }\n]\n\n'],
    [String.raw`{"q":"\"{}\\","c":"\u003c<"}`, `{\n  "q": ${String.raw`"\"{}\\"`},\n  "c": "\\u003c<"\n}`],
    ["true", "true"],
  ];
  for (const [text, expected] of cases) assert.equal(indentJson(text), expected, text);
});

test("what is not JSON is refused", () => {
  assert.throws(() => indentJson(""), new CommandError("unexpected end of JSON input"));
  assert.throws(() => indentJson("{x"), CommandError);
});
