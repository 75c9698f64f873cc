import assert from "node:assert/strict";
import { test } from "node:test";
import { DetachableInput, parseDetachKeys } from "./detach-keys.ts";

/** What of the typed chunks gets through, and whether they end the session. */
async function typed(keys: string, ...chunks: string[]): Promise<{ passed: string; detached: boolean }> {
  let detached = false;
  const input = new DetachableInput(parseDetachKeys(keys), () => (detached = true));
  for (const chunk of chunks) input.write(chunk);
  input.end();
  let passed = "";
  for await (const chunk of input) passed += String(chunk);
  return { passed, detached };
}

test("keys are named by letters and by control letters", () => {
  assert.deepEqual([...parseDetachKeys("ctrl-p,ctrl-q")], [16, 17]);
  assert.deepEqual([...parseDetachKeys("a,ctrl-[")], [97, 27]);
  assert.equal(parseDetachKeys("").length, 0);
  assert.throws(() => parseDetachKeys("meta-x"), /could not bind detach keys/);
});

for (const [chunks, passed, detached] of [
  [["abc"], "abc", false],
  [["a\x10\x11b"], "a", true],
  [["a\x10", "\x11b"], "a", true],
  [["\x10\x10\x11"], "\x10", true],
  [["\x10x\x11"], "\x10x\x11", false],
  [["x\x10"], "x\x10", false],
] as const) {
  test(`typing ${JSON.stringify(chunks)} ${detached ? "detaches" : "stays"}`, async () => {
    assert.deepEqual(await typed("ctrl-p,ctrl-q", ...chunks), { passed, detached });
  });
}
