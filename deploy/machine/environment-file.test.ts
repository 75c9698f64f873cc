import assert from "node:assert/strict";
import { test } from "node:test";
import { environmentLine, wordsOf } from "./environment-file.ts";

test("flags are words of a variable", () => {
  assert.equal(environmentLine("FLAGS", ["--a=1", "--b=c,d"]), 'FLAGS="--a=1 --b=c,d"\n');
  assert.equal(environmentLine("FLAGS", ["--a=x y"]), String.raw`FLAGS="\"--a=x y\""` + "\n");
  assert.equal(environmentLine("FLAGS", []), 'FLAGS=""\n');
});

test("flags are read back as they were", () => {
  const words = ["--a=1", "--b=two words", '--c=say "hi"', String.raw`--d=C:\x`, "--e=$HOME`id`", "--f='", "--g="];
  assert.deepEqual(wordsOf(`OTHER="x"\n${environmentLine("FLAGS", words)}`, "FLAGS"), words);
  assert.equal(wordsOf('OTHER="x"\n', "FLAGS"), undefined);
  assert.throws(() => environmentLine("FLAGS", ["--a=1\n2"]), /several lines/);
});
