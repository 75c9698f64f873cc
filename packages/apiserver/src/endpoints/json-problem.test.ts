import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonProblem } from "./json-problem.ts";

function problemOf(text: string): string {
  try {
    JSON.parse(text);
  } catch (error) {
    return jsonProblem(error as Error, text);
  }
  return "none";
}

test("what is wrong is said without repeating what was sent", () => {
  for (const text of [
    '{"password":s3cret}',
    '{"a":"s3cret" s3cret}',
    '["s3cret",]',
    "s3cret",
    '{"s3cret":"s3c',
    "{s3cret:1}",
  ]) {
    const problem = problemOf(text);
    assert.notEqual(problem, "none");
    assert.doesNotMatch(problem, /3c/, text);
  }
  assert.equal(problemOf('{"a":x}'), "invalid character 'x' looking for beginning of value");
  assert.equal(problemOf('{"a":"x'), "unexpected end of JSON input");
  assert.equal(problemOf(""), "unexpected end of JSON input");
  assert.equal(problemOf("{"), "unexpected end of JSON input");
  assert.equal(problemOf('{"a"'), "unexpected end of JSON input");
  assert.equal(problemOf('{"a":1'), "unexpected end of JSON input");
  assert.equal(problemOf("[1"), "unexpected end of JSON input");
  assert.equal(problemOf("{a:1}"), "invalid character 'a' looking for beginning of object key string");
  assert.equal(problemOf('{"a":1,}'), "invalid character '}' looking for beginning of object key string");
  assert.equal(problemOf('{"a" 1}'), "invalid character '1' after object key");
  assert.equal(problemOf('{"a":1 "b"}'), "invalid character '\"' after object key:value pair");
  assert.equal(problemOf("[1 2]"), "invalid character '2' after array element");
  assert.equal(problemOf("{} }"), "invalid character '}' after top-level value");
});
