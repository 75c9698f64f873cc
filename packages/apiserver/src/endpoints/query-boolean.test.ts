import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readBoolean } from "./query-boolean.ts";

const read = (query: string) => readBoolean(new URLSearchParams(query), "watch");

describe("readBoolean", () => {
  it("takes all but 0 and false for true", () => {
    for (const value of ["true", "True", "TRUE", "1", "", "t", "yes", "2", "f", "00"])
      assert.equal(read(`watch=${value}`), true, value);
    for (const value of ["false", "False", "FALSE", "0"]) assert.equal(read(`watch=${value}`), false, value);
    assert.equal(read("watch"), true);
    assert.equal(read("watch=0&watch=1"), false, "the first counts");
  });

  it("tells absence from both", () => {
    assert.equal(read("other=true"), undefined);
  });
});
