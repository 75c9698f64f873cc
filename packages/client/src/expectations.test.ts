import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "@kube-ts/std/clock";
import { Expectations } from "./expectations.ts";

test("creations are waited for by number, deletions by name", () => {
  const expectations = new Expectations(new FakeClock());
  assert.equal(expectations.satisfied("rs"), true);
  expectations.expectCreations("rs", 2);
  expectations.expectDeletions("rs", ["x", "y"]);
  expectations.creationObserved("rs");
  expectations.creationObserved("rs");
  expectations.creationObserved("rs");
  expectations.deletionObserved("rs", "x");
  expectations.deletionObserved("rs", "x");
  assert.equal(expectations.satisfied("rs"), false);
  assert.equal(expectations.satisfied("other"), true);
  expectations.deletionObserved("rs", "y");
  assert.equal(expectations.satisfied("rs"), true);
});

test("a wait ends after five minutes, and the next round does not inherit it", async () => {
  const clock = new FakeClock();
  const expectations = new Expectations(clock);
  expectations.expectCreations("rs", 3);
  await clock.advance(300_000);
  assert.equal(expectations.satisfied("rs"), false);
  await clock.advance(1);
  assert.equal(expectations.satisfied("rs"), true);
  expectations.expectCreations("rs", 1);
  assert.equal(expectations.satisfied("rs"), false);
  expectations.creationObserved("rs");
  assert.equal(expectations.satisfied("rs"), true);
});

test("expecting nothing records nothing, and a forgotten key is satisfied", () => {
  const expectations = new Expectations(new FakeClock());
  expectations.expectCreations("rs", 0);
  expectations.expectDeletions("rs", []);
  assert.equal(expectations.satisfied("rs"), true);
  expectations.expectCreations("rs", 1);
  expectations.forget("rs");
  assert.equal(expectations.satisfied("rs"), true);
});
