import assert from "node:assert/strict";
import { test } from "node:test";
import { effectiveFlags } from "./effective-flags.ts";

test("flags are read as the daemons read them", () => {
  const args = ["--a=1", "--a=2", "--list=x,y", "--list", "z", "--bare", "--empty=", "-v=2", "--last"];
  const flags = effectiveFlags(args, { a: "0", other: "default" });
  assert.equal(flags.text("a"), "2");
  assert.equal(flags.text("other"), "default");
  assert.equal(flags.isGiven("other"), false);
  assert.deepEqual(flags.list("list"), ["x", "y", "z"]);
  assert.equal(flags.text("bare"), "true");
  assert.equal(flags.text("v"), "2");
  assert.equal(flags.text("last"), "true");
  assert.equal(flags.isSet("a", "empty"), false);
  assert.deepEqual(flags.list("missing"), []);
});
