import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { countIndexes, firstCommonIndex } from "./completed-indexes.ts";

describe("countIndexes", () => {
  it("counts", () => {
    assert.deepEqual(
      ["", "0", "1,3-5,7", "0-9"].map((text) => countIndexes(text, 10)),
      [0, 1, 5, 10],
    );
  });

  const wrong: readonly (readonly [text: string, message: string])[] = [
    ["a", 'cannot convert string to integer for index: "a"'],
    ["1,", 'cannot convert string to integer for index: ""'],
    ["10", 'too large index: "10"'],
    ["3,1", "non-increasing order, previous: 3, current: 1"],
    ["5-3", "non-increasing order, previous: 5, current: 3"],
    ["1-3,3", "non-increasing order, previous: 3, current: 3"],
    [
      "1-2-3",
      `the fragment "1-2-3" violates the requirement that an index interval can have at most two parts separated by '-'`,
    ],
  ];
  for (const [text, message] of wrong)
    it(`refuses ${text}`, () => assert.throws(() => countIndexes(text, 10), { message }));
});

describe("firstCommonIndex", () => {
  it("finds where two texts overlap", () => {
    assert.equal(firstCommonIndex("1-3,7", "5-9", 10), 7);
    assert.equal(firstCommonIndex("1-3", "x,2-4", 10), 2);
    assert.equal(firstCommonIndex("1-3", "4-9", 10), undefined);
  });
});
